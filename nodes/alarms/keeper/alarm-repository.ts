import type { PoolClient } from 'pg'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Alarm } from '../domain/alarm.ts'
import type { KeptAlarm } from './kept-alarm.ts'

/** Which of these keys have an alarm already. */
export async function knownKeys(client: PoolClient, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  // One after the other by the index: of a table that grew by a storm the planner has not heard yet, and it would read it all.
  const { rows } = await client.query<{ key: string }>(
    `select key from unnest($1::text[]) as said(key)
     cross join lateral (select from alarm where alarm.key = said.key limit 1) known`,
    [keys],
  )
  return new Set(rows.map(({ key }) => key))
}

/** Until the end of the transaction nobody else makes an alarm. Comes before any row of one is locked. */
export async function lockMaking(client: PoolClient): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('alarm', 0))`)
}

/** Ids for so many new alarms, ascending. */
export async function newIds(client: PoolClient, count: number): Promise<number[]> {
  const { rows } = await client.query<{ alarmId: number }>(
    `select nextval('alarm_alarm_id_seq')::float8 as "alarmId" from generate_series(1, $1)`,
    [count],
  )
  return rows.map(({ alarmId }) => alarmId)
}

/** Alarms by their id and by their condition's key, in the order of their ids; locked for this transaction. */
export async function lockAlarms(
  client: PoolClient,
  ids: readonly number[],
  keys: readonly string[],
): Promise<KeptAlarm[]> {
  if (ids.length === 0 && keys.length === 0) return []
  // Not `for update`: what refers to an alarm, as another one under its root cause, does not wait.
  const { rows } = await client.query<AlarmRow>(
    `select ${columns} from alarm
     where alarm_id = any ($1::bigint[] || array(
       select known.alarm_id from unnest($2::text[]) as said(key)
       cross join lateral (select alarm_id from alarm where alarm.key = said.key limit 1) known
     ))
     order by alarm_id for no key update`,
    [ids, keys],
  )
  return rows.map(keptAlarm)
}

/** Alarms of which time alone changes something by an instant (UTC milliseconds), the longest due first. */
export async function dueAlarms(queries: Queries, at: number, most: number): Promise<number[]> {
  const rows = await queries.query<{ alarmId: number }>(
    `select alarm_id::float8 as "alarmId" from alarm
     where due_at <= to_timestamp($1::float8 / 1000) order by due_at limit $2`,
    [at, most],
  )
  return rows.map(({ alarmId }) => alarmId)
}

/** Alarms for which the master alarm table says how they go on, after one and in the order of their ids. */
export async function livingAlarms(queries: Queries, after: number, most: number): Promise<number[]> {
  const rows = await queries.query<{ alarmId: number }>(
    `select alarm_id::float8 as "alarmId" from alarm
     where (state <> 'A' or said_active or due_at is not null) and alarm_id > $1 order by alarm_id limit $2`,
    [after, most],
  )
  return rows.map(({ alarmId }) => alarmId)
}

/** Alarms that stand in the open, and those of them that nobody has acknowledged. */
export async function countStanding(queries: Queries): Promise<{ standing: number; unacknowledged: number }> {
  const [row] = await queries.query<{ standing: number; unacknowledged: number }>(
    `select count(*) filter (where state in ('B', 'C', 'D', 'E', 'F'))::integer as standing,
       count(*) filter (where state in ('B', 'D', 'E'))::integer as unacknowledged
     from alarm where state <> 'A'`,
  )
  return row!
}

interface AlarmRow extends Omit<Alarm, 'said'>, Omit<KeptAlarm, 'alarm'> {
  readonly saidActive: boolean
  readonly saidAt: number
  readonly saidPriority: Alarm['priority']
}

const columns = `alarm_id::float8 as "alarmId", key, area, kind, subject, feeder_id as "feederId", unit_id as "unitId",
  device_id as "deviceId", said_active as "saidActive", ${milliseconds('said_at')} as "saidAt",
  said_priority as "saidPriority", active, acknowledged, latched, ${milliseconds('shelved_since')} as "shelvedSince", ${milliseconds('shelved_until')} as "shelvedUntil",
  suppressed_by as "suppressedBy", root_alarm_id::float8 as "rootAlarmId", out_of_service as "outOfService", priority,
  occurrence, ${milliseconds('active_since')} as "activeSince", ${milliseconds('annunciated_at')} as "annunciatedAt", ${milliseconds('acknowledged_at')} as "acknowledgedAt",
  escalated, ${milliseconds('changed_at')} as "changedAt", value, limit_value as "limit", value_unit as unit, text,
  evidence, ${milliseconds('due_at')} as "dueAt", escalated_to as "escalatedTo"`

function keptAlarm(row: AlarmRow): KeptAlarm {
  const { alarmId, key, area, kind, subject, feederId, unitId, deviceId } = row
  const { value, limit, unit, text, evidence, dueAt, escalatedTo } = row
  const { active, acknowledged, latched, shelvedSince, shelvedUntil, suppressedBy, rootAlarmId, outOfService } = row
  const { priority, occurrence, activeSince, annunciatedAt, acknowledgedAt, escalated, changedAt } = row
  const said = { active: row.saidActive, at: row.saidAt, priority: row.saidPriority }
  return {
    ...{ alarmId, key, area, kind, subject, feederId, unitId, deviceId, value, limit, unit, text, evidence, dueAt },
    escalatedTo,
    alarm: {
      ...{ said, active, acknowledged, latched, shelvedSince, shelvedUntil, suppressedBy, rootAlarmId, outOfService },
      ...{ priority, occurrence, activeSince, annunciatedAt, acknowledgedAt, escalated, changedAt },
    },
  }
}
