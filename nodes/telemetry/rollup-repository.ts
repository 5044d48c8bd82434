import type { PoolClient } from 'pg'
import type { Span } from '../../platform/storage/span.ts'

/**
 * What the readings of the given commits add to each minute, one row a device and measure. Each reading is read once, with
 * all its measures side by side; only what is left of a device's minute is spread over rows. The time range spares the
 * partitions that cannot have any. Parameters: $1 batch ids, $2 and $3 first and last instant of the commits.
 */
const addedMinutes = `
  with minutes as (
    select * from (
      select date_bin('1 minute', at, 'epoch') as at, device_key,
        unnest(array['p_actual_kw', 'p_setpoint_kw', 'soc', 'cloud_cover_pct', 'shortwave_radiation_wm2',
          'estimated_power_w']::measure[]) as measure,
        unnest(array[sum(p_actual_kw), sum(p_setpoint_kw), sum(soc), sum(cloud_cover_pct),
          sum(shortwave_radiation_wm2), sum(estimated_power_w)]) as total,
        unnest(array[min(p_actual_kw), min(p_setpoint_kw), min(soc), min(cloud_cover_pct),
          min(shortwave_radiation_wm2), min(estimated_power_w)]) as lowest,
        unnest(array[max(p_actual_kw), max(p_setpoint_kw), max(soc), max(cloud_cover_pct),
          max(shortwave_radiation_wm2), max(estimated_power_w)]) as highest,
        unnest(array[count(p_actual_kw), count(p_setpoint_kw), count(soc), count(cloud_cover_pct),
          count(shortwave_radiation_wm2), count(estimated_power_w)])::integer as samples
      from der_reading
      where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
      group by 1, 2
      union all
      select date_bin('1 minute', at, 'epoch'), device_key,
        unnest(array['temperature_celsius', 'voltage_volts', 'current_amperes', 'power_w', 'irradiance_wm2']::measure[]),
        unnest(array[sum(temperature_celsius), sum(voltage_volts), sum(current_amperes), sum(power_w),
          sum(irradiance_wm2)]),
        unnest(array[min(temperature_celsius), min(voltage_volts), min(current_amperes), min(power_w),
          min(irradiance_wm2)]),
        unnest(array[max(temperature_celsius), max(voltage_volts), max(current_amperes), max(power_w),
          max(irradiance_wm2)]),
        unnest(array[count(temperature_celsius), count(voltage_volts), count(current_amperes), count(power_w),
          count(irradiance_wm2)])::integer
      from panel_reading
      where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
      group by 1, 2
      union all
      select date_bin('1 minute', at, 'epoch'), device_key,
        unnest(array['va_v', 'vb_v', 'vc_v', 'ia_a', 'ib_a', 'ic_a', 'p_kw', 'q_kvar', 'frequency_hz']::measure[]),
        unnest(array[sum(va_v), sum(vb_v), sum(vc_v), sum(ia_a), sum(ib_a), sum(ic_a), sum(p_kw), sum(q_kvar),
          sum(frequency_hz)]),
        unnest(array[min(va_v), min(vb_v), min(vc_v), min(ia_a), min(ib_a), min(ic_a), min(p_kw), min(q_kvar),
          min(frequency_hz)]),
        unnest(array[max(va_v), max(vb_v), max(vc_v), max(ia_a), max(ib_a), max(ic_a), max(p_kw), max(q_kvar),
          max(frequency_hz)]),
        unnest(array[count(va_v), count(vb_v), count(vc_v), count(ia_a), count(ib_a), count(ic_a), count(p_kw),
          count(q_kvar), count(frequency_hz)])::integer
      from meter_reading
      where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
      group by 1, 2
      union all
      select date_bin('1 minute', at, 'epoch'), device_key, unnest(array['ia_a', 'ib_a', 'ic_a']::measure[]),
        unnest(array[sum(ia_a), sum(ib_a), sum(ic_a)]), unnest(array[min(ia_a), min(ib_a), min(ic_a)]),
        unnest(array[max(ia_a), max(ib_a), max(ic_a)]), unnest(array[count(ia_a), count(ib_a), count(ic_a)])::integer
      from switch_reading
      where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
      group by 1, 2
    ) measured where samples > 0
  )`

const parametersOf = ({ batchIds, firstAt, lastAt }: Span): unknown[] => [batchIds, firstAt, lastAt]

/**
 * Adds the readings of some commits to the roll-ups per minute and per hour. Adds, so each commit may be taken once:
 * the cursor in the same transaction sees to it. A late reading adds to the minute and the hour it belongs to.
 */
