import type { Role } from '../../../platform/access/roles.ts'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { Priority, StateLetter } from '../domain/alarm.ts'
import type { AlarmPlace } from '../domain/definition.ts'
import { memberCount } from '../keeper/members.ts'
import { downstream, filterValues, fits, type AlarmFilter } from './alarm-filter.ts'

/** An alarm as it stands. Instants are UTC milliseconds. */
export interface ListedAlarm extends AlarmPlace {
  readonly alarmId: number
  readonly key: string
  readonly state: StateLetter
  readonly priority: Priority
  readonly active: boolean
  readonly acknowledged: boolean
  readonly latched: boolean
  readonly shelvedUntil: number | null
  readonly suppressedBy: string | null
  readonly rootAlarmId: number | null
  readonly outOfService: boolean
  readonly occurrence: number
  readonly activeSince: number | null
  readonly annunciatedAt: number | null
  /** The role that it has escalated to last. */
  readonly escalatedTo: Role | null
  /** Null: it was never but said to be normal. */
  readonly changedAt: number | null
  readonly value: number | null
  readonly limit: number | null
  readonly unit: string | null
  readonly text: Condition['text']
  /** The transaction that last wrote it. */
  readonly changed: number
  /** Alarms that it explains, and that are hidden behind it. */
  readonly members: number
}

/** The role that an alarm `a` has escalated to last; null: none. */
export const latestRole = 'a.escalated_to[cardinality(a.escalated_to)]'

const alarmColumns = `a.alarm_id::float8 as "alarmId", a.key, a.area, a.kind, a.subject, a.feeder_id as "feederId",
  a.unit_id as "unitId", a.device_id as "deviceId", a.state::text as state, a.priority::text as priority, a.active, a.acknowledged,
  a.latched, ${milliseconds('a.shelved_until')} as "shelvedUntil", a.suppressed_by as "suppressedBy",
  a.root_alarm_id::float8 as "rootAlarmId", a.out_of_service as "outOfService", a.occurrence,
  ${milliseconds('a.active_since')} as "activeSince", ${milliseconds('a.annunciated_at')} as "annunciatedAt", ${latestRole} as "escalatedTo",
  ${milliseconds('a.changed_at')} as "changedAt", a.value, a.limit_value as limit, a.value_unit as unit, a.text,
  a.changed::float8 as changed, ${memberCount('a.alarm_id')} as members`

/** In which order alarms are listed: by what follows whom, with the key of the last one seen. */
export const alarmOrders = ['priority', 'newest', 'oldest'] as const
export type AlarmOrder = (typeof alarmOrders)[number]

/** The last alarm of the page before. `at` is `changedAt`, in the order `oldest` since when it stands. UTC milliseconds. */
export interface AlarmKey {
  readonly priority: Priority
  readonly at: number
  readonly alarmId: number
}

/** Since when it stands: of what has returned, since then. */
const standingSince = 'coalesce(a.active_since, a.changed_at)'

const orders: Readonly<Record<AlarmOrder, { readonly after: string; readonly by: string }>> = {
  priority: {
    after:
      '(a.priority, a.changed_at, a.alarm_id) < ($23::alarm_priority, to_timestamp($24::float8 / 1000), $25::bigint)',
    by: 'a.priority desc, a.changed_at desc, a.alarm_id desc',
  },
  newest: {
    after: '(a.changed_at, a.alarm_id) < (to_timestamp($24::float8 / 1000), $25::bigint)',
    by: 'a.changed_at desc, a.alarm_id desc',
  },
  oldest: {
    after: `(${standingSince}, a.alarm_id) > (to_timestamp($24::float8 / 1000), $25::bigint)`,
    by: `${standingSince}, a.alarm_id`,
  },
}

/** Key of an alarm in an order. */
export const alarmKeyOf = (
  { alarmId, priority, activeSince, changedAt }: ListedAlarm,
  order: AlarmOrder,
): AlarmKey => ({
  ...{ priority, alarmId, at: (order === 'oldest' ? (activeSince ?? changedAt) : changedAt) ?? 0 },
})

/** Alarms that fit, `limit` at most, those behind `after`. */
export function listAlarms(
  queries: Queries,
  filter: AlarmFilter,
  order: AlarmOrder,
  page: { readonly after: AlarmKey | undefined; readonly limit: number },
): Promise<ListedAlarm[]> {
  const { after, by } = orders[order]
  // The instant of the keys is in the query of every order; where only newest or oldest go by it, the priority is not looked at.
  return queries.query<ListedAlarm>(
    `with recursive ${downstream}, page as materialized (
       select alarm_id from alarm a where ${fits} and ($23::alarm_priority is null or ${after})
       order by ${by} limit $26
     )
     select ${alarmColumns} from page join alarm a using (alarm_id) order by ${by}`,
    [
      ...filterValues(filter),
      page.after?.priority ?? null,
      page.after?.at ?? null,
      page.after?.alarmId ?? null,
      page.limit,
    ],
  )
}

/** How many alarms fit, by state and priority. */
export interface AlarmCount {
  readonly state: StateLetter
  readonly priority: Priority
  readonly alarms: number
}

export const countAlarms = (queries: Queries, filter: AlarmFilter): Promise<AlarmCount[]> =>
  queries.query<AlarmCount>(
    `with recursive ${downstream}
     select a.state::text as state, a.priority::text as priority, count(*)::integer as alarms
     from alarm a where ${fits} group by a.state, a.priority order by a.priority desc, a.state`,
    filterValues(filter),
  )

export async function findAlarm(queries: Queries, alarmId: number): Promise<ListedAlarm | undefined> {
  const [found] = await queries.query<ListedAlarm>(`select ${alarmColumns} from alarm a where a.alarm_id = $1`, [
    alarmId,
  ])
  return found
}

/** What the condition showed beside its value; null: nothing. */
export async function evidenceOfAlarm(queries: Queries, alarmId: number): Promise<object | null> {
  const [found] = await queries.query<{ evidence: object | null }>('select evidence from alarm where alarm_id = $1', [
    alarmId,
  ])
  return found?.evidence ?? null
}

/** The number of the newest transaction that changed alarms. */
export async function newestChange(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ changed: number }>('select changed::float8 as changed from alarm_progress')
  return row!.changed
}
