import type { PoolClient } from 'pg'
import type { Span } from './span.ts'

/**
 * The readings of the given commits, one row a measure. The time range spares the partitions that cannot have any.
 * Parameters: $1 batch ids, $2 and $3 first and last instant of the commits.
 */
const measuredRows = `
  with measured as (
    select r.device_key, r.at, m.measure::measure as measure, m.value
    from der_reading r, lateral (values ('p_actual_kw', p_actual_kw), ('p_setpoint_kw', p_setpoint_kw), ('soc', soc),
      ('cloud_cover_pct', cloud_cover_pct), ('shortwave_radiation_wm2', shortwave_radiation_wm2),
      ('estimated_power_w', estimated_power_w)) as m (measure, value)
    where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
      and m.value is not null
    union all
    select r.device_key, r.at, m.measure::measure, m.value
    from panel_reading r, lateral (values ('temperature_celsius', temperature_celsius), ('voltage_volts', voltage_volts),
      ('current_amperes', current_amperes), ('power_w', power_w)) as m (measure, value)
    where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
    union all
    select r.device_key, r.at, m.measure::measure, m.value
    from meter_reading r, lateral (values ('va_v', va_v), ('vb_v', vb_v), ('vc_v', vc_v), ('ia_a', ia_a),
      ('ib_a', ib_a), ('ic_a', ic_a), ('p_kw', p_kw), ('q_kvar', q_kvar), ('frequency_hz', frequency_hz))
      as m (measure, value)
    where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
      and m.value is not null
    union all
    select r.device_key, r.at, m.measure::measure, m.value
    from switch_reading r, lateral (values ('ia_a', ia_a), ('ib_a', ib_a), ('ic_a', ic_a)) as m (measure, value)
    where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
      and m.value is not null
  )`

const parametersOf = ({ batchIds, firstAt, lastAt }: Span): unknown[] => [batchIds, firstAt, lastAt]

/**
 * Adds the readings of some commits to the roll-ups per minute and per hour. Adds, so each commit may be taken once:
 * the cursor in the same transaction sees to it. A late reading adds to the minute and the hour it belongs to.
 */
export async function addToRollups(client: PoolClient, span: Span): Promise<void> {
  await client.query(
    `${measuredRows},
     minutes as (
       select date_trunc('minute', at) as at, device_key, measure,
         sum(value) as total, min(value) as lowest, max(value) as highest, count(*)::integer as samples
       from measured group by 1, 2, 3
     ),
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

/** Makes the newest reading of each device in some commits its latest, unless a newer one is known. */
export async function moveLatest(client: PoolClient, span: Span): Promise<void> {
  await client.query(
    `with newest as (
       select distinct on (device_key) device_key, kind, at, committed_at as received_at, quality, power_kw, measures from (
         select device_key, 'der'::reading_kind as kind, at, batch_id, quality, p_actual_kw as power_kw,
           jsonb_strip_nulls(jsonb_build_object('p_actual_kw', p_actual_kw, 'p_setpoint_kw', p_setpoint_kw,
             'soc', soc, 'p_max_kw', p_max_kw, 'shortwave_radiation_wm2', shortwave_radiation_wm2)) as measures
         from der_reading
         where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
         union all
         select device_key, 'panel', at, batch_id, quality, power_w / 1000,
           jsonb_build_object('temperature_celsius', temperature_celsius, 'voltage_volts', voltage_volts,
             'current_amperes', current_amperes, 'power_w', power_w)
         from panel_reading
         where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
         union all
         select device_key, 'meter', at, batch_id, quality, p_kw,
           jsonb_strip_nulls(jsonb_build_object('va_v', va_v, 'vb_v', vb_v, 'vc_v', vc_v, 'p_kw', p_kw,
             'q_kvar', q_kvar, 'frequency_hz', frequency_hz))
         from meter_reading
         where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
         union all
         select device_key, 'switch', at, batch_id, quality, null,
           jsonb_strip_nulls(jsonb_build_object('position', position, 'mode', mode, 'ia_a', ia_a, 'ib_a', ib_a, 'ic_a', ic_a))
         from switch_reading
         where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
       ) every
       join batch_log using (batch_id)
       order by device_key, at desc
     )
     insert into latest_reading as l (device_key, kind, at, received_at, quality, power_kw, measures)
     select * from newest
     on conflict (device_key) do update set kind = excluded.kind, at = excluded.at, received_at = excluded.received_at,
       quality = excluded.quality, power_kw = excluded.power_kw, measures = excluded.measures
     where excluded.at > l.at`,
    parametersOf(span),
  )
}
