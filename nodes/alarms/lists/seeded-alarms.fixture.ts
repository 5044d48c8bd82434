import type { Queries } from '../../../platform/storage/queries.ts'

/** An alarm as a test has it: a device that is silent, unacknowledged, unless told otherwise. Instants are UTC milliseconds. */
export interface SeededAlarm {
  readonly kind?: string
  readonly area?: string
  readonly subject: string
  readonly feederId?: string
  readonly unitId?: string
  readonly deviceId?: string
  readonly state?: 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I'
  readonly priority?: 'low' | 'medium' | 'high' | 'critical'
  readonly at: number
  readonly activeSince?: number | null
  readonly rootAlarmId?: number
  readonly shelvedUntil?: number
  readonly suppressedBy?: string
  readonly occurrence?: number
  readonly changed?: number
  readonly escalatedTo?: readonly string[]
}

/** Writes alarms as the keeper leaves them. @returns their ids, in their order */
export async function seedAlarms(queries: Queries, alarms: readonly SeededAlarm[]): Promise<number[]> {
  const ids: number[] = []
  for (const alarm of alarms) {
    const { area = 'telemetry', kind = 'device-silent', subject, state = 'B', priority = 'medium', at } = alarm
    const active = alarm.activeSince !== null && !'ADEF'.includes(state)
    const [row] = await queries.query<{ alarmId: number }>(
      `insert into alarm (key, area, kind, subject, feeder_id, unit_id, device_id, said_active, said_at, said_priority, active,
         acknowledged, latched, shelved_until, suppressed_by, root_alarm_id, out_of_service, priority, occurrence, active_since,
         annunciated_at, escalated, changed_at, state, value, limit_value, value_unit, text, changed, escalated_to)
       values ($1 || '/' || $2 || '/' || $3, $1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), $9, $7, $10, $11,
         to_timestamp($12::float8 / 1000), $13, $14, $15, $9, $16, to_timestamp($17::float8 / 1000), to_timestamp($8::float8 / 1000),
         0, to_timestamp($8::float8 / 1000), $18, 900, 600, 's',
         jsonb_build_object('message', 'test.silent', 'parameters', jsonb_build_object('device', $3::text)), $19, $20)
       returning alarm_id::float8 as "alarmId"`,
      [
        ...[area, kind, subject, alarm.feederId ?? null, alarm.unitId ?? null, alarm.deviceId ?? null, active, at],
        ...[priority, 'ACF'.includes(state), 'EF'.includes(state), alarm.shelvedUntil ?? null],
        ...[alarm.suppressedBy ?? null, alarm.rootAlarmId ?? null, state === 'I', alarm.occurrence ?? 1],
        ...[active ? (alarm.activeSince ?? at) : null, state, alarm.changed ?? 1, alarm.escalatedTo ?? []],
      ],
    )
    ids.push(row!.alarmId)
  }
  return ids
}

/** An occurrence as a test has it: told to operators when it was activated, and over as it says. */
export interface SeededOccurrence {
  readonly alarmId: number
  readonly occurrence?: number
  readonly at: number
  readonly why?: string
  readonly beganAt?: number
  readonly annunciated?: boolean
  readonly priority?: 'low' | 'medium' | 'high' | 'critical'
  readonly rootAlarmId?: number
  readonly returnedAt?: number
  readonly acknowledgedAt?: number
  readonly acknowledgedBy?: string
}

/** Writes occurrences as the keeper leaves them. */
export async function seedOccurrences(queries: Queries, occurrences: readonly SeededOccurrence[]): Promise<void> {
  for (const one of occurrences)
    await queries.query(
      `insert into alarm_occurrence (alarm_id, occurrence, why, began_at, at, annunciated, priority, root_alarm_id, value, limit_value,
         text, returned_at, acknowledged_at, acknowledged_by)
       values ($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000), $6, $7, $8, 900, 600,
         '{"message": "test.silent", "parameters": {}}', to_timestamp($9::float8 / 1000), to_timestamp($10::float8 / 1000), $11)`,
      [
        ...[one.alarmId, one.occurrence ?? 1, one.why ?? 'activated', one.beganAt ?? one.at, one.at],
        ...[one.annunciated ?? true, one.priority ?? 'medium', one.rootAlarmId ?? null, one.returnedAt ?? null],
        ...[one.acknowledgedAt ?? null, one.acknowledgedBy ?? null],
      ],
    )
}

