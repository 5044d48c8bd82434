import type { PoolClient } from 'pg'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { AlarmTransition } from '../messages.ts'

/** A transaction that changed alarms: the next one has a greater position. */
export interface WrittenChange {
  readonly position: number
  readonly transitions: number
}

/** Takes the progress for this transaction, and with it the number of its changes: of several writers the others wait. */
export async function nextChange(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ changed: number }>(
    'update alarm_progress set changed = changed + 1 returning changed::float8 as changed',
  )
  return rows[0]!.changed
}

/** Appends the transaction to the log. @param at  UTC milliseconds */
export async function logChange(client: PoolClient, changed: number, transitions: number, at: number): Promise<void> {
  await client.query(
    'insert into alarm_change (changed, transitions, committed_at) values ($1, $2, to_timestamp($3::float8 / 1000))',
    [changed, transitions, at],
  )
}

/** Has a consumer that has taken nothing yet begin behind the last transaction. */
export async function beginAtEnd(client: PoolClient, consumer: string): Promise<void> {
  await client.query(
    `update consumer_cursor set position = (select changed from alarm_progress)
     where log = 'alarms' and consumer = $1 and position = 0`,
    [consumer],
  )
}

/** Transactions after a position, oldest first: as many as make up `most` transitions, at least one where there is one. */
export async function changesAfter(client: PoolClient, position: number, most: number): Promise<WrittenChange[]> {
  const { rows } = await client.query<WrittenChange>(
    `select changed::float8 as position, transitions
     from (select *, sum(transitions + 1) over (order by changed) - transitions - 1 as before
           from (select * from alarm_change where changed > $1 order by changed limit 5000) next) summed
     where before < $2 order by changed`,
    [position, most],
  )
  return rows
}

/** How many transactions stand after a position, how many transitions they wrote, and when the first of them was committed. */
export async function countChangesAfter(
  queries: Queries,
  position: number,
): Promise<{ changes: number; transitions: number; oldestAt: number | null }> {
  const [row] = await queries.query<{ changes: number; transitions: number; oldestAt: number | null }>(
    `select count(*)::integer as changes, coalesce(sum(transitions), 0)::float8 as transitions,
       ${milliseconds('min(committed_at)')} as "oldestAt"
     from alarm_change where changed > $1`,
    [position],
  )
  return row!
}

/** A place in the log: of a transition within its transaction. */
export interface LogPlace {
  readonly changed: number
  readonly ordinal: number
}

/**
 * Transitions after one place in the log up to a transaction, in their order, `most` at once. What the condition said with it is of
 * the occurrence; the value of one that returned is the newest.
 */
export const transitionsAfter = (
  queries: Queries,
  after: LogPlace,
  upTo: number,
  most: number,
): Promise<AlarmTransition[]> =>
  queries.query<AlarmTransition>(
    `select t.alarm_id::float8 as "alarmId", a.key, a.area, a.kind, a.subject, a.feeder_id as "feederId",
       a.unit_id as "unitId", a.device_id as "deviceId", t.occurrence, t.kind as transition, t.from_state as "from",
       t.to_state as "to", t.priority, ${milliseconds('t.at')} as at,
       t.root_alarm_id::float8 as "rootAlarmId", t.username, t.reason, coalesce(o.text, a.text) as text,
       case when t.kind in ('returned', 'latched') then a.value else coalesce(o.value, a.value) end as value, coalesce(o.limit_value, a.limit_value) as "limit", a.value_unit as unit,
       t.changed::float8 as changed, t.ordinal
     from alarm_transition t
     join alarm a using (alarm_id)
     left join alarm_occurrence o on o.alarm_id = t.alarm_id and o.occurrence = t.occurrence
     where t.changed between $1 and $3 and (t.changed, t.ordinal) > ($1, $2)
       -- Nothing else: which months to look into.
       and t.recorded_at >= (select min(committed_at) from alarm_change where changed between $1 and $3)
       and t.recorded_at <= (select max(committed_at) from alarm_change where changed between $1 and $3)
     order by t.changed, t.ordinal limit $4`,
    [after.changed, after.ordinal, upTo, most],
  )
