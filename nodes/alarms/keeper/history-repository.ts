import type { Queries } from '../../../platform/storage/queries.ts'

/** Rows that go in one statement. */
const mostAtOnce = 5_000

/** Makes the part of the history that holds an instant (UTC milliseconds). */
export async function ensureMonth(queries: Queries, at: number): Promise<void> {
  await queries.query(`select ensure_partition('alarm_transition', to_timestamp($1::float8 / 1000))`, [at])
}

/** Drops months of transitions, or of actions, that ended before an instant, as seen at `now` (UTC milliseconds). @returns how many */
export async function dropMonths(
  queries: Queries,
  table: 'alarm_transition' | 'alarm_action',
  before: number,
  now: number,
): Promise<number> {
  const dropped = await queries.query(
    'select drop_partitions_before($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000))',
    [table, before, now],
  )
  return dropped.length
}

/** Strikes occurrences off from before an instant (UTC milliseconds), but none that stands. @returns how many */
export async function strikeOccurrences(queries: Queries, before: number): Promise<number> {
  const struck = await queries.query(
    `delete from alarm_occurrence where (alarm_id, occurrence) in (
       select o.alarm_id, o.occurrence from alarm_occurrence o join alarm a using (alarm_id)
       where o.at < to_timestamp($1::float8 / 1000) and (a.state = 'A' or o.occurrence < a.occurrence)
       order by o.at limit $2
     ) returning 1`,
    [before, mostAtOnce],
  )
  return struck.length
}

/** Strikes alarms off that have been normal since before an instant (UTC milliseconds) and of which nothing is left. @returns how many */
export async function strikeAlarms(queries: Queries, before: number): Promise<number> {
  const struck = await queries.query(
    `delete from alarm where alarm_id in (
       select alarm_id from alarm a
       where state = 'A' and not said_active and due_at is null and said_at < to_timestamp($1::float8 / 1000)
         and coalesce(changed_at, said_at) < to_timestamp($1::float8 / 1000)
         and not exists (select from alarm_occurrence o where o.alarm_id = a.alarm_id)
         and not exists (select from alarm member where member.root_alarm_id = a.alarm_id)
       order by alarm_id limit $2 for update skip locked
     ) returning 1`,
    [before, mostAtOnce],
  )
  return struck.length
}

/** Strikes transactions off the log that were made before `taken` and that every consumer has taken, and all before `expired` (UTC milliseconds). */
export async function strikeChanges(queries: Queries, taken: number, expired: number): Promise<void> {
  await queries.query(
    `delete from alarm_change
     where committed_at < to_timestamp($2::float8 / 1000)
       or committed_at < to_timestamp($1::float8 / 1000)
         and changed <= coalesce((select min(position) from consumer_cursor where log = 'alarms'), changed)`,
    [taken, expired],
  )
}
