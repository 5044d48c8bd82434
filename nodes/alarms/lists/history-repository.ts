import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { Priority, StateLetter, TransitionKind } from '../domain/alarm.ts'
import type { AlarmPlace } from '../domain/definition.ts'
import type { Alert } from './performance-alert.ts'
import { aboutValues, downstream, isAbout, type AboutFilter } from './alarm-filter.ts'

/** Once that attention was asked for. Instants are UTC milliseconds. */
export interface ListedOccurrence extends AlarmPlace {
  readonly alarmId: number
  readonly occurrence: number
  readonly why: string
  readonly priority: Priority
  readonly beganAt: number
  readonly at: number
  readonly annunciated: boolean
  readonly rootAlarmId: number | null
  readonly returnedAt: number | null
  readonly acknowledgedAt: number | null
  readonly acknowledgedBy: string | null
  readonly value: number | null
  readonly limit: number | null
  readonly unit: string | null
  readonly text: Condition['text']
  /** Of its alarm, now. */
  readonly state: StateLetter
}

/** Which occurrences are wanted: what is undefined says nothing. Instants are UTC milliseconds. */
export interface OccurrenceFilter extends AboutFilter {
  /** This one or a higher one, then. */
  readonly priority?: Priority | undefined
  readonly from?: number | undefined
  readonly until?: number | undefined
  readonly annunciated?: boolean | undefined
  readonly acknowledged?: boolean | undefined
  readonly returned?: boolean | undefined
  readonly alarmId?: number | undefined
}

export interface OccurrenceKey {
  readonly at: number
  readonly alarmId: number
  readonly occurrence: number
}

const columns = `o.alarm_id::float8 as "alarmId", o.occurrence, a.area, a.kind, a.subject, a.feeder_id as "feederId",
  a.unit_id as "unitId", a.device_id as "deviceId", o.why, o.priority::text as priority, ${milliseconds('o.began_at')} as "beganAt",
  ${milliseconds('o.at')} as at, o.annunciated, o.root_alarm_id::float8 as "rootAlarmId", ${milliseconds('o.returned_at')} as "returnedAt",
  ${milliseconds('o.acknowledged_at')} as "acknowledgedAt", o.acknowledged_by as "acknowledgedBy", o.value, o.limit_value as limit,
  a.value_unit as unit, o.text, a.state::text as state`

/** The newest first. */
export const listOccurrences = (
  queries: Queries,
  filter: OccurrenceFilter,
  page: { readonly before: OccurrenceKey | undefined; readonly limit: number },
): Promise<ListedOccurrence[]> =>
  queries.query<ListedOccurrence>(
    `with recursive ${downstream}
     select ${columns} from alarm_occurrence o join alarm a using (alarm_id)
     where ${isAbout} and ($8::alarm_priority is null or o.priority >= $8)
       and ($9::float8 is null or o.at >= to_timestamp($9::float8 / 1000))
       and ($10::float8 is null or o.at < to_timestamp($10::float8 / 1000))
       and ($11::boolean is null or o.annunciated = $11)
       and ($12::boolean is null or (o.acknowledged_at is not null) = $12)
       and ($13::boolean is null or (o.returned_at is not null) = $13)
       and ($14::bigint is null or o.alarm_id = $14)
       and ($15::float8 is null
         or (o.at, o.alarm_id, o.occurrence) < (to_timestamp($15::float8 / 1000), $16::bigint, $17::integer))
     order by o.at desc, o.alarm_id desc, o.occurrence desc limit $18`,
    [
      ...[...aboutValues(filter), filter.priority ?? null, filter.from ?? null, filter.until ?? null],
      ...[filter.annunciated ?? null, filter.acknowledged ?? null, filter.returned ?? null, filter.alarmId ?? null],
      ...[page.before?.at ?? null, page.before?.alarmId ?? null, page.before?.occurrence ?? null, page.limit],
    ],
  )

/** What operators were last told of, the newest first, with what their conditions showed last. */
export const recentAlerts = (queries: Queries, limit: number): Promise<Alert[]> =>
  queries.query<Alert>(
    `select ${columns}, case when o.occurrence = a.occurrence then a.evidence end as evidence from alarm_occurrence o join alarm a using (alarm_id)
     where o.annunciated order by o.at desc, o.alarm_id desc limit $1`,
    [limit],
  )

/** A step in the life of an alarm. Instants are UTC milliseconds. */
export interface ListedTransition {
  readonly changed: number
  readonly ordinal: number
  readonly recordedAt: number
  readonly occurrence: number
  readonly at: number
  readonly transition: TransitionKind
  readonly from: StateLetter
  readonly to: StateLetter
  readonly priority: Priority
  readonly rootAlarmId: number | null
  readonly username: string | null
  readonly reason: string | null
}

export interface TransitionKey {
  readonly recordedAt: number
  readonly changed: number
  readonly ordinal: number
}

/** Of one alarm, the newest first. */
export const transitionsOf = (
  queries: Queries,
  alarmId: number,
  page: { readonly before: TransitionKey | undefined; readonly limit: number },
): Promise<ListedTransition[]> =>
  queries.query<ListedTransition>(
    `select changed::float8 as changed, ordinal, ${milliseconds('recorded_at')} as "recordedAt", occurrence, ${milliseconds('at')} as at,
       kind as transition, from_state::text as "from", to_state::text as "to", priority::text as priority,
       root_alarm_id::float8 as "rootAlarmId", username, reason
     from alarm_transition
     where alarm_id = $1 and ($2::float8 is null
       or (recorded_at, changed, ordinal) < (to_timestamp($2::float8 / 1000), $3::bigint, $4::integer))
     order by recorded_at desc, changed desc, ordinal desc limit $5`,
    [alarmId, page.before?.recordedAt ?? null, page.before?.changed ?? null, page.before?.ordinal ?? null, page.limit],
  )
