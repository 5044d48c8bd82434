import { sqlSeries, type PanelQuery } from './queries.ts'
import { colours, type Step } from './thresholds.ts'

/** Up to here means of five minutes are shown, beyond it hours: 72 points a line, or a month of hours. */
const minutesUpTo = '6 hours'

/** A device that was silent for so long says nothing of the load as it is. */
const heardWithin = '10 minutes'

/** The chosen feeders, and each of those below them: `feeder_id` the chosen one, `under` itself or one below it. A recursive CTE. */
export const below = `
below (feeder_id, under) as (
  select feeder_id, feeder_id from feeder where feeder_id in (\${feeder:sqlstring})
  union select b.feeder_id, f.feeder_id from below b join feeder f on f.parent_feeder_id = b.under
)`

/** The same down to the first feeders that have a meter at their head: that measures what is below them. A recursive CTE. */
const measured = `
measured (feeder_id, under) as (
  select feeder_id, feeder_id from feeder where feeder_id in (\${feeder:sqlstring})
  union select m.feeder_id, f.feeder_id
  from measured m join feeder u on u.feeder_id = m.under and u.head_meter_id is null join feeder f on f.parent_feeder_id = u.feeder_id
)`

/**
 * What the load of a feeder is the sum of: the meter at its head; where it has none, the heads below it, and besides the meters of the
 * units and the DERs that none of them measures.
 */
const counted = `
counted as materialized (
  select m.feeder_id as line, d.device_key, case d.kind when 'meter' then 'p_kw'::measure else 'p_actual_kw'::measure end as measure
  from measured m join feeder u on u.feeder_id = m.under
  join device d on d.status = 'active' and case
    when u.head_meter_id is not null then d.device_id = u.head_meter_id
    when d.feeder_id is distinct from u.feeder_id then false
    when d.kind = 'meter' then not exists (select from feeder h where h.head_meter_id = d.device_id)
    when d.kind = 'der' then not exists (
      select from device n where n.kind = 'meter' and n.status = 'active' and n.site_id = d.site_id
        and not exists (select from feeder h where h.head_meter_id = n.device_id))
    else false end
)`

/** The steered and generating devices below the chosen feeders, a line for each type. A device stands below several of them, and counts once. */
const dersByType = `
counted as materialized (
  select distinct case d.der_type when 'ev' then 'Veículos' when 'battery' then 'Baterias' when 'pv' then 'Fotovoltaica' else d.der_type end as line,
    d.device_key, 'p_actual_kw'::measure as measure
  from below b join device d on d.feeder_id = b.under where d.kind = 'der' and d.status = 'active'
)`

/** Sums of the means of the counted devices: of five minutes up to six hours, of hours beyond. Who reports less often than each minute is in each of the five. */
const sumsOver = (tree: string, devices: string): PanelQuery =>
  sqlSeries(`
with recursive ${tree.trim()}, ${devices.trim()}, read as materialized (
  select distinct device_key, measure from counted
)
select m.at as time, c.line as metric, sum(m.kw) as value
from read d
-- Device by device, as the roll-ups are indexed: of feeders PostgreSQL cannot know how many devices they have.
cross join lateral (
  select date_bin('5 minutes', r.at, timestamptz 'epoch') as at, sum(r.total) / sum(r.samples) as kw
  from reading_minute r
  where r.device_key = d.device_key and r.measure = d.measure and $__timeFilter(r.at)
    and $__timeTo()::timestamptz - $__timeFrom()::timestamptz <= interval '${minutesUpTo}'
  group by 1
  union all
  select r.at, r.total / r.samples
  from reading_hour r
  where r.device_key = d.device_key and r.measure = d.measure and $__timeFilter(r.at)
    and $__timeTo()::timestamptz - $__timeFrom()::timestamptz > interval '${minutesUpTo}'
) m
join counted c using (device_key)
group by m.at, c.line order by m.at, c.line`)

/** Load of each chosen feeder over time, kW; what flows back is negative. */
export const loadOverTime = (): PanelQuery => sumsOver(measured, counted)

/** Power of the DERs of the chosen feeders by their type over time, kW; generation is negative. */
export const dersOverTime = (): PanelQuery => sumsOver(below, dersByType)

/**
 * CTEs with a row for each chosen feeder: in `load_now` its load `load_kw` by the newest readings, kW, and in `limit_now` the least of the
 * limits for what is drawn, `limit_kw`: of the registry, set by persons, of events in force, and of schedules and settings as the
 * tracking found them last. Both null where nobody knows.
 */
export const loadAndLimitNow = `
with recursive ${measured.trim()}, ${counted.trim()}, load_now as (
  select f.feeder_id, (
    select sum(r.power_kw) from counted c join latest_reading r using (device_key)
    where c.line = f.feeder_id and r.at > $__timeTo()::timestamptz - interval '${heardWithin}'
  ) as load_kw
  from feeder f where f.feeder_id in (\${feeder:sqlstring})
), limit_now as (
  select f.feeder_id, least(
    f.limit_kw,
    (select min(l.value) from feeder_limit_report l
     where l.feeder_id = f.feeder_id and l.line = 'total' and l.direction = 'import' and l.unit = 'kw' and l.days is null
       and l.valid_from <= $__timeTo()::timestamptz and (l.valid_until is null or l.valid_until > $__timeTo()::timestamptz)),
    (select min(e.limit_kw) from dr_event_report e
     where e.feeder_id = f.feeder_id and e.mode = 'limit' and e.direction = 'import'
       and e.starts_at <= $__timeTo()::timestamptz and e.ends_at > $__timeTo()::timestamptz),
    (select t.import_limit_kw from feeder_tracking t
     where t.tracked_feeder = f.feeder_id and t.at > $__timeTo()::timestamptz - interval '5 minutes' and t.at <= $__timeTo()::timestamptz
     order by t.at desc limit 1)
  ) as limit_kw
  from feeder f where f.feeder_id in (\${feeder:sqlstring})
)`

/** Load by its limit, %: red from where a feeder is overloaded, yellow from where an operator begins to look. */
export const loadingSteps: readonly Step[] = [
  { from: 80, colour: colours.near },
  { from: 100, colour: colours.beyond },
]
