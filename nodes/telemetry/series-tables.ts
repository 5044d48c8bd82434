import { instrumentMeasures } from '../../platform/wire/payloads.ts'
import type { Reading, ReadingKind } from '../../platform/wire/reading.ts'

/** The table of one kind of reading: what stands in it, and the statements that write it. */
export interface SeriesTable {
  readonly name: string
  /** Measures, as in `Reading.values`; without the rare ones. */
  readonly measures: readonly string[]
  /** Words, as in `Reading.labels`; without the rare ones. */
  readonly words: readonly string[]
  /** Stores what is not there yet: `measures`, then `words`. */
  readonly insert: string
  /**
   * What few devices report. It shares one column, as an object, which is null where there is none of it, and `insert`
   * does not mention it: readings without it cost what they would cost if there were none.
   */
  readonly rare?: RareValues
  /** Keys of what stands under the number of a batch. */
  readonly keys: string
  /** Reads back the rows with the given keys, measures and words as columns. */
  readonly read: string
}

export interface RareValues {
  readonly measures: ReadonlySet<string>
  readonly words: ReadonlySet<string>
  readonly column: string
  /** Stores what is not there yet: `measures`, `words`, then the column. */
  readonly insert: string
}

const der: SeriesTable = {
  name: 'der_reading',
  measures: [
    'p_actual_kw',
    'p_setpoint_kw',
    'soc',
    'p_max_kw',
    'cloud_cover_pct',
    'shortwave_radiation_wm2',
    'estimated_power_w',
  ],
  words: [],
  insert: `
    insert into der_reading (batch_id, at, received_at, device_key, quality,
      p_actual_kw, p_setpoint_kw, soc, p_max_kw, cloud_cover_pct, shortwave_radiation_wm2, estimated_power_w)
    select $1, to_timestamp(at / 1000), to_timestamp(received_at / 1000), device_key, quality,
      p_actual_kw, p_setpoint_kw, soc, p_max_kw, cloud_cover_pct, shortwave_radiation_wm2, estimated_power_w
    from unnest($2::float8[], $3::float8[], $4::integer[], $5::reading_quality[],
      $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[])
      as r (at, received_at, device_key, quality,
        p_actual_kw, p_setpoint_kw, soc, p_max_kw, cloud_cover_pct, shortwave_radiation_wm2, estimated_power_w)
    on conflict do nothing`,
  rare: {
    measures: new Set(['energy_needed_kwh']),
    words: new Set(['plugged_in', 'departs_at']),
    column: 'charging',
    insert: `
      insert into der_reading (batch_id, at, received_at, device_key, quality,
        p_actual_kw, p_setpoint_kw, soc, p_max_kw, cloud_cover_pct, shortwave_radiation_wm2, estimated_power_w, charging)
      select $1, to_timestamp(at / 1000), to_timestamp(received_at / 1000), device_key, quality,
        p_actual_kw, p_setpoint_kw, soc, p_max_kw, cloud_cover_pct, shortwave_radiation_wm2, estimated_power_w, charging
      from unnest($2::float8[], $3::float8[], $4::integer[], $5::reading_quality[],
        $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::jsonb[])
        as r (at, received_at, device_key, quality,
          p_actual_kw, p_setpoint_kw, soc, p_max_kw, cloud_cover_pct, shortwave_radiation_wm2, estimated_power_w, charging)
      on conflict do nothing`,
  },
  keys: `
    select device_key as "deviceKey", extract(epoch from at)::float8 * 1000 as at from der_reading where batch_id = $1`,
  read: `
    select r.*, k.at as instant from unnest($1::integer[], $2::float8[]) as k (device_key, at)
    join der_reading r on r.device_key = k.device_key and r.at = to_timestamp(k.at / 1000)`,
}

const panel: SeriesTable = {
  name: 'panel_reading',
  measures: ['temperature_celsius', 'voltage_volts', 'current_amperes', 'power_w', 'irradiance_wm2'],
  words: [],
  insert: `
    insert into panel_reading (batch_id, at, received_at, device_key, quality,
      temperature_celsius, voltage_volts, current_amperes, power_w, irradiance_wm2)
    select $1, to_timestamp(at / 1000), to_timestamp(received_at / 1000), device_key, quality,
      temperature_celsius, voltage_volts, current_amperes, power_w, irradiance_wm2
    from unnest($2::float8[], $3::float8[], $4::integer[], $5::reading_quality[],
      $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::float8[])
      as r (at, received_at, device_key, quality, temperature_celsius, voltage_volts, current_amperes, power_w, irradiance_wm2)
    on conflict do nothing`,
  keys: `
    select device_key as "deviceKey", extract(epoch from at)::float8 * 1000 as at from panel_reading where batch_id = $1`,
  read: `
    select r.*, k.at as instant from unnest($1::integer[], $2::float8[]) as k (device_key, at)
    join panel_reading r on r.device_key = k.device_key and r.at = to_timestamp(k.at / 1000)`,
}

