import type { Database } from '../../platform/storage/database.ts'
import type { FieldOverview } from '../../platform/wire/overview.ts'
import { withoutCar, withoutConsumption } from '../../platform/wire/unit-privacy.ts'

/** A device's feeder: its own, else that of its unit at `$2` (UTC milliseconds), else that of its site. */
const feederColumn = 'coalesce(d.feeder_id, u.feeder_id, s.feeder_id)'
const placeSource = `
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)`

/** Devices that reported within `silentAfterMs`, and those that did not: by the latest reading, or an offline word. */
export async function reportingDevices(
  database: Database,
  now: number,
  silentAfterMs: number,
): Promise<FieldOverview['devices']> {
  const [row] = await database.query<{ reporting: number; silent: number; silentIds: string[] }>(
    `select count(*) filter (where reports)::float8 as reporting, count(*) filter (where not reports and not awaited)::float8 as silent,
       coalesce((array_agg(device_id order by device_id) filter (where not reports and not awaited))[1:20], '{}') as "silentIds"
     from (
       select d.device_id,
         coalesce(l.received_at > to_timestamp($1::float8 / 1000), false)
           and coalesce(p.online or p.received_at < l.received_at - interval '5 seconds', true) as reports,
         -- Registered a moment ago: it may report every ten minutes only.
         l.at is null and d.first_seen_at > to_timestamp($1::float8 / 1000) as awaited
       from device d
       left join latest_reading l using (device_key)
       left join device_presence p using (device_key)
       where d.status = 'active' and d.kind is not null
     ) devices`,
    [now - silentAfterMs],
  )
  return row!
}

/** Power of each feeder by type of device, from the latest readings of devices that are not silent. */
export async function feederLoad(
  database: Database,
  now: number,
  silentAfterMs: number,
): Promise<FieldOverview['feeders']> {
  const rows = await database.query<{ feederId: string; type: string; kw: number; devices: number }>(
    `select coalesce(${feederColumn}, '–') as "feederId", coalesce(d.der_type, d.kind::text) as type,
       sum(l.power_kw) as kw, count(*)::float8 as devices
     from latest_reading l
     join device d using (device_key)
     ${placeSource}
     where l.power_kw is not null and l.received_at > to_timestamp($1::float8 / 1000)
     group by 1, 2 order by 1, 2`,
    [now - silentAfterMs, now],
  )
  const feeders = new Map<string, FieldOverview['feeders'][number]>()
  for (const { feederId, type, kw, devices } of rows) {
    const feeder = feeders.get(feederId) ?? { feederId, byType: [] }
    feeders.set(feederId, feeder)
    feeder.byType.push({ type, kw, devices })
  }
  return [...feeders.values()]
}

/**
 * The readings received last. `measures` are the device's own names and units; of a unit's meter what the unit uses is left
 * out, and of a charge point its car, since everybody who may see a dashboard sees the same.
 */
export async function latestReadings(database: Database, now: number, limit: number): Promise<FieldOverview['latest']> {
  const rows = await database.query<{
    deviceId: string
    kind: FieldOverview['latest'][number]['kind']
    type: string | null
    feederId: string | null
    at: number
    kw: number | null
    measures: Record<string, number | string>
    ofUnit: boolean
  }>(
    `select d.device_id as "deviceId", l.kind, d.der_type as type, ${feederColumn} as "feederId",
       extract(epoch from l.at)::float8 * 1000 as at, l.power_kw as kw, l.measures,
       exists (select from meter_assignment m where m.device_key = d.device_key) as "ofUnit"
     from latest_reading l join device d using (device_key)
     ${placeSource}
     order by l.received_at desc, d.device_id limit $1`,
    [limit, now],
  )
  return rows.map(({ deviceId, kind, type, feederId, at, kw, measures, ofUnit }) => ({
    deviceId,
    kind,
    at,
    ...(type !== null && { type }),
    ...(feederId !== null && { feederId }),
    ...(kw !== null && !ofUnit && { kw }),
    measures: ofUnit ? withoutConsumption(measures) : withoutCar(measures),
  }))
}
