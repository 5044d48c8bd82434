import { Partitions } from '../../platform/storage/partitions.ts'
import type { Database } from '../../platform/storage/database.ts'
import { windowMs } from './domain/windows.ts'

/** What a meter stored of a window; columns by their names, the instrument's values by those of the contract. */
export interface SeedReading {
  readonly deviceId: string
  /** End of the interval, UTC milliseconds. */
  readonly at: number
  readonly intervalS?: number
  readonly columns?: Readonly<Record<string, number | string>>
  readonly instrument?: Readonly<Record<string, number>>
}

/** Stores meter readings as telemetry would. */
export async function seedMeterReadings(database: Database, readings: readonly SeedReading[]): Promise<void> {
  const partitions = new Partitions(database)
  for (const { at } of readings) await partitions.ensure('meter_reading', at)
  const rows = readings.map(({ deviceId, at, intervalS = 600, columns, instrument }) => ({
    ...{
      device_id: deviceId,
      at: new Date(at).toISOString(),
      interval_s: intervalS,
      aggregation: 'rms',
      quality: 'good',
    },
    ...{ batch_id: 1, va_v: 220, ...columns, power_quality: instrument ?? null },
  }))
  await database.query(
    `insert into meter_reading select r.* from jsonb_array_elements($1) row
     join device on device_id = row ->> 'device_id',
     jsonb_populate_record(null::meter_reading, row || jsonb_build_object('device_key', device_key)) r`,
    [JSON.stringify(rows)],
  )
}

/** Stores windows of a meter, invalid where `invalid` says so. @param starts  UTC milliseconds */
export async function seedWindows(
  database: Database,
  deviceId: string,
  starts: readonly number[],
  invalid: (start: number) => boolean = () => false,
): Promise<void> {
  const partitions = new Partitions(database)
  for (const start of starts) await partitions.ensure('voltage_window', start)
  await database.query(
    `insert into voltage_window (at, changed, va_v, coverage, device_key, band_a, invalid_reason, evidence)
     select to_timestamp(start / 1000), 1, 220, 1, device_key, 'adequate', case when invalid then 'coverage'::invalid_window end,
       case when invalid then '{}'::jsonb end
     from unnest($2::float8[], $3::boolean[]) as w (start, invalid), device where device_id = $1`,
    [deviceId, starts, starts.map(invalid)],
  )
}

/** Beginnings of so many windows, one after the other. */
export const windowsFrom = (start: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => start + n * windowMs)

/** Stores events of voltage variations. */
export async function seedVtcd(
  database: Database,
  events: readonly {
    readonly deviceId: string
    readonly eventId: string
    readonly at: number
    readonly magnitudePu?: number
    readonly durationS?: number
  }[],
): Promise<void> {
  await database.query(
    `insert into field_event (device_key, event_id, at, received_at, batch_id, type, quality, phases, magnitude_pu, duration_s)
     select device_key, e ->> 'eventId', to_timestamp((e ->> 'at')::float8 / 1000), to_timestamp((e ->> 'at')::float8 / 1000), 1,
       'vtcd', 'good', 'A', (e ->> 'magnitudePu')::float8, (e ->> 'durationS')::float8
     from jsonb_array_elements($1) e join device on device_id = e ->> 'deviceId'`,
    [JSON.stringify(events)],
  )
}
