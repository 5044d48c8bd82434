import type { Database } from '../../platform/storage/database.ts'
import type { VoltageBand } from './domain/bands.ts'
import type { BandCounts } from './domain/indicators.ts'
import type { PerPhase } from './domain/sample.ts'
import type { InvalidReason } from './domain/windows.ts'

/** The newest window of a meter, as it is shown. */
export interface NewestWindow {
  readonly deviceKey: number
  /** Its beginning, UTC milliseconds. */
  readonly start: number
  readonly volts: PerPhase<number>
  readonly bands: PerPhase<VoltageBand>
  readonly reason: InvalidReason | null
}

/** The newest windows of meters, of those that have one within their week. Most stand where windows were closed last. */
export async function newestWindows(database: Database, deviceKeys: readonly number[]): Promise<NewestWindow[]> {
  const found = await database.query<NewestWindow>(
    `select ${shown} from voltage_week k
     join voltage_window w on w.at = k.until - interval '10 minutes' and w.device_key = k.device_key
     where k.device_key = any ($1)`,
    [deviceKeys],
  )
  const known = new Set(found.map(({ deviceKey }) => deviceKey))
  const silent = deviceKeys.filter((deviceKey) => !known.has(deviceKey))
  if (silent.length === 0) return found
  const older = await database.query<NewestWindow>(
    `select ${shown} from voltage_week k
     cross join lateral (
       select w.* from generate_series(k.until - interval '20 minutes', k.until - interval '7 days', interval '-10 minutes') as s (at)
       join voltage_window w on w.at = s.at and w.device_key = k.device_key
       order by s.at desc limit 1
     ) w
     where k.device_key = any ($1)`,
    [silent],
  )
  return [...found, ...older]
}

const shown = `
  w.device_key as "deviceKey", extract(epoch from w.at)::float8 * 1000 as start, array[w.va_v, w.vb_v, w.vc_v] as volts,
  array[w.band_a, w.band_b, w.band_c]::text[] as bands, w.invalid_reason as reason`

/** An official measurement that runs, as far as it has come. */
export interface RunningMeasurement extends BandCounts {
  readonly unitId: string
  readonly measurementId: number
  readonly kind: 'sample' | 'complaint' | 'inspection'
  readonly startsAt: number
  readonly valid: number
}

/** The measurements that run at some units. */
export const runningMeasurements = (database: Database, unitIds: readonly string[]): Promise<RunningMeasurement[]> =>
  database.query<RunningMeasurement>(
    `select m.unit_id as "unitId", m.measurement_id as "measurementId", m.kind,
       extract(epoch from m.starts_at)::float8 * 1000 as "startsAt", counts.*
     from voltage_measurement m
     cross join lateral (
       select count(*)::integer as valid,
         array[count(*) filter (where band_a = 'precarious'), count(*) filter (where band_b = 'precarious'),
           count(*) filter (where band_c = 'precarious')]::integer[] as precarious,
         array[count(*) filter (where band_a = 'critical'), count(*) filter (where band_b = 'critical'),
           count(*) filter (where band_c = 'critical')]::integer[] as critical
       from measurement_window w where w.measurement_id = m.measurement_id and w.invalid_reason is null
     ) counts
     where m.status = 'running' and m.unit_id = any ($1)`,
    [unitIds],
  )

/** How far each running measurement has come: the meter that its unit has at $1 (UTC milliseconds), and a mark that changes as it goes on. */
export const measurementMarks = (
  database: Database,
  at: number,
): Promise<{ deviceKey: number; measurementId: number; mark: string }[]> =>
  database.query(
    `select a.device_key as "deviceKey", m.measurement_id as "measurementId", m.taken_until::text as mark
     from voltage_measurement m
     join meter_assignment a on a.unit_id = m.unit_id and a.validity @> to_timestamp($1::float8 / 1000)
     where m.status = 'running'`,
    [at],
  )
