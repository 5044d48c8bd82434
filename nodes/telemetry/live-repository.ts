import type { Database } from '../../platform/storage/database.ts'
import type { LatestReading, RegisteredDevice } from './domain/live-device.ts'

/** Every active device of a known kind. @param at  instant of which the units are, UTC ms */
export const registeredDevices = (database: Database, at: number): Promise<RegisteredDevice[]> =>
  database.query(
    `select d.device_id as "deviceId", d.kind, coalesce(d.der_type, d.kind::text) as type, priority,
       exists (select from meter_assignment m where m.device_key = d.device_key) as "ofUnit",
       coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId"
     from device d
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     where d.status = 'active' and d.kind is not null`,
    [at],
  )

/** On which phases every active device is, as `AC`; of meters those of their unit. @param at  instant of which the units are, UTC ms */
export async function devicePhases(database: Database, at: number): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query<{ deviceId: string; phases: string }>(
    `select d.device_id as "deviceId", coalesce(d.phases, u.phases) as phases
     from device d
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     where d.status = 'active' and coalesce(d.phases, u.phases) is not null`,
    [at],
  )
  return new Map(rows.map(({ deviceId, phases }) => [deviceId, phases]))
}

/** Which feeder hangs on which; null: on none. */
export async function feederParents(database: Database): Promise<Map<string, string | null>> {
  const rows = await database.query<{ feederId: string; parentFeederId: string | null }>(
    'select feeder_id as "feederId", parent_feeder_id as "parentFeederId" from feeder',
  )
  return new Map(rows.map(({ feederId, parentFeederId }) => [feederId, parentFeederId]))
}

/** The meters at the heads of feeders. */
export async function headMeters(database: Database): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ deviceId: string }>(
    'select head_meter_id as "deviceId" from feeder where head_meter_id is not null',
  )
  return new Set(rows.map(({ deviceId }) => deviceId))
}

/** The latest readings of these devices. */
export const latestReadingsOf = (
  database: Database,
  deviceIds: readonly string[],
): Promise<(LatestReading & { deviceId: string })[]> =>
  database.query(
    `select device_id as "deviceId", round(extract(epoch from at) * 1000)::float8 as at,
       round(extract(epoch from received_at) * 1000)::float8 as "receivedAt", quality, power_kw as "powerKw", measures as values
     from latest_reading join device using (device_key) where device_id = any ($1)`,
    [deviceIds],
  )
