import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { MeterMeasures } from '../domain/head-reading.ts'

/** The newest reading of a meter at the head of a feeder. */
export interface HeadRow {
  readonly meterId: string
  /** UTC milliseconds. */
  readonly at: number
  readonly powerKw: number | null
  readonly measures: MeterMeasures
}

/** What these meters said since an instant. @param since  UTC milliseconds */
export const headsSince = (queries: Queries, meterIds: readonly string[], since: number): Promise<HeadRow[]> =>
  queries.query(
    `select d.device_id as "meterId", ${milliseconds('l.at')} as at, l.power_kw as "powerKw", l.measures
     from device d join latest_reading l using (device_key)
     where d.device_id = any ($1::text[]) and l.at > to_timestamp($2::float8 / 1000) and l.quality <> 'invalid'`,
    [meterIds, since],
  )
