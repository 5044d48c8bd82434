import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { FeederTracking, TrackingFigures } from '../domain/tracking/tracking.ts'
import type { DeviceFigures } from './compute.ts'

/** What the control loop knew last of a feeder that it steers, and what flowed into it. Power in kW, consumption positive. */
export interface FeederControl {
  readonly feederId: string
  /** Tightest limit in force on the feeder itself, of the sum of all phases; null: none. */
  readonly importLimitKw: number | null
  readonly exportLimitKw: number | null
}

/** A feeder's figures of a round, with how fairly it was shared, and within what. */
export interface FeederFigures extends FeederTracking {
  /** Jain's index of what each has of what it wants; null: nothing was shared out. */
  readonly jainIndex: number | null
  readonly importLimitKw: number | null
  readonly exportLimitKw: number | null
  /** Mean of its head meter in that time; null: it has none, or it is silent. */
  readonly loadKw: number | null
}

export interface TrackingRound {
  readonly at: number
  readonly windowMinutes: number
  readonly feeders: readonly FeederFigures[]
  /** Once for each whole window; empty in between. */
  readonly devices: readonly DeviceFigures[]
}

const figureColumns = [
  ...['minutes', 'setpoint_kw', 'actual_kw', 'mean_error_kw', 'mean_absolute_error_kw', 'rms_error_kw'],
  ...['largest_error_kw', 'beyond_kw', 'utilisation', 'switches_per_hour'],
] as const
const figuresOf = (figures: TrackingFigures): readonly (number | null)[] => [
  ...[figures.minutes, figures.setpointKw, figures.actualKw, figures.meanErrorKw, figures.meanAbsoluteErrorKw],
  ...[figures.rmsErrorKw, figures.largestErrorKw, figures.beyondKw, figures.utilisation, figures.switchesPerHour],
]
const columnArrays = (rows: readonly TrackingFigures[]): (number | null)[][] => {
  const figures = rows.map(figuresOf)
  return figureColumns.map((_, column) => figures.map((row) => row[column]!))
}
/** $1 the instant, $2 the window; then whose they are, and the figures. */
const figureArrays = figureColumns.map((_, index) => `$${index + 4}::float8[]`).join(', ')
const figureNames = figureColumns.join(', ')
/** As `TrackingFigures` names them. */
const selectedFigures = `
  minutes::integer as minutes, setpoint_kw as "setpointKw", actual_kw as "actualKw", mean_error_kw as "meanErrorKw",
  mean_absolute_error_kw as "meanAbsoluteErrorKw", rms_error_kw as "rmsErrorKw", largest_error_kw as "largestErrorKw",
  beyond_kw as "beyondKw", utilisation, switches_per_hour as "switchesPerHour"`

/** Makes sure of the months that a round is written to. @param at  UTC milliseconds */
export async function ensureTrackingMonths(queries: Queries, at: number): Promise<void> {
  for (const table of ['feeder_tracking', 'device_tracking'])
    await queries.query('select ensure_partition($1, to_timestamp($2::float8 / 1000))', [table, at])
}

