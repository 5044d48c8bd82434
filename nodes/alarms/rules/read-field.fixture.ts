import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'

/** What a meter reports: `at` in UTC milliseconds. */
export interface GivenReading {
  readonly device: string
  readonly at: number
  readonly kw?: number
  readonly volts?: number
  readonly quality?: string
}

/** Meters of units on two feeders: m-1 … on f-1, each tenth on f-2. */
export async function buildMeters(database: Database, count: number): Promise<void> {
  await database.query(`insert into feeder (feeder_id) values ('f-1'), ('f-2')`)
  await database.query(
    `insert into device (device_id, kind, status, feeder_id)
     select 'm-' || n, 'meter', 'active', case when n % 10 = 0 then 'f-2' else 'f-1' end from generate_series(1, $1::integer) n`,
    [count],
  )
}

/** Stores readings as one commit. */
export async function storeReadings(database: Database, readings: readonly GivenReading[]): Promise<void> {
  const partitions = new Partitions(database)
  for (const { at } of readings) await partitions.ensure('meter_reading', at)
  const instants = readings.map(({ at }) => at)
  const [firstAt, lastAt] = [instants.reduce((a, b) => Math.min(a, b)), instants.reduce((a, b) => Math.max(a, b))]
  await database.transaction(async (client) => {
    await client.query(`select nextval('batch_number')`)
    await client.query(
      `insert into meter_reading (at, batch_id, device_key, quality, p_kw, va_v, interval_s, aggregation)
       select to_timestamp(at / 1000), currval('batch_number'), device_key, quality, kw, volts, 60, 'mean'
       from unnest($1::text[], $2::float8[], $3::float8[], $4::float8[], $5::reading_quality[])
         as r (device_id, at, kw, volts, quality) join device using (device_id)`,
      [
        ...[readings.map(({ device }) => device), instants, readings.map(({ kw }) => kw ?? null)],
        ...[readings.map(({ volts }) => volts ?? null), readings.map(({ quality }) => quality ?? 'good')],
      ],
    )
    await client.query(
      `select append_batch(currval('batch_number'), $1, 0, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000),
         to_timestamp($3::float8 / 1000))`,
      [readings.length, firstAt, lastAt],
    )
  })
}
