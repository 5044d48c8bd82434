import type { PoolClient } from 'pg'
import type { Database } from '../../platform/storage/database.ts'

/** How far windows have been closed; instants are UTC milliseconds. */
export interface Progress {
  readonly closedUntil: number
  /** Windows up to here are being closed: of the meters up to `closingAfter` they have been. */
  readonly closingUntil: number
  readonly closingAfter: number
}

/**
 * Takes the progress for this transaction: of several writers of windows the others wait, also for the one that begins. What a
 * statement after this one reads, nobody else will have missed.
 * @returns undefined where nobody has begun, and nobody will before this transaction ends
 */
export async function lockProgress(client: PoolClient): Promise<Progress | undefined> {
  const [progress] = (await client.query<Progress>(locking)).rows
  if (progress) return progress
  // There is no row to wait for: whoever begins stands here, too.
  await client.query(`select pg_advisory_xact_lock(hashtextextended('voltage_progress', 0))`)
  return (await client.query<Progress>(locking)).rows[0]
}

const locking = `
  select extract(epoch from closed_until)::float8 * 1000 as "closedUntil",
    extract(epoch from closing_until)::float8 * 1000 as "closingUntil", closing_after as "closingAfter"
  from voltage_progress for update`

/** How far windows have been closed, and whether any are to be computed again. Takes no lock. */
export async function peekProgress(
  database: Database,
): Promise<(Pick<Progress, 'closedUntil' | 'closingUntil'> & { readonly asked: boolean }) | undefined> {
  const [row] = await database.query<Progress & { asked: boolean }>(
    `select extract(epoch from closed_until)::float8 * 1000 as "closedUntil",
       extract(epoch from closing_until)::float8 * 1000 as "closingUntil", exists (select from voltage_recomputation) as asked
     from voltage_progress`,
  )
  return row
}

/**
 * Begins with the oldest instant that the log of commits knows, or with `due` where it knows none: everything from there on is
 * to be closed, but for what is older than `oldest` (both UTC milliseconds). To be called where `lockProgress` found nothing, in
 * the same transaction.
 */
export async function beginProgress(client: PoolClient, due: number, oldest: number): Promise<void> {
  await client.query(
    `insert into voltage_progress (closed_until, closing_until)
     select at, at from (
       select date_bin('10 minutes', greatest(least(to_timestamp($1::float8 / 1000), min(first_at) - interval '10 minutes'), to_timestamp($2::float8 / 1000)),
         'epoch') as at
       from batch_log) begun
     on conflict do nothing`,
    [due, oldest],
  )
}

export async function moveProgress(client: PoolClient, progress: Progress): Promise<void> {
  await client.query(
    `update voltage_progress set closed_until = to_timestamp($1::float8 / 1000),
       closing_until = to_timestamp($2::float8 / 1000), closing_after = $3`,
    [progress.closedUntil, progress.closingUntil, progress.closingAfter],
  )
}

/** Number of this transaction's changes: greater than that of every one before, for whoever holds the progress. */
export async function nextChange(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ changed: number }>(
    'update voltage_progress set changed = changed + 1 returning changed::float8 as changed',
  )
  return rows[0]!.changed
}

/** What the field has sent and what has been looked at of it. */
export interface Backlog {
  /** Oldest instant of what was stored and not yet looked at; null where there is nothing. */
  readonly oldestUntakenAt: number | null
  /** Newest instant of the commits made lately, in the middle of some: a device whose clock is ahead moves it little. */
  readonly newestStoredAt: number | null
}

export async function backlogOf(client: PoolClient, consumer: string): Promise<Backlog> {
  const { rows } = await client.query<Backlog>(
    `select
       (select extract(epoch from min(first_at))::float8 * 1000 from batch_log
        where position > coalesce((select position from consumer_cursor where log = 'batch_log' and consumer = $1), 0)) as "oldestUntakenAt",
       (select extract(epoch from percentile_disc(0.5) within group (order by last_at))::float8 * 1000
        from (select last_at from batch_log where last_at is not null order by position desc limit 20) lately) as "newestStoredAt"`,
    [consumer],
  )
  return rows[0]!
}
