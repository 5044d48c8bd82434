import type { PoolClient } from 'pg'
import { platformClock } from '../clock/clock.ts'
import type { Database } from './database.ts'

/** A commit as consumers see it. Instants are UTC milliseconds. */
export interface LoggedBatch {
  position: number
  batchId: number
  readings: number
  events: number
  firstAt: number | null
  lastAt: number | null
}

export async function nextBatchId(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ id: number }>(`select nextval('batch_number')::float8 as id`)
  return rows[0]!.id
}

/** Appends a commit to the log. Last statement of its transaction: from here on other writers wait for the commit. */
export async function appendBatch(
  client: PoolClient,
  batch: {
    batchId: number
    readings: number
    events: number
    firstAt: number | null
    lastAt: number | null
    committedAt: number
  },
): Promise<number> {
  const { rows } = await client.query<{ position: number }>(
    `select append_batch($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000),
       to_timestamp($6::float8 / 1000))::float8 as position`,
    [batch.batchId, batch.readings, batch.events, batch.firstAt, batch.lastAt, batch.committedAt],
  )
  return rows[0]!.position
}

/** Enters a consumer that has taken nothing yet: from here on the log keeps for it what it has not taken. */
export async function enterConsumer(database: Database, consumer: string): Promise<void> {
  await database.query(entering, [consumer, platformClock.now()])
}

const entering = `
  insert into consumer_cursor (consumer, updated_at) values ($1, to_timestamp($2::float8 / 1000)) on conflict do nothing`

/**
 * Takes the consumer's cursor for this transaction; a second instance of the same consumer waits here.
 * @returns the position up to which the consumer has come
 */
export async function lockCursor(client: PoolClient, consumer: string): Promise<number> {
  await client.query(entering, [consumer, platformClock.now()])
  const { rows } = await client.query<{ position: number }>(
    'select position::float8 as position from consumer_cursor where consumer = $1 for update',
    [consumer],
  )
  return rows[0]!.position
}

/** Moves the cursor, in the same transaction as what the consumer made of the batches. */
export async function moveCursor(client: PoolClient, consumer: string, position: number): Promise<void> {
  await client.query(
    'update consumer_cursor set position = $2, updated_at = to_timestamp($3::float8 / 1000) where consumer = $1',
    [consumer, position, platformClock.now()],
  )
}

/** The commits after `position`, oldest first: as many as make up `maxItems` readings and events, at least one where there is one. */
export async function batchesAfter(client: PoolClient, position: number, maxItems: number): Promise<LoggedBatch[]> {
  const { rows } = await client.query<LoggedBatch>(
    `select position::float8 as position, batch_id::float8 as "batchId", readings, events,
            extract(epoch from first_at)::float8 * 1000 as "firstAt", extract(epoch from last_at)::float8 * 1000 as "lastAt"
     from (select *, sum(readings + events) over (order by position) - readings - events as before
           from (select * from batch_log where position > $1 order by position limit 5000) next) summed
     where before < $2
     order by position`,
    [position, maxItems],
  )
  return rows
}

/** What a consumer has not taken yet. */
export interface Lag {
  batches: number
  readings: number
  /** When the oldest of it was committed, UTC milliseconds; null where nothing is left. */
  oldestAt: number | null
}

/** Counts every commit after `position`: exact, at a cost that grows with what is left. */
export async function lagAfter(database: Database, position: number): Promise<Lag> {
  const [row] = await database.query<Lag>(
    `select count(*)::float8 as batches, coalesce(sum(readings), 0)::float8 as readings,
            extract(epoch from min(committed_at))::float8 * 1000 as "oldestAt"
     from batch_log where position > $1`,
    [position],
  )
  return row!
}

/** Up to which position the consumer has come; 0 where it has not begun. Takes no lock. */
export async function cursorOf(database: Database, consumer: string): Promise<number> {
  const [row] = await database.query<{ position: number }>(
    'select coalesce((select position from consumer_cursor where consumer = $1), 0)::float8 as position',
    [consumer],
  )
  return row!.position
}

/** How many commits a consumer has not taken yet. */
export async function batchesBehind(database: Database, consumer: string): Promise<number> {
  const { batches } = await lagAfter(database, await cursorOf(database, consumer))
  return batches
}
