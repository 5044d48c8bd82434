import type { PoolClient } from 'pg'
import { stateOf } from '../domain/alarm.ts'
import type { BegunOccurrence, EndedOccurrence, KeptAlarm, RecordedTransition } from './kept-alarm.ts'
import { expressionsOf, namesOf, rowsOf, valuesOf, type WrittenColumns } from './written-columns.ts'

/** What an alarm is told apart by: never written again. */
const keyColumns: WrittenColumns<KeptAlarm> = {
  alarm_id: ['bigint', ({ alarmId }) => alarmId],
  key: ['text', ({ key }) => key],
  area: ['text', ({ area }) => area],
  kind: ['text', ({ kind }) => kind],
  subject: ['text', ({ subject }) => subject],
}

const stateColumns: WrittenColumns<KeptAlarm> = {
  feeder_id: ['text', ({ feederId }) => feederId],
  unit_id: ['text', ({ unitId }) => unitId],
  device_id: ['text', ({ deviceId }) => deviceId],
  said_active: ['boolean', ({ alarm }) => alarm.said?.active],
  said_at: ['instant', ({ alarm }) => alarm.said?.at],
  said_priority: ['alarm_priority', ({ alarm }) => alarm.said?.priority],
  active: ['boolean', ({ alarm }) => alarm.active],
  acknowledged: ['boolean', ({ alarm }) => alarm.acknowledged],
  latched: ['boolean', ({ alarm }) => alarm.latched],
  shelved_since: ['instant', ({ alarm }) => alarm.shelvedSince],
  shelved_until: ['instant', ({ alarm }) => alarm.shelvedUntil],
  suppressed_by: ['text', ({ alarm }) => alarm.suppressedBy],
  root_alarm_id: ['bigint', ({ alarm }) => alarm.rootAlarmId],
  out_of_service: ['boolean', ({ alarm }) => alarm.outOfService],
  priority: ['alarm_priority', ({ alarm }) => alarm.priority],
  occurrence: ['integer', ({ alarm }) => alarm.occurrence],
  active_since: ['instant', ({ alarm }) => alarm.activeSince],
  annunciated_at: ['instant', ({ alarm }) => alarm.annunciatedAt],
  acknowledged_at: ['instant', ({ alarm }) => alarm.acknowledgedAt],
  escalated: ['smallint', ({ alarm }) => alarm.escalated],
  changed_at: ['instant', ({ alarm }) => alarm.changedAt],
  state: ['"char"', ({ alarm }) => stateOf(alarm)],
  value: ['float8', ({ value }) => value],
  limit_value: ['float8', ({ limit }) => limit],
  value_unit: ['text', ({ unit }) => unit],
  text: ['jsonb', ({ text }) => text],
  evidence: ['jsonb', ({ evidence }) => evidence],
  due_at: ['instant', ({ dueAt }) => dueAt],
  escalated_to: ['words', ({ escalatedTo }) => escalatedTo],
}

/** Writes alarms that are there as they stand now. @param changed  number of the transaction in the log */
export async function writeAlarms(client: PoolClient, alarms: readonly KeptAlarm[], changed: number): Promise<void> {
  if (alarms.length === 0) return
  const columns = { alarm_id: keyColumns['alarm_id']!, ...stateColumns }
  await client.query(
    `update alarm set (${namesOf(stateColumns)}, changed) = row (${expressionsOf(stateColumns).join(', ')}, $1)
     from ${rowsOf(columns, 2)} where alarm.alarm_id = w.alarm_id`,
    [changed, ...valuesOf(columns, alarms)],
  )
}

/** Writes alarms that were not there before: once, as they stand now. @param changed  number of the transaction in the log */
export async function insertAlarms(client: PoolClient, alarms: readonly KeptAlarm[], changed: number): Promise<void> {
  if (alarms.length === 0) return
  const columns = { ...keyColumns, ...stateColumns }
  await client.query(
    `insert into alarm (${namesOf(columns)}, changed) overriding system value
     select ${expressionsOf(columns).join(', ')}, $1 from ${rowsOf(columns, 2)}`,
    [changed, ...valuesOf(columns, alarms)],
  )
}