const feeders = 40

/**
 * Writes so many alarms that stand, as after a bad night: every state, priority and area, a tenth of them explained by ten roots.
 * And twice as many that are normal, which nobody lists.
 * @param at  of the newest, UTC milliseconds; each one before it a second earlier
 */
export async function seedManyAlarms(queries: Queries, count: number, at: number): Promise<void> {
  await queries.query(
    `insert into feeder (feeder_id, parent_feeder_id)
     select 'feeder-' || lpad(n::text, 2, '0'), case when n > 4 then 'feeder-' || lpad((n % 4 + 1)::text, 2, '0') end
     from generate_series(1, $1::integer) n on conflict do nothing`,
    [feeders],
  )
  await queries.query(
    `insert into alarm (key, area, kind, subject, feeder_id, unit_id, device_id, said_active, said_at, said_priority, active,
       acknowledged, latched, shelved_until, suppressed_by, root_alarm_id, out_of_service, priority, occurrence, active_since,
       annunciated_at, escalated, changed_at, state, value, limit_value, value_unit, text, changed)
     select area || '/' || kind || '/meter-' || n, area, kind, 'meter-' || n, 'feeder-' || lpad((n % $3::integer + 1)::text, 2, '0'),
       'unit-' || n, 'meter-' || n, active, moment, priority, active, state in ('A', 'C', 'F'), state in ('E', 'F'),
       case when state = 'G' then moment + interval '8 hours' end, null,
       case when state = 'H' then (n / 10) % 10 + 1 end, state = 'I', priority, 1, case when active then moment end, moment, 0, moment, state,
       900, 600, 's', jsonb_build_object('message', 'test.silent', 'parameters', jsonb_build_object('device', 'meter-' || n)), n
     from generate_series(1, 3 * $1::integer) n
     cross join lateral (select
       case when n > $1 then 'A' when n <= 10 then 'B' when n % 10 = 9 then 'H' else substr('BBBCCDEFGIB', n % 11 + 1, 1) end::"char" as state,
       (array['telemetry', 'voltage', 'continuity'])[n % 3 + 1] as area,
       (array['device-silent', 'drp-budget', 'outage', 'values-stuck'])[n % 4 + 1] as kind,
       (array['low', 'low', 'low', 'low', 'medium', 'medium', 'high', 'critical'])[n % 8 + 1]::alarm_priority as priority,
       to_timestamp($2::float8 / 1000) - n * interval '1 second' as moment
     ) as made
     cross join lateral (select state not in ('A', 'D', 'E', 'F') as active) as holds
     order by n`,
    [count, at, feeders],
  )
}

/**
 * Writes so many occurrences of the alarms that are there, over thirty days: bursts and quiet hours, most of them told, acknowledged and
 * over within minutes, a fifth hidden behind a root.
 * @param until  end of the thirty days, UTC milliseconds
 */
export async function seedManyOccurrences(queries: Queries, count: number, until: number): Promise<void> {
  await queries.query(
    `insert into alarm_occurrence (alarm_id, occurrence, why, began_at, at, annunciated, priority, root_alarm_id, value, limit_value,
       text, returned_at, acknowledged_at, acknowledged_by)
     select alarm_id, row_number() over (partition by alarm_id order by moment), 'activated', moment, moment, n % 5 <> 4,
       (array['low', 'low', 'low', 'low', 'medium', 'medium', 'high', 'critical'])[n % 8 + 1]::alarm_priority,
       case when n % 5 = 4 then 1 end, 900, 600, '{"message": "test.silent", "parameters": {}}',
       moment + n % 600 * interval '1 second', case when n % 10 < 7 then moment + n % 300 * interval '1 second' end,
       case when n % 10 < 7 then 'operator' end
     from generate_series(1, $1::integer) n
     cross join lateral (select to_timestamp($2::float8 / 1000) - interval '30 days' * (n::float8 / $1)
       - case when n % 3 = 0 then interval '1 hour' * (n % 7) else interval '0' end as moment) as came
     join (select alarm_id, row_number() over (order by alarm_id) - 1 as place from alarm) a
       on place = (n::bigint * n) % (select count(*) from alarm)`,
    [count, until],
  )
}
