import type { RunningDatabase } from './running-system.fixture.ts'

export interface Latency {
  readings: number
  p50: number
  p99: number
  worst: number
}

/**
 * Time from a device's publishing to the commit, ms, of the steady readings published in a span of time: the device's
 * timestamp is the moment it published, by the same clock as the commit's.
 */
export function latency(database: RunningDatabase, from: number, to: number): Promise<Latency> {
  return database.row<Latency>(
    `select count(*)::float8 as readings, coalesce(percentile_cont(0.5) within group (order by ms), 0) as p50,
       coalesce(percentile_cont(0.99) within group (order by ms), 0) as p99, coalesce(max(ms), 0) as worst
     from (
       select extract(epoch from committed_at - at)::float8 * 1000 as ms
       from der_reading join batch_log using (batch_id) join device using (device_key)
       where device_id like 'steady-%' and at >= to_timestamp($1::float8 / 1000) and at < to_timestamp($2::float8 / 1000)
     ) measured`,
    [from, to],
  )
}

export const showLatency = ({ readings, p50, p99, worst }: Latency): string =>
  `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, worst ${worst.toFixed(0)} ms (${readings} readings)`