/** Writes a round: one of the same instant takes its place. In one transaction, so that whoever follows sees all of it. */
export async function writeRound(
  queries: Queries,
  { at, windowMinutes, feeders, devices }: TrackingRound,
): Promise<void> {
  // Positions become visible in their order: one writes at a time.
  await queries.query(`select pg_advisory_xact_lock(hashtextextended('linha-viva tracking', 0))`)
  if (feeders.length > 0)
    await queries.query(
      `insert into feeder_tracking (at, window_minutes, tracked_feeder, ${figureNames}, devices, jain_index, import_limit_kw,
         export_limit_kw, load_kw)
       select to_timestamp($1::float8 / 1000), $2, * from unnest($3::text[], ${figureArrays}, $14::float8[], $15::float8[],
         $16::float8[], $17::float8[], $18::float8[])
       on conflict (tracked_feeder, at) do update set window_minutes = excluded.window_minutes,
         ${[...figureColumns, 'devices', 'jain_index', 'import_limit_kw', 'export_limit_kw', 'load_kw'].map((name) => `${name} = excluded.${name}`).join(', ')}`,
      [
        ...[at, windowMinutes, feeders.map(({ feederId }) => feederId), ...columnArrays(feeders)],
        ...[feeders.map(({ devices: count }) => count), feeders.map(({ jainIndex }) => jainIndex)],
        ...[feeders.map(({ importLimitKw }) => importLimitKw), feeders.map(({ exportLimitKw }) => exportLimitKw)],
        feeders.map(({ loadKw }) => loadKw),
      ],
    )
  if (devices.length > 0)
    await queries.query(
      `insert into device_tracking (at, window_minutes, device_key, ${figureNames})
       select to_timestamp($1::float8 / 1000), $2, * from unnest($3::integer[], ${figureArrays})
       on conflict (device_key, at) do update set window_minutes = excluded.window_minutes,
         ${figureColumns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      [at, windowMinutes, devices.map(({ device }) => device.deviceKey), ...columnArrays(devices)],
    )
  await queries.query(
    `insert into tracking_round (at, window_minutes, feeders, devices) values (to_timestamp($1::float8 / 1000), $2, $3, $4)`,
    [at, windowMinutes, feeders.length, devices.length],
  )
}

/** End of the newest round, and of the newest one with single devices; null: there is none. UTC milliseconds. */
export async function lastRounds(queries: Queries): Promise<{ any: number | null; withDevices: number | null }> {
  const [row] = await queries.query<{ any: number | null; withDevices: number | null }>(
    `select (select ${milliseconds('at')} from tracking_round order by position desc limit 1) as any,
       (select ${milliseconds('max(at)')} from device_tracking) as "withDevices"`,
  )
  return row!
}

/** What was found of feeders in the newest round. */
export const newestFeeders = (queries: Queries): Promise<(FeederFigures & { readonly at: number })[]> =>
  queries.query(
    `select tracked_feeder as "feederId", ${milliseconds('at')} as at, devices, ${selectedFigures}, jain_index as "jainIndex",
       import_limit_kw as "importLimitKw", export_limit_kw as "exportLimitKw", load_kw as "loadKw"
     from feeder_tracking where at = (select at from tracking_round order by position desc limit 1)
     order by tracked_feeder`,
  )

/** The tightest limits of feeders that are steered, as the control loop knew them in its newest rounds. */
export const controlledFeeders = (queries: Queries): Promise<FeederControl[]> =>
  queries.query(
    `select f ->> 'feederId' as "feederId", (f ->> 'importLimitKw')::float8 as "importLimitKw",
       (f ->> 'exportLimitKw')::float8 as "exportLimitKw"
     from feeder_allocation, jsonb_array_elements(allocation -> 'feeders') f
     where f ->> 'line' = 'total'`,
  )

/** What each device has of what it wants, as last shared out, since an instant: 1 where nothing is missing. */
export const satisfiedShares = (
  queries: Queries,
  since: number,
): Promise<{ deviceId: string; feederId: string; share: number }[]> =>
  queries.query(
    `select device_id as "deviceId", on_feeder as "feederId",
       greatest(0, least(1, 1 - deficit_kw / (abs(power_kw) + deficit_kw))) as share
     from device_share where at >= to_timestamp($1::float8 / 1000) and abs(power_kw) + deficit_kw > 0.01`,
    [since],
  )

/** Mean power of head meters over whole minutes, kW; consumption positive. */
export async function headLoads(queries: Queries, from: number, to: number): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query<{ feederId: string; loadKw: number }>(
    `select f.feeder_id as "feederId", avg(r.total / r.samples) as "loadKw"
     from feeder f join device d on d.device_id = f.head_meter_id
     join reading_minute r on r.device_key = d.device_key and r.measure = 'p_kw'
       and r.at >= to_timestamp($1::float8 / 1000) and r.at < to_timestamp($2::float8 / 1000)
     group by f.feeder_id`,
    [from, to],
  )
  return new Map(rows.map(({ feederId, loadKw }) => [feederId, loadKw]))
}

/** Lets go of what is older than it is kept, whole months at a time. Instants are UTC milliseconds. */
export async function forgetTracking(
  queries: Queries,
  before: { readonly feeders: number; readonly devices: number },
  now: number,
): Promise<void> {
  for (const [table, instant] of [
    ['feeder_tracking', before.feeders],
    ['device_tracking', before.devices],
  ])
    await queries.query(
      'select drop_partitions_before($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000))',
      [table, instant, now],
    )
  await queries.query('delete from tracking_round where at < to_timestamp($1::float8 / 1000)', [before.feeders])
}
