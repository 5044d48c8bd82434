import type { PoolClient } from 'pg'
import type { Database } from '../../platform/storage/database.ts'
import type { Log, LogEntry } from '../../platform/storage/follower.ts'
import type { BandCounts } from './domain/indicators.ts'
import type { TaggedMeter } from './domain/time-series.ts'

/** What an official measurement came to, or came to by a correction. Instants are UTC milliseconds. */
export interface OfficialResult extends LogEntry, TaggedMeter, BandCounts {
  readonly startsAt: number
  /** End of the last window that counts. */
  readonly endedAt: number
  readonly valid: number
}

/** Results of official measurements in the order of their commits, as stores of time series follow them. */
export const officialResults: Log<OfficialResult> = {
  name: 'measurement_result',
  async after(client: Pick<PoolClient, 'query'>, position: number, maxItems: number) {
    const { rows } = await client.query<OfficialResult>(
      `select r.position::float8 as position, m.device_key as "deviceKey", d.device_id as "deviceId", m.unit_id as "unitId",
         coalesce(u.feeder_id, s.feeder_id) as "feederId", extract(epoch from m.starts_at)::float8 * 1000 as "startsAt",
         extract(epoch from r.ended_at)::float8 * 1000 as "endedAt", r.valid::integer as valid,
         r.precarious::integer[] as precarious, r.critical::integer[] as critical
       from measurement_result r
       join voltage_measurement m using (measurement_id)
       join device d using (device_key)
       join consumer_unit u on u.unit_id = m.unit_id
       left join site s on s.site_id = u.site_id
       where r.position > $1 order by r.position limit $2`,
      [position, maxItems],
    )
    return rows
  },
  async lagAfter(database: Pick<Database, 'query'>, position: number) {
    const [row] = await database.query<{ left: number }>(
      'select count(*)::integer as left from measurement_result where position > $1',
      [position],
    )
    return { batches: row!.left, readings: row!.left }
  },
  sizeOf: () => ({ items: 1, readings: 1 }),
}