export async function addToRollups(client: PoolClient, span: Span): Promise<void> {
  await client.query(
    `${addedMinutes},
     added as (
       insert into reading_minute as r (at, device_key, measure, total, lowest, highest, samples)
       select * from minutes order by device_key, measure, at
       on conflict (device_key, measure, at) do update set
         total = r.total + excluded.total, lowest = least(r.lowest, excluded.lowest),
         highest = greatest(r.highest, excluded.highest), samples = r.samples + excluded.samples
     )
     insert into reading_hour as r (at, device_key, measure, total, lowest, highest, samples)
     select date_trunc('hour', at, 'UTC'), device_key, measure,
       sum(total), min(lowest), max(highest), sum(samples)::integer
     from minutes group by 1, 2, 3 order by 2, 3, 1
     on conflict (device_key, measure, at) do update set
       total = r.total + excluded.total, lowest = least(r.lowest, excluded.lowest),
       highest = greatest(r.highest, excluded.highest), samples = r.samples + excluded.samples`,
    parametersOf(span),
  )
}

/**
 * Makes the newest reading of each device in some commits its latest, unless a newer one is known. The newest is found
 * first, and only then put into the form in which it is kept.
 * @returns the devices whose latest it is now, and its instant, UTC ms
 */
export async function moveLatest(client: PoolClient, span: Span): Promise<{ deviceId: string; at: number }[]> {
  const { rows } = await client.query<{ deviceId: string; at: number }>(
    `with newest as (
       select distinct on (device_key) device_key, kind, at, committed_at as received_at, quality, power_kw, measures from (
         select device_key, 'der'::reading_kind as kind, at, batch_id, quality, p_actual_kw as power_kw,
           jsonb_strip_nulls(jsonb_build_object('p_actual_kw', p_actual_kw, 'p_setpoint_kw', p_setpoint_kw,
             'soc', soc, 'p_max_kw', p_max_kw, 'shortwave_radiation_wm2', shortwave_radiation_wm2))
             || coalesce(charging, '{}') as measures
         from (
           select distinct on (device_key) * from der_reading
           where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
           order by device_key, at desc
         ) der
         union all
         select device_key, 'panel', at, batch_id, quality, power_w / 1000,
           jsonb_strip_nulls(jsonb_build_object('temperature_celsius', temperature_celsius, 'voltage_volts', voltage_volts,
             'current_amperes', current_amperes, 'power_w', power_w, 'irradiance_wm2', irradiance_wm2))
         from (
           select distinct on (device_key) * from panel_reading
           where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
           order by device_key, at desc
         ) panel
         union all
         select device_key, 'meter', at, batch_id, quality, p_kw,
           jsonb_strip_nulls(jsonb_build_object('va_v', va_v, 'vb_v', vb_v, 'vc_v', vc_v,
             'ia_a', ia_a, 'ib_a', ib_a, 'ic_a', ic_a, 'interval_s', interval_s, 'aggregation', aggregation, 'p_kw', p_kw,
             'q_kvar', q_kvar, 'frequency_hz', frequency_hz, 'contact', contact)) || case when power_quality is null then '{}' else power_quality - array[
               'dttp_a_pct', 'dttp_b_pct', 'dttp_c_pct', 'dtti_a_pct', 'dtti_b_pct', 'dtti_c_pct',
               'dtt3_a_pct', 'dtt3_b_pct', 'dtt3_c_pct'] end
         from (
           select distinct on (device_key) * from meter_reading
           where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
           order by device_key, at desc
         ) meter
         union all
         select device_key, 'switch', at, batch_id, quality, null,
           jsonb_strip_nulls(jsonb_build_object('position', position, 'mode', mode, 'ia_a', ia_a, 'ib_a', ib_a, 'ic_a', ic_a,
             'tripped', tripped, 'reclose_blocked', reclose_blocked))
         from (
           select distinct on (device_key) * from switch_reading
           where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
           order by device_key, at desc
         ) switch
       ) every
       join batch_log using (batch_id)
       order by device_key, at desc
     ), written as (
     insert into latest_reading as l (device_key, kind, at, received_at, quality, power_kw, measures)
     select * from newest
     on conflict (device_key) do update set kind = excluded.kind, at = excluded.at, received_at = excluded.received_at,
       quality = excluded.quality, power_kw = excluded.power_kw, measures = excluded.measures
     where excluded.at > l.at
     returning device_key, at
     )
     select device_id as "deviceId", round(extract(epoch from at) * 1000)::float8 as at
     from written join device using (device_key)`,
    parametersOf(span),
  )
  return rows
}
