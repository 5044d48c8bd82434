import type { Queries } from '../../../platform/storage/queries.ts'
import type { Priority } from '../domain/alarm.ts'
import type { MinuteCount } from '../domain/kpis/floods.ts'
import { aboutValues, downstream, isAbout, type AboutFilter } from '../lists/alarm-filter.ts'

/** What key figures are asked of: a period, and what the alarms are about. Instants are UTC milliseconds. */
export interface KpiFilter extends AboutFilter {
  readonly from: number
  readonly until: number
}

/** Occurrences of the period: $9, $10; about what is asked for: $1 to $8, which says that nothing is. */
const inPeriod = `o.at >= to_timestamp($9::float8 / 1000) and o.at < to_timestamp($10::float8 / 1000)
  and ($8::boolean or o.alarm_id in (select a.alarm_id from alarm a where ${isAbout}))`

const periodValues = ({ from, until, ...about }: KpiFilter): unknown[] => {
  const values = aboutValues(about)
  return [...values, values.every((value) => value === null), from, until]
}

/** How many alarms operators were told of, by minute: those that had any, ascending. */
export const toldByMinute = (queries: Queries, filter: KpiFilter): Promise<MinuteCount[]> =>
  queries.query<MinuteCount>(
    `with recursive ${downstream}
     select date_part('epoch', minute) * 1000 as minute, count(*)::integer as alarms
     from (select date_bin('1 minute', o.at, 'epoch') as minute from alarm_occurrence o where annunciated and ${inPeriod}) told
     group by told.minute order by told.minute`,
    periodValues(filter),
  )

/** What came in a period. Durations in milliseconds; null: nothing was acknowledged. */
export interface PeriodTotals {
  /** Whether somebody was told or not. */
  readonly occurrences: number
  readonly told: number
  /** Hidden behind the alarm that explains them. */
  readonly explained: number
  readonly acknowledged: number
  readonly meanToAcknowledgeMs: number | null
  readonly medianToAcknowledgeMs: number | null
  readonly byPriority: Readonly<Record<Priority, number>>
}

export async function periodTotals(queries: Queries, filter: KpiFilter): Promise<PeriodTotals> {
  const [row] = await queries.query<Omit<PeriodTotals, 'byPriority'> & Record<Priority, number>>(
    `with recursive ${downstream}
     select count(*)::integer as occurrences, (count(*) filter (where annunciated))::integer as told,
       (count(*) filter (where not annunciated and root_alarm_id is not null))::integer as explained,
       count(took)::integer as acknowledged, round(avg(took))::float8 as "meanToAcknowledgeMs",
       round(percentile_cont(0.5) within group (order by took))::float8 as "medianToAcknowledgeMs",
       (count(*) filter (where annunciated and priority = 'low'))::integer as low,
       (count(*) filter (where annunciated and priority = 'medium'))::integer as medium,
       (count(*) filter (where annunciated and priority = 'high'))::integer as high,
       (count(*) filter (where annunciated and priority = 'critical'))::integer as critical
     from (
       select annunciated, root_alarm_id, priority,
         case when annunciated then date_part('epoch', acknowledged_at - at) * 1000 end as took
       from alarm_occurrence o where ${inPeriod}
     ) came`,
    periodValues(filter),
  )
  const { low, medium, high, critical, ...totals } = row!
  return { ...totals, byPriority: { low, medium, high, critical } }
}

/** How often operators were told of an alarm. */
export interface FrequentAlarm {
  readonly alarmId: number
  readonly area: string
  readonly kind: string
  readonly subject: string
  readonly feederId: string | null
  readonly alarms: number
}

/** Of which alarms operators were told most often; and how many of all were not acknowledged at the end. */
export async function mostFrequent(
  queries: Queries,
  filter: KpiFilter,
  most: number,
): Promise<{ readonly alarms: readonly FrequentAlarm[]; readonly unacknowledged: number }> {
  const rows = await queries.query<FrequentAlarm & { unacknowledged: number }>(
    `with recursive ${downstream}, told as materialized (
       select alarm_id, count(*)::integer as alarms, max(occurrence) as last
       from alarm_occurrence o where annunciated and ${inPeriod} group by alarm_id
     ), waiting as (
       select count(*)::integer as unacknowledged from told join alarm_occurrence o on o.alarm_id = told.alarm_id and o.occurrence = told.last
       where o.acknowledged_at is null or o.acknowledged_at >= to_timestamp($10::float8 / 1000)
     )
     select a.alarm_id::float8 as "alarmId", a.area, a.kind, a.subject, a.feeder_id as "feederId", frequent.alarms, unacknowledged
     from waiting cross join (select * from told order by alarms desc, alarm_id limit $11) frequent
     join alarm a using (alarm_id) order by frequent.alarms desc, a.alarm_id`,
    [...periodValues(filter), most],
  )
  return {
    alarms: rows.map(({ unacknowledged: _unacknowledged, ...alarm }) => alarm),
    unacknowledged: rows[0]?.unacknowledged ?? 0,
  }
}

