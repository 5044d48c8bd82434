import type { Queries } from '../../../platform/storage/queries.ts'
import type { StuckDevice } from '../domain/telemetry-conditions.ts'

/**
 * What varies in whatever works, and is never exactly the same for hours. Power may be: a battery holds its setpoint, a panel gives
 * nothing at night. So is what is zero: a phase without supply, a unit where nobody is.
 */
const varying = {
  meter: ['va_v', 'vb_v', 'vc_v', 'ia_a', 'ib_a', 'ic_a'],
  panel: ['voltage_volts', 'temperature_celsius'],
} as const
/** Two an hour at least, over six hours: fewer may be the same by chance. */
const leastSamples = 12

export interface StuckSearch {
  /** UTC milliseconds. */
  readonly now: number
  readonly hours: number
  /** Devices behind this number, so many of them. */
  readonly after: number
  readonly most: number
  /** Devices that are stuck as far as anybody was told: looked at in any case. */
  readonly said: readonly string[]
}

export interface StuckFound {
  readonly stuck: readonly StuckDevice[]
  /** The last one that was looked at; null: there are no more behind. */
  readonly last: number | null
}

/** Devices with measures that have been exactly the same for so many hours, by the roll-ups: some devices at a time. */
export async function stuckDevices(queries: Queries, search: StuckSearch): Promise<StuckFound> {
  const rows = await queries.query<StuckDevice & { deviceKey: number | null }>(
    `with slice as (
       select device_key from device where status = 'active' and kind in ('meter', 'panel') and device_key > $2
       order by device_key limit $3
     ), looked_at as (
       select device_key, device_id, kind, feeder_id, site_id from device
       where status = 'active' and kind in ('meter', 'panel')
         and (device_key in (select device_key from slice) or device_id = any ($4))
     ), found as (
       select d.device_key, jsonb_object_agg(measure, lowest) as measures, max(since_at) as since_at
       from looked_at d
       cross join lateral unnest(case d.kind when 'meter' then $5::measure[] else $6::measure[] end) measure
       cross join (
         select date_trunc('hour', to_timestamp($1::float8 / 1000), 'UTC') - make_interval(hours => $7) as from_at
       ) looked
       cross join lateral (
         select min(lowest) as lowest, max(highest) as highest, sum(samples) as samples, count(*) as hours, min(at) as since_at
         from reading_hour h
         where h.device_key = d.device_key and h.measure = measure.measure
           and at >= from_at and at <= to_timestamp($1::float8 / 1000)
       ) r
       where r.lowest = r.highest and r.lowest <> 0 and r.since_at = from_at and r.hours >= $7 and r.samples >= $8
       group by d.device_key
     )
     select d.device_id as "deviceId", a.unit_id as "unitId", coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId",
       measures, round(extract(epoch from since_at) * 1000)::float8 as "sinceAt", null::integer as "deviceKey"
     from found join looked_at d using (device_key)
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     union all
     select null, null, null, null, null, max(device_key) from slice having count(*) = $3`,
    [
      ...[search.now, search.after, search.most, search.said, varying.meter, varying.panel],
      ...[search.hours, leastSamples],
    ],
  )
  return {
    stuck: rows.filter(({ deviceKey }) => deviceKey === null).map(({ deviceKey: _deviceKey, ...device }) => device),
    last: rows.find(({ deviceKey }) => deviceKey !== null)?.deviceKey ?? null,
  }
}
