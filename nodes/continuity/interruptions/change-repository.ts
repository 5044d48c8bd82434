import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { InterruptionMessage } from '../messages.ts'

/** A transaction that wrote interruptions: the next one has a greater position. */
export interface WrittenChange {
  readonly position: number
  readonly interruptions: number
  readonly units: number
}

/** Time of a unit that a transaction may have changed: UTC milliseconds; `until` null: from then on. */
export interface ChangedTime {
  readonly unitId: string
  readonly from: number
  readonly until: number | null
}

/**
 * Takes the progress for this transaction, and with it the number of its changes: of several writers the others wait. First of
 * all that a writer does.
 */
export async function nextChange(client: Pick<PoolClient, 'query'>): Promise<number> {
  const { rows } = await client.query<{ changed: number }>(
    'update continuity_progress set changed = changed + 1 returning changed::float8 as changed',
  )
  return rows[0]!.changed
}

/** Appends the transaction to the log, if it wrote anything under its number: the last that a writer does. @param at  UTC milliseconds */
export async function logChange(client: Pick<PoolClient, 'query'>, changed: number, at: number): Promise<void> {
  await client.query(
    `insert into continuity_change (changed, interruptions, units, committed_at)
     select $1, interruptions, units + withdrawn, to_timestamp($2::float8 / 1000)
     from (select count(*)::integer as interruptions from interruption where changed = $1) i,
       (select count(*)::integer as units from unit_interruption where changed = $1) u,
       (select count(*)::integer as withdrawn from unit_interruption_withdrawn where changed = $1) w
     where interruptions + units + withdrawn > 0`,
    [changed, at],
  )
}

/**
 * Whether a transaction has taken of what was over: of a unit's time without supply that had an end, or the beginning of one that
 * lasts. That what lasts has ended meanwhile, however long ago, takes nothing.
 * @param toleranceMs  clocks differ by so much: what is shorter was not taken
 */
export async function tookOfTheEnded(
  client: Pick<PoolClient, 'query'>,
  changed: number,
  toleranceMs: number,
): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    `select exists (
       select from (
         select unit_id, started_at + clocks as since, ended_at - clocks as until
         from unit_interruption_withdrawn, (select $2::float8 * interval '1 millisecond' as clocks) tolerance
         where changed = $1
       ) w
       cross join lateral (
         select coalesce(range_agg(tstzrange(u.started_at, u.ended_at, '[]')), '{}') as pieces
         from unit_interruption u
         where u.unit_id = w.unit_id and u.started_at <= coalesce(w.until, w.since)
           and (u.ended_at is null or u.ended_at >= w.since)
       ) left_over
       where (w.until is null or w.since <= w.until) and not pieces @> tstzrange(w.since, coalesce(w.until, w.since), '[]')
     ) as taken`,
    [changed, toleranceMs],
  )
  return rows[0]!.taken
}

/**
 * Has consumers look at interruptions again of which something else was decided, as an exclusion: in the transaction that
 * decides it. @param at  UTC milliseconds
 */
export async function touchInterruptions(
  client: Pick<PoolClient, 'query'>,
  interruptionIds: readonly number[],
  at: number,
): Promise<void> {
  const changed = await nextChange(client)
  await client.query('update interruption set changed = $1 where interruption_id = any ($2)', [
    changed,
    interruptionIds,
  ])
  await logChange(client, changed, at)
}

/** Transactions after a position, oldest first: as many as make up `most` units' times, at least one where there is one. */
export async function changesAfter(
  client: Pick<PoolClient, 'query'>,
  position: number,
  most: number,
): Promise<WrittenChange[]> {
  const { rows } = await client.query<WrittenChange>(
    `select changed::float8 as position, interruptions, units
     from (select *, sum(units + 1) over (order by changed) - units - 1 as before
           from (select * from continuity_change where changed > $1 order by changed limit 5000) next) summed
     where before < $2 order by changed`,
    [position, most],
  )
  return rows
}

/** How many transactions stand after a position, how many units' times they wrote, and when the first of them was committed. */
export async function countChangesAfter(
  queries: Queries,
  position: number,
): Promise<{ changes: number; units: number; oldestAt: number | null }> {
  const [row] = await queries.query<{ changes: number; units: number; oldestAt: number | null }>(
    `select count(*)::integer as changes, coalesce(sum(units), 0)::float8 as units,
       extract(epoch from min(committed_at))::float8 * 1000 as "oldestAt"
     from continuity_change where changed > $1`,
    [position],
  )
  return row!
}

/** Position of the last transaction that wrote interruptions or registers; 0 where there is none. */
export async function lastChange(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ position: number }>('select changed::float8 as position from continuity_progress')
  return row!.position
}

/**
 * Strikes transactions off the log that were made before an instant (UTC milliseconds) and that every consumer has taken, with what
 * they withdrew.
 * @param consumer  one that cannot do without them: as long as it has not begun to follow, nothing goes
 */
export async function strikeChanges(queries: Queries, before: number, consumer: string): Promise<void> {
  await queries.query(
    `with struck as (
       delete from continuity_change
       where committed_at < to_timestamp($1::float8 / 1000)
         and changed <= (select min(position) from consumer_cursor where log = 'continuity' having bool_or(consumer = $2))
       returning changed
     )
     delete from unit_interruption_withdrawn where changed <= (select max(changed) from struck)`,
    [before, consumer],
  )
}

/**
 * What of which units' times may differ by the transactions after one position up to another: times that were written, those
 * that were withdrawn, and those of interruptions of which something else was decided. One row a unit.
 */
export const changedTimes = (queries: Queries, after: number, upTo: number): Promise<ChangedTime[]> =>
  queries.query<ChangedTime>(
    `select unit_id as "unitId", extract(epoch from min(started_at))::float8 * 1000 as "from",
       case when bool_or(ended_at is null) then null else extract(epoch from max(ended_at))::float8 * 1000 end as until
     from (
       select unit_id, started_at, ended_at from unit_interruption where changed > $1 and changed <= $2
       union all
       select unit_id, started_at, ended_at from unit_interruption_withdrawn where changed > $1 and changed <= $2
       union all
       select u.unit_id, u.started_at, u.ended_at
       from interruption i join unit_interruption u using (interruption_id)
       where i.changed > $1 and i.changed <= $2
     ) touched
     group by unit_id order by unit_id`,
    [after, upTo],
  )

/** Interruptions that transactions after one position up to another wrote, as they are now: in the order of commits. */
export const interruptionsChanged = (queries: Queries, after: number, upTo: number): Promise<InterruptionMessage[]> =>
  queries.query<InterruptionMessage>(
    `select interruption_id::float8 as "interruptionId", event_id::float8 as "eventId", element_kind as "elementKind",
       element_id as "elementId", feeder_id as "feederId", extract(epoch from started_at)::float8 * 1000 as "startedAt",
       extract(epoch from ended_at)::float8 * 1000 as "endedAt", units, cause, programmed, origin, void
     from interruption where changed > $1 and changed <= $2 order by changed, interruption_id`,
    [after, upTo],
  )

/** Interruptions that last, and units in them. */
export async function countOpen(queries: Queries): Promise<{ open: number; units: number }> {
  const [row] = await queries.query<{ open: number; units: number }>(
    `select count(*)::integer as open, coalesce(sum(units), 0)::integer as units
     from interruption where ended_at is null and not void`,
  )
  return row!
}
