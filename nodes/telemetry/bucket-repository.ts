import type { Database } from '../../platform/storage/database.ts'
import type { Grains } from './domain/buckets.ts'

/** A period of one device, divided into what it is read from. */
export interface DevicePeriod {
  readonly deviceKey: number
  readonly grains: Grains
}

/** What the readings of one device and measure came to within one bucket. */
export interface BucketSum {
  /** Number of the period, and of the bucket, from 0 on. */
  readonly period: number
  readonly bucket: number
  readonly total: number
  readonly lowest: number
  readonly highest: number
  readonly samples: number
}

/** Measures that can be asked for by bucket, and where their readings stand. */
const readingTables = {
  power_w: 'panel_reading',
  temperature_celsius: 'panel_reading',
  p_kw: 'meter_reading',
} as const
export type BucketMeasure = keyof typeof readingTables

/**
 * Sums of one measure by device period and bucket: from hours and minutes that were rolled up, and from the readings
 * themselves where a period begins or ends within a minute.
 * @param edges  where buckets meet, UTC milliseconds
 */
export function bucketSums(
  database: Database,
  measure: BucketMeasure,
  periods: readonly DevicePeriod[],
  edges: readonly number[],
): Promise<BucketSum[]> {
  const instants = (pick: (grains: Grains) => number) => periods.map(({ grains }) => timestamp(pick(grains)))
  return database.query<BucketSum>(statements[measure], [
    edges.map(timestamp),
    periods.map(({ deviceKey }) => deviceKey),
    instants(({ from }) => from),
    instants(({ minuteFrom }) => minuteFrom),
    instants(({ hourFrom }) => hourFrom),
    instants(({ hourTo }) => hourTo),
    instants(({ minuteTo }) => minuteTo),
    instants(({ end }) => end),
  ])
}

const timestamp = (instant: number): string => new Date(instant).toISOString()

const statementOf = (measure: BucketMeasure): string => `
  with periods as materialized (
    select row_number() over () - 1 as period, p.*
    from unnest($2::integer[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
      $7::timestamptz[], $8::timestamptz[]) p (device_key, from_at, minute_from, hour_from, hour_to, minute_to, end_at)
  ), parts as (
    select period, r.at, total, lowest, highest, samples from periods p join reading_hour r
      on r.device_key = p.device_key and measure = '${measure}' and r.at >= hour_from and r.at < hour_to
    union all
    select period, r.at, total, lowest, highest, samples from periods p join reading_minute r
      on r.device_key = p.device_key and measure = '${measure}' and r.at >= minute_from and r.at < hour_from
    union all
    select period, r.at, total, lowest, highest, samples from periods p join reading_minute r
      on r.device_key = p.device_key and measure = '${measure}' and r.at >= hour_to and r.at < minute_to
    union all
    select period, r.at, ${measure}, ${measure}, ${measure}, 1 from periods p join ${readingTables[measure]} r
      on r.device_key = p.device_key and ${measure} is not null and r.at >= from_at and r.at < minute_from
    union all
    select period, r.at, ${measure}, ${measure}, ${measure}, 1 from periods p join ${readingTables[measure]} r
      on r.device_key = p.device_key and ${measure} is not null and r.at >= minute_to and r.at < end_at
  )
  select period::integer, width_bucket(at, $1::timestamptz[]) - 1 as bucket, sum(total) as total,
    min(lowest) as lowest, max(highest) as highest, sum(samples)::float8 as samples
  from parts group by 1, 2 order by 1, 2`

const statements: Readonly<Record<BucketMeasure, string>> = {
  power_w: statementOf('power_w'),
  temperature_celsius: statementOf('temperature_celsius'),
  p_kw: statementOf('p_kw'),
}
