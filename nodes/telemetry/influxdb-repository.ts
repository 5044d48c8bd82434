import type { Database } from '../../platform/storage/database.ts'
import type { ReadingKind } from '../../platform/wire/reading.ts'
import type { FieldValue } from '../../platform/wire/line-protocol.ts'
import type { TaggedDevice } from './domain/time-series.ts'
import { seriesTables, type RareValues } from './series-tables.ts'
import type { Span } from '../../platform/storage/span.ts'

/** Number of the device, instant in UTC milliseconds, then the values in the order of `fieldNames` of the kind. */
export type PointRow = [deviceKey: number, at: number, ...values: FieldValue[]]

/** Fields of a reading's point: its measures, its words, its quality, then those that few have: its row may end before them. */
export const fieldNames: Readonly<Record<ReadingKind, readonly string[]>> = {
  der: namesOf('der'),
  panel: namesOf('panel'),
  meter: namesOf('meter'),
  switch: namesOf('switch'),
}

function namesOf(kind: ReadingKind): string[] {
  const { measures, words, rare } = seriesTables[kind]
  return [...measures, ...words, 'quality', ...(rare ? [...rare.measures, ...rare.words] : [])]
}

/** The readings of one kind that some commits brought. The time range spares the partitions that cannot have any. */
export async function readingsOf(database: Database, kind: ReadingKind, span: Span): Promise<PointRow[]> {
  const rows = await database.transaction((client) =>
    client.query<PointRow>({
      text: statements[kind],
      values: [span.batchIds, span.firstAt, span.lastAt],
      rowMode: 'array',
    }),
  )
  const { rare } = seriesTables[kind]
  if (rare) for (const row of rows.rows) spreadRare(row as unknown[], rare)
  return rows.rows
}

/** The object that ends a row gives way to what is in it. */
function spreadRare(row: unknown[], { measures, words }: RareValues): void {
  const present = row.pop() as Record<string, number | string> | null
  if (!present) return
  for (const name of measures) row.push(present[name])
  for (const name of words) row.push(present[name])
}

const statements: Readonly<Record<ReadingKind, string>> = {
  der: `
    select device_key, extract(epoch from at)::float8 * 1000, p_actual_kw, p_setpoint_kw, soc, p_max_kw,
      cloud_cover_pct, shortwave_radiation_wm2, estimated_power_w, quality, charging
    from der_reading
    where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)`,
  panel: `
    select device_key, extract(epoch from at)::float8 * 1000, temperature_celsius, voltage_volts, current_amperes,
      power_w, irradiance_wm2, quality
    from panel_reading
    where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)`,
  meter: `
    select device_key, extract(epoch from at)::float8 * 1000, va_v, vb_v, vc_v, ia_a, ib_a, ic_a, p_kw, q_kvar,
      frequency_hz, interval_s, aggregation, contact, quality, power_quality
    from meter_reading
    where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)`,
  switch: `
    select device_key, extract(epoch from at)::float8 * 1000, ia_a, ib_a, ic_a, position, mode, tripped,
      reclose_blocked, quality
    from switch_reading
    where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)`,
}

export interface EventRow {
  deviceKey: number
  eventId: string
  at: number
  type: string
  quality: string
  phases: string | null
  cause: string | null
  magnitudePu: number | null
  durationS: number | null
}

/** The events that some commits brought. */
export async function eventsOf(database: Database, batchIds: number[]): Promise<EventRow[]> {
  return database.query<EventRow>(
    `select device_key as "deviceKey", event_id as "eventId", extract(epoch from at)::float8 * 1000 as at, type, quality,
       phases, cause, magnitude_pu as "magnitudePu", duration_s as "durationS"
     from field_event where batch_id = any ($1)`,
    [batchIds],
  )
}

/**
 * What the registry says of some devices at `now` (UTC milliseconds): feeder and site are the device's own, else those
 * of its unit or site.
 */
export async function taggedDevices(database: Database, deviceKeys: number[], now: number): Promise<TaggedDevice[]> {
  const rows = await database.query<{
    deviceKey: number
    deviceId: string
    type: string | null
    feederId: string | null
    siteId: string | null
  }>(
    `select d.device_key as "deviceKey", d.device_id as "deviceId", d.der_type as type,
       coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId", coalesce(d.site_id, u.site_id) as "siteId"
     from device d
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     where d.device_key = any ($1)`,
    [deviceKeys, now],
  )
  return rows.map(({ deviceKey, deviceId, type, feederId, siteId }) => ({
    ...{ deviceKey, deviceId },
    ...(type !== null && { type }),
    ...(feederId !== null && { feederId }),
    ...(siteId !== null && { siteId }),
  }))
}