const occurrenceColumns: WrittenColumns<BegunOccurrence> = {
  alarm_id: ['bigint', ({ alarmId }) => alarmId],
  occurrence: ['integer', ({ occurrence }) => occurrence],
  why: ['text', ({ why }) => why],
  began_at: ['instant', ({ beganAt }) => beganAt],
  at: ['instant', ({ at }) => at],
  annunciated: ['boolean', ({ annunciated }) => annunciated],
  priority: ['alarm_priority', ({ priority }) => priority],
  root_alarm_id: ['bigint', ({ rootAlarmId }) => rootAlarmId],
  value: ['float8', ({ value }) => value],
  limit_value: ['float8', ({ limit }) => limit],
  text: ['jsonb', ({ text }) => text],
}

export async function writeBegun(client: PoolClient, begun: readonly BegunOccurrence[]): Promise<void> {
  if (begun.length === 0) return
  await client.query(
    `insert into alarm_occurrence (${namesOf(occurrenceColumns)})
     select ${expressionsOf(occurrenceColumns).join(', ')} from ${rowsOf(occurrenceColumns, 1)}`,
    valuesOf(occurrenceColumns, begun),
  )
}

/** That conditions returned to normal: with the last occurrence all before it are over. */
export async function writeReturned(client: PoolClient, returned: readonly EndedOccurrence[]): Promise<void> {
  if (returned.length === 0) return
  await client.query(
    `update alarm_occurrence o set returned_at = ended.at
     from (
       select o.alarm_id, o.occurrence, to_timestamp(min(w.at) / 1000) as at
       from json_to_recordset($1::json) as w ("alarmId" bigint, occurrence integer, at float8)
       join alarm_occurrence o on o.alarm_id = "alarmId" and o.occurrence <= w.occurrence and o.returned_at is null
       group by o.alarm_id, o.occurrence
     ) ended
     where o.alarm_id = ended.alarm_id and o.occurrence = ended.occurrence`,
    [JSON.stringify(returned)],
  )
}

export async function writeAcknowledged(client: PoolClient, acknowledged: readonly EndedOccurrence[]): Promise<void> {
  if (acknowledged.length === 0) return
  await client.query(
    `update alarm_occurrence o set acknowledged_at = to_timestamp(w.at / 1000), acknowledged_by = w.username
     from json_to_recordset($1::json) as w ("alarmId" bigint, occurrence integer, at float8, username text)
     where o.alarm_id = "alarmId" and o.occurrence = w.occurrence`,
    [JSON.stringify(acknowledged)],
  )
}

const transitionColumns: WrittenColumns<RecordedTransition> = {
  alarm_id: ['bigint', ({ alarmId }) => alarmId],
  occurrence: ['integer', ({ occurrence }) => occurrence],
  at: ['instant', ({ at }) => at],
  kind: ['text', ({ kind }) => kind],
  from_state: ['"char"', ({ from }) => from],
  to_state: ['"char"', ({ to }) => to],
  priority: ['alarm_priority', ({ priority }) => priority],
  root_alarm_id: ['bigint', ({ rootAlarmId }) => rootAlarmId],
  username: ['text', ({ username }) => username],
  reason: ['text', ({ reason }) => reason],
}

/** Appends to the history, in their order. @param recordedAt  UTC milliseconds */
export async function writeTransitions(
  client: PoolClient,
  transitions: readonly RecordedTransition[],
  changed: number,
  recordedAt: number,
): Promise<void> {
  if (transitions.length === 0) return
  // Where nobody has made the month yet. Whoever writes holds the progress: no two wait for each other here.
  await client.query(`select ensure_partition('alarm_transition', to_timestamp($1::float8 / 1000))`, [recordedAt])
  await client.query(
    `insert into alarm_transition (changed, recorded_at, ordinal, ${namesOf(transitionColumns)})
     select $1, to_timestamp($2::float8 / 1000), place - 1, ${expressionsOf(transitionColumns).join(', ')}
     from ${rowsOf(transitionColumns, 3, 'place')}`,
    [changed, recordedAt, ...valuesOf(transitionColumns, transitions)],
  )
}
