import type { Queries } from '../../../platform/storage/queries.ts'
import type { OfflineDevice, SilentDevice } from '../domain/telemetry-conditions.ts'

/** A device's unit and feeder at $1 (UTC milliseconds): joins `d`. */
const place = `
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)`
const placeColumns = `d.device_id as "deviceId", a.unit_id as "unitId", coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId"`
/** Nothing was received since the device, or its broker, said that it is offline. */
const saidOffline = `not p.online and (l.device_key is null or p.received_at >= l.received_at - interval '5 seconds')`

/**
 * Finds how long devices usually are silent: nine of ten times between the newest of their receptions of the last week. Of those that
 * are silent for longer than `leastMs` and of which nothing is known, or what is known is old. Switches report when they change,
 * which says nothing of the next time.
 * @param now  UTC milliseconds
 * @returns how many it found
 */
export async function findIntervals(queries: Queries, now: number, leastMs: number, most: number): Promise<number> {
  const [row] = await queries.query<{ found: number }>(
    `with wanted as (
       select l.device_key, l.kind
       from latest_reading l join device d using (device_key) left join device_interval i using (device_key)
       where d.status = 'active' and l.kind <> 'switch' and l.received_at < to_timestamp(($1::float8 - $2::float8) / 1000)
         and (i.device_key is null or i.found_at < l.received_at - interval '6 hours')
       order by l.device_key limit $3
     ), found as (
       insert into device_interval (device_key, usual_s, found_at)
       select w.device_key, usual.usual_s, to_timestamp($1::float8 / 1000)
       from wanted w cross join lateral (
         select case when count(gap_s) >= 4 then percentile_disc(0.9) within group (order by gap_s) end as usual_s from (
           select extract(epoch from received_at - lag(received_at) over (order by received_at))::real as gap_s from (
             select distinct coalesce(r.received_at, b.committed_at) as received_at
             from (
               (select batch_id, received_at from der_reading where w.kind = 'der' and device_key = w.device_key
                  and at > to_timestamp($1::float8 / 1000) - interval '7 days' order by at desc limit 50)
               union all
               (select batch_id, received_at from panel_reading where w.kind = 'panel' and device_key = w.device_key
                  and at > to_timestamp($1::float8 / 1000) - interval '7 days' order by at desc limit 50)
               union all
               (select batch_id, received_at from meter_reading where w.kind = 'meter' and device_key = w.device_key
                  and at > to_timestamp($1::float8 / 1000) - interval '7 days' order by at desc limit 50)
             ) r join batch_log b using (batch_id)
           ) received
         ) gaps
       ) usual
       on conflict (device_key) do update set usual_s = excluded.usual_s, found_at = excluded.found_at
       returning 1
     )
     select count(*)::float8 as found from found`,
    [now, leastMs, most],
  )
  return row!.found
}

/** Of a device of which too little is known to say how long it usually is silent. */
const unknownAllowedMs = 3_600_000

export interface Silence {
  /** UTC milliseconds. */
  readonly now: number
  /** A device is not silent before. */
  readonly leastMs: number
  /** So many times as long as it usually is silent. */
  readonly factor: number
  /** Since when what devices send has been heard: nobody can have been silent for longer than that, UTC milliseconds. */
  readonly hearingSince: number
  /** Devices that are silent as far as anybody was told. */
  readonly said: readonly string[]
}

/** Devices that used to report, and have not. One that is offline by its own word is not silent: that says more. */
export const silentDevices = (queries: Queries, silence: Silence): Promise<SilentDevice[]> =>
  queries.query(
    `with silent as materialized (
       select l.device_key, l.received_at, i.usual_s, allowed_ms
       from latest_reading l
       join device_interval i using (device_key)
       left join device_presence p using (device_key)
       cross join lateral (select greatest($2::float8, coalesce($3::float8 * i.usual_s * 1000, $6::float8)) as allowed_ms) allowed
       where l.kind <> 'switch' and l.received_at < to_timestamp(($1::float8 - $2::float8) / 1000)
         and l.received_at < to_timestamp(($1::float8 - allowed_ms) / 1000) and not coalesce(${saidOffline}, false)
     )
     select ${placeColumns}, round(extract(epoch from received_at) * 1000)::float8 as "receivedAt",
       usual_s::float8 * 1000 as "usualMs", allowed_ms as "allowedMs"
     from silent join device d using (device_key) ${place}
     where d.status = 'active' and ($1::float8 - allowed_ms > $4::float8 or d.device_id = any ($5))`,
    [...[silence.now, silence.leastMs, silence.factor, silence.hearingSince, silence.said], ...[unknownAllowedMs]],
  )

/** Devices that are offline by their own word or their broker's, and of which nothing was received since. */
export const offlineDevices = (queries: Queries, now: number): Promise<OfflineDevice[]> =>
  queries.query(
    `select ${placeColumns}, round(extract(epoch from p.at) * 1000)::float8 as "offlineAt"
     from device_presence p
     join device d using (device_key)
     left join latest_reading l using (device_key) ${place}
     where d.status = 'active' and ${saidOffline}`,
    [now],
  )
