import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Span } from '../../../platform/storage/span.ts'
import type { ReadingKind } from '../../../platform/wire/reading.ts'
import type { Evidence } from '../domain/rules/rule.ts'

interface ReadingRow {
  readonly deviceId: string
  readonly at: number
  readonly quality: string
  readonly derType: string | null
  /** Measures and words; null: the reading has none of that name. */
  readonly [name: string]: unknown
}

/**
 * The readings of one kind that some commits brought, oldest first. The time range spares the partitions that cannot have any.
 * @param feederOf  of a device, as the registry knows it
 */
export async function readingsOf(
  queries: Queries,
  kind: ReadingKind,
  { batchIds, firstAt, lastAt }: Span,
  feederOf: (deviceId: string) => string | undefined,
): Promise<Evidence[]> {
  const rows = await queries.query<ReadingRow>(spanStatement(kind), [batchIds, firstAt, lastAt])
  return rows.map((row) => evidenceOf(kind, row, feederOf)).sort((a, b) => a.at - b.at)
}

/**
 * The newest readings of devices of one kind that are evidence, as far as a position of the batch log: of each device oldest first.
 * @param most  of one device
 * @param page  devices with a greater number than `after`, so many
 * @returns the readings, and the number of the last device; null where that was the last page
 */
export async function newestReadings(
  queries: Queries,
  kind: ReadingKind,
  position: number,
  most: number,
  page: { readonly after: number; readonly size: number },
  feederOf: (deviceId: string) => string | undefined,
): Promise<{ readonly readings: readonly Evidence[]; readonly last: number | null }> {
  const devices = await queries.query<{ key: number }>(
    `select device_key as key from device where kind = $1 and device_key > $2 order by device_key limit $3`,
    [kind, page.after, page.size],
  )
  const keys = devices.map(({ key }) => key)
  const rows = await queries.query<ReadingRow>(newestStatement(kind), [keys, position, most])
  const readings = rows.map((row) => evidenceOf(kind, row, feederOf)).sort((a, b) => a.at - b.at)
  return { readings, last: keys.length < page.size ? null : keys.at(-1)! }
}

const wordsOf: Readonly<Record<ReadingKind, readonly string[]>> = {
  ...{ der: [], panel: [] },
  ...{ meter: ['aggregation'], switch: ['position', 'mode'] },
}
/** What a row tells beside measures. */
const beside: ReadonlySet<string> = new Set(['deviceId', 'at', 'quality', 'derType', 'rare'])

function evidenceOf(kind: ReadingKind, row: ReadingRow, feederOf: (deviceId: string) => string | undefined): Evidence {
  const { deviceId, at, quality, derType } = row
  const values: Record<string, number> = {}
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'number' && !beside.has(name)) values[name] = value
  }
  Object.assign(values, row['rare'])
  const words = wordsOf[kind]
  const labels: Record<string, string> = derType === null ? {} : { type: derType }
  for (const word of words) labels[word] = row[word] as string
  return { deviceId, kind, at, feederId: feederOf(deviceId), values, labels, quality }
}

/** What a reading of a kind has, beside when it was and how good it is. */
const columns: Readonly<Record<ReadingKind, string>> = {
  der: 'der_type as "derType", p_actual_kw, p_setpoint_kw, soc, r.p_max_kw, cloud_cover_pct, shortwave_radiation_wm2, estimated_power_w',
  panel: 'null as "derType", temperature_celsius, voltage_volts, current_amperes, power_w, irradiance_wm2',
  meter: `null as "derType", va_v, vb_v, vc_v, ia_a, ib_a, ic_a, p_kw, q_kvar, frequency_hz, interval_s, aggregation,
    power_quality as rare`,
  switch: 'null as "derType", ia_a, ib_a, ic_a, position, mode',
}

const listed = (kind: ReadingKind): string =>
  `select device_id as "deviceId", ${milliseconds('at')} as at, quality, ${columns[kind]}`

const spanStatement = (kind: ReadingKind): string => `
  ${listed(kind)} from ${kind}_reading r join device using (device_key)
  where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)`

const newestStatement = (kind: ReadingKind): string => `
  ${listed(kind)} from device d cross join lateral (
    select * from ${kind}_reading where device_key = d.device_key and quality <> 'invalid'
      and batch_id not in (select batch_id from batch_log where position > $2)
    order by at desc limit $3) r
  where d.device_key = any ($1)`

/** Units whose meters devices are. @param at  UTC milliseconds */
export async function unitsOf(
  queries: Queries,
  deviceIds: readonly string[],
  at: number,
): Promise<Map<string, string>> {
  const rows = await queries.query<{ deviceId: string; unitId: string }>(
    `select device_id as "deviceId", unit_id as "unitId" from device join meter_assignment using (device_key)
     where device_id = any ($1) and validity @> to_timestamp($2::float8 / 1000)`,
    [deviceIds, at],
  )
  return new Map(rows.map(({ deviceId, unitId }) => [deviceId, unitId]))
}

/**
 * When time has passed as far as the batch log was taken: now, or when the first commit after a position was made, for what it
 * brought may be newer.
 * @param now  UTC milliseconds
 */
export async function takenUntil(queries: Queries, position: number, now: number): Promise<number> {
  const [next] = await queries.query<{ at: number }>(
    `select ${milliseconds('committed_at')} as at from batch_log where position > $1 order by position limit 1`,
    [position],
  )
  return Math.min(now, next?.at ?? now)
}