const meter: SeriesTable = {
  name: 'meter_reading',
  measures: ['va_v', 'vb_v', 'vc_v', 'ia_a', 'ib_a', 'ic_a', 'p_kw', 'q_kvar', 'frequency_hz', 'interval_s'],
  words: ['aggregation', 'contact'],
  insert: `
    insert into meter_reading (batch_id, at, received_at, device_key, quality,
      va_v, vb_v, vc_v, ia_a, ib_a, ic_a, p_kw, q_kvar, frequency_hz, interval_s, aggregation, contact)
    select $1, to_timestamp(at / 1000), to_timestamp(received_at / 1000), device_key, quality,
      va_v, vb_v, vc_v, ia_a, ib_a, ic_a, p_kw, q_kvar, frequency_hz, interval_s, aggregation, contact
    from unnest($2::float8[], $3::float8[], $4::integer[], $5::reading_quality[],
      $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[],
      $13::float8[], $14::float8[], $15::float8[], $16::meter_aggregation[], $17::meter_contact[])
      as r (at, received_at, device_key, quality,
        va_v, vb_v, vc_v, ia_a, ib_a, ic_a, p_kw, q_kvar, frequency_hz, interval_s, aggregation, contact)
    on conflict do nothing`,
  rare: {
    measures: new Set(instrumentMeasures),
    words: new Set(),
    column: 'power_quality',
    insert: `
      insert into meter_reading (batch_id, at, received_at, device_key, quality,
        va_v, vb_v, vc_v, ia_a, ib_a, ic_a, p_kw, q_kvar, frequency_hz, interval_s, aggregation, contact, power_quality)
      select $1, to_timestamp(at / 1000), to_timestamp(received_at / 1000), device_key, quality,
        va_v, vb_v, vc_v, ia_a, ib_a, ic_a, p_kw, q_kvar, frequency_hz, interval_s, aggregation, contact, power_quality
      from unnest($2::float8[], $3::float8[], $4::integer[], $5::reading_quality[],
        $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[],
        $13::float8[], $14::float8[], $15::float8[], $16::meter_aggregation[], $17::meter_contact[],
        $18::jsonb[])
        as r (at, received_at, device_key, quality,
          va_v, vb_v, vc_v, ia_a, ib_a, ic_a, p_kw, q_kvar, frequency_hz, interval_s, aggregation, contact, power_quality)
      on conflict do nothing`,
  },
  keys: `
    select device_key as "deviceKey", extract(epoch from at)::float8 * 1000 as at from meter_reading where batch_id = $1`,
  read: `
    select r.*, k.at as instant from unnest($1::integer[], $2::float8[]) as k (device_key, at)
    join meter_reading r on r.device_key = k.device_key and r.at = to_timestamp(k.at / 1000)`,
}

const switches: SeriesTable = {
  name: 'switch_reading',
  measures: ['ia_a', 'ib_a', 'ic_a'],
  words: ['position', 'mode', 'tripped', 'reclose_blocked'],
  insert: `
    insert into switch_reading (batch_id, at, received_at, device_key, quality, ia_a, ib_a, ic_a, position, mode,
      tripped, reclose_blocked)
    select $1, to_timestamp(at / 1000), to_timestamp(received_at / 1000), device_key, quality,
      ia_a, ib_a, ic_a, position, mode, tripped, reclose_blocked
    from unnest($2::float8[], $3::float8[], $4::integer[], $5::reading_quality[],
      $6::float8[], $7::float8[], $8::float8[], $9::switch_position[], $10::switch_mode[], $11::yes_no[], $12::yes_no[])
      as r (at, received_at, device_key, quality, ia_a, ib_a, ic_a, position, mode, tripped, reclose_blocked)
    on conflict do nothing`,
  keys: `
    select device_key as "deviceKey", extract(epoch from at)::float8 * 1000 as at from switch_reading where batch_id = $1`,
  read: `
    select r.*, k.at as instant from unnest($1::integer[], $2::float8[]) as k (device_key, at)
    join switch_reading r on r.device_key = k.device_key and r.at = to_timestamp(k.at / 1000)`,
}

export const seriesTables: Readonly<Record<ReadingKind, SeriesTable>> = { der, panel, meter, switch: switches }

/** The column of what is rare in a reading; null where it has nothing of it. */
export function rareColumn(
  { measures, words }: RareValues,
  { values, labels }: Pick<Reading, 'values' | 'labels'>,
): string | null {
  const present: Record<string, number | string> = {}
  for (const name of measures) if (values[name] !== undefined) present[name] = values[name]
  for (const name of words) if (labels?.[name] !== undefined) present[name] = labels[name]
  return Object.keys(present).length === 0 ? null : JSON.stringify(present)
}

/** A row with what is rare in it, where there is any, under its own names. */
export function withRareValues<Row extends Record<string, unknown>>(kind: ReadingKind, row: Row): Row {
  const { rare } = seriesTables[kind]
  if (!rare) return row
  const { [rare.column]: present, ...others } = row
  return { ...others, ...(present as object | null) } as Row
}

/** All measures of a kind, those that few devices report last. */
export const measuresOf = (kind: ReadingKind): readonly string[] => [
  ...seriesTables[kind].measures,
  ...(seriesTables[kind].rare?.measures ?? []),
]

/** All words of a kind, those that few devices report last. */
export const wordsOf = (kind: ReadingKind): readonly string[] => [
  ...seriesTables[kind].words,
  ...(seriesTables[kind].rare?.words ?? []),
]
