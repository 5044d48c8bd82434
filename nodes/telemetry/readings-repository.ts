import type { Database } from '../../platform/storage/database.ts'

/** Devices in the order of their ids, each with its latest reading. */
export const readDevices = (database: Database, limit: number): Promise<Record<string, unknown>[]> =>
  database.query(
    `select device_id as "deviceId", device.kind, device.feeder_id as "feederId", priority, is_physical as "isPhysical",
       latest.at, latest.power_kw as "powerKw", latest.measures
     from device left join latest_reading latest using (device_key)
     order by device_id limit $1`,
    [limit],
  )