/** An alarm that was activated three times or more within a minute, and how often. */
export interface ChatteringAlarm extends Omit<FrequentAlarm, 'alarms'> {
  /** Activations that were the third one of a minute, or a later one. */
  readonly times: number
}

/** The worst first. `all` is how many there are, whatever `most`. */
export async function chatteringAlarms(
  queries: Queries,
  filter: KpiFilter,
  most: number,
): Promise<{ readonly alarms: readonly ChatteringAlarm[]; readonly all: number }> {
  const rows = await queries.query<ChatteringAlarm & { all: number }>(
    `with recursive ${downstream}, chattering as materialized (
       select alarm_id, count(*)::integer as times from (
         select alarm_id, at - lag(at, 2) over (partition by alarm_id order by at) as within
         from alarm_occurrence o where annunciated and why = 'activated' and ${inPeriod}
       ) third where within <= interval '1 minute' group by alarm_id
     )
     select a.alarm_id::float8 as "alarmId", a.area, a.kind, a.subject, a.feeder_id as "feederId", times,
       (select count(*)::integer from chattering) as all
     from (select * from chattering order by times desc, alarm_id limit $11) worst join alarm a using (alarm_id)
     order by times desc, alarm_id`,
    [...periodValues(filter), most],
  )
  return { alarms: rows.map(({ all: _all, ...alarm }) => alarm), all: rows[0]?.all ?? 0 }
}

/** How many alarms had stood for more than a day at the end of the period: those that stand still, and those that went later. */
export async function countStale(queries: Queries, filter: KpiFilter): Promise<number> {
  const [row] = await queries.query<{ stale: number }>(
    `with recursive ${downstream}, long as (
       select alarm_id from alarm
       where state in ('B', 'C') and active_since < to_timestamp($9::float8 / 1000) - interval '24 hours'
       union
       select alarm_id from alarm_occurrence
       where returned_at - began_at > interval '24 hours' and returned_at >= to_timestamp($9::float8 / 1000)
         and began_at < to_timestamp($9::float8 / 1000) - interval '24 hours' and annunciated
     )
     select count(*)::integer as stale from long
     where $8::boolean or alarm_id in (select a.alarm_id from alarm a where ${isAbout})`,
    periodValues(filter).toSpliced(8, 1),
  )
  return row!.stale
}

/** Who hid alarms without being entitled to. */
export interface Unauthorised {
  readonly by: string | null
  readonly how: 'suppressed' | 'shelved' | 'taken-out'
  readonly alarms: number
}

/**
 * Alarms that were hidden by anything else than the master alarm table, another alarm that explains them, or a person: suppression
 * that names who did it, and shelving and taking out of service that no person did.
 */
export const hiddenWithoutAuthorisation = (queries: Queries, filter: KpiFilter): Promise<Unauthorised[]> =>
  queries.query<Unauthorised>(
    `with recursive ${downstream}
     select username as by, kind as how, count(*)::integer as alarms from alarm_transition o
     where kind in ('suppressed', 'shelved', 'taken-out') and ${inPeriod}
       and case kind when 'suppressed' then username is not null else username is null or username like 'node %' end
     group by username, kind order by alarms desc, username, kind`,
    periodValues(filter),
  )

/** How many alarms are hidden now, by what hides them. */
export async function countHidden(
  queries: Queries,
  about: AboutFilter,
): Promise<{ readonly shelved: number; readonly suppressed: number; readonly outOfService: number }> {
  const [row] = await queries.query<{ shelved: number; suppressed: number; outOfService: number }>(
    `with recursive ${downstream}
     select (count(*) filter (where state = 'G'))::integer as shelved, (count(*) filter (where state = 'H'))::integer as suppressed,
       (count(*) filter (where state = 'I'))::integer as "outOfService"
     from alarm a where state <> 'A' and state in ('G', 'H', 'I') and ${isAbout}`,
    aboutValues(about),
  )
  return row!
}

export async function isUser(queries: Queries, username: string): Promise<boolean> {
  return (await queries.query('select from user_account where lower(username) = lower($1)', [username])).length > 0
}
