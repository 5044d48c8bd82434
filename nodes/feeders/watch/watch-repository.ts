import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { TrendPoint } from '../domain/overload-trend.ts'
import type { WatchedEvent, WatchedFeeder } from '../domain/feeder-conditions.ts'

const minuteMs = 60_000
/** Over so many minutes what flows into a feeder is held against an event. */
const eventMinutes = 2

/** Feeders under control with their limits, and their heads as they were heard last; `most` of them. */
export async function watchedFeeders(
  queries: Queries,
  most: number,
): Promise<(Omit<WatchedFeeder, 'baseLoad' | 'head'> & Pick<WatchedFeeder, 'head'>)[]> {
  const rows = await queries.query<
    Omit<WatchedFeeder, 'baseLoad' | 'head'> & {
      meterId: string | null
      heardAt: number | null
      headKw: number | null
    }
  >(
    `with loads as (
       select f ->> 'feederId' as feeder_id, f ->> 'line' as line, (f ->> 'importLimitKw')::float8 as import_limit_kw,
         (f ->> 'exportLimitKw')::float8 as export_limit_kw, coalesce((f ->> 'unavoidableKw')::float8, 0) as unavoidable_kw, a.at
       from feeder_allocation a, jsonb_array_elements(a.allocation -> 'feeders') f
     )
     select loads.feeder_id as "feederId", max(import_limit_kw) filter (where line = 'total') as "importLimitKw",
       max(export_limit_kw) filter (where line = 'total') as "exportLimitKw", max(unavoidable_kw) as "unavoidableKw",
       ${milliseconds('max(loads.at)')} as at, max(d.device_id) as "meterId", ${milliseconds('max(l.at)')} as "heardAt",
       max(l.power_kw) as "headKw"
     from loads join feeder using (feeder_id)
     left join device d on d.device_id = feeder.head_meter_id
     left join latest_reading l on l.device_key = d.device_key and l.quality <> 'invalid'
     group by loads.feeder_id order by loads.feeder_id limit $1`,
    [most],
  )
  return rows.map(({ meterId, heardAt, headKw, ...feeder }) => ({
    ...feeder,
    head: meterId === null ? null : { meterId, heardAt, powerKw: headKw },
  }))
}

/** What nobody steers on some feeders with a meter at their heads, by the minute: the head less all that follows setpoints below. */
export async function baseLoadMinutes(
  queries: Queries,
  feederIds: readonly string[],
  from: number,
  to: number,
): Promise<ReadonlyMap<string, readonly TrendPoint[]>> {
  const rows = await queries.query<{ feederId: string; ats: number[]; powers: number[] }>(
    `with recursive tree as (
       select feeder_id as top, feeder_id from feeder where feeder_id = any ($1::text[])
       union
       select t.top, f.feeder_id from feeder f join tree t on f.parent_feeder_id = t.feeder_id
     ), steered as (
       select t.top, r.at, sum(r.total / r.samples) as power_kw
       from desired_setpoint s
       join device d using (device_id)
       left join site o on o.site_id = d.site_id
       join tree t on t.feeder_id = coalesce(d.feeder_id, o.feeder_id)
       join reading_minute r on r.device_key = d.device_key and r.measure = 'p_actual_kw'
         and r.at >= to_timestamp($2::float8 / 1000) and r.at < to_timestamp($3::float8 / 1000)
       where s.power_kw is not null
       group by t.top, r.at
     )
     select f.feeder_id as "feederId", array_agg(${milliseconds('r.at')} order by r.at) as ats,
       array_agg(r.total / r.samples - coalesce(s.power_kw, 0) order by r.at) as powers
     from feeder f
     join device d on d.device_id = f.head_meter_id
     join reading_minute r on r.device_key = d.device_key and r.measure = 'p_kw'
       and r.at >= to_timestamp($2::float8 / 1000) and r.at < to_timestamp($3::float8 / 1000)
     left join steered s on s.top = f.feeder_id and s.at = r.at
     where f.feeder_id = any ($1::text[])
     group by f.feeder_id`,
    [feederIds, from, to],
  )
  return new Map(
    rows.map(({ feederId, ats, powers }) => [feederId, ats.map((at, index) => ({ at, powerKw: powers[index]! }))]),
  )
}

/** Events with a limit that are in force, on each feeder that they are of, with what flowed into it over the last minutes. */
export const watchedEvents = (queries: Queries, now: number, most: number): Promise<WatchedEvent[]> =>
  queries.query(
    `select e.event_id::float8 as "eventId", f.feeder_id as "feederId", e.limit_kw as "limitKw", e.direction,
       ${milliseconds('e.starts_at')} as "startsAt",
       (select avg(r.total / r.samples) from device d join reading_minute r on r.device_key = d.device_key and r.measure = 'p_kw'
          and r.at >= to_timestamp($2::float8 / 1000) and r.at < to_timestamp($3::float8 / 1000)
        where d.device_id = f.head_meter_id) as "meanKw"
     from dr_event e
     join feeder f on f.feeder_id = e.feeder_id or (e.feeder_id is null and f.parent_feeder_id is null)
     where e.mode = 'limit' and e.starts_at <= to_timestamp($1::float8 / 1000)
       and least(e.ends_at, e.cancelled_at) > to_timestamp($1::float8 / 1000)
     order by f.feeder_id, e.limit_kw desc, e.event_id limit $4`,
    [now, Math.floor(now / minuteMs) * minuteMs - eventMinutes * minuteMs, now, most],
  )
