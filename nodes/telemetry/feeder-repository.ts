import type { Database } from '../../platform/storage/database.ts'

/** A feeder as it hangs in the network. */
export interface FeederRow {
  readonly feederId: string
  readonly parentFeederId: string | null
  readonly name: string | null
  /** What the registry says; null where it says nothing. */
  readonly limitKw: number | null
  /** Devices that hang on it directly, and on it and all feeders below it. */
  readonly deviceCount: number
  readonly downstreamDeviceCount: number
}

/** Power of the devices of one type. */
export interface TypeLoad {
  readonly type: string
  readonly count: number
  readonly totalKw: number
}

/** Mean power of the devices of one type within one bucket. */
export interface BucketLoad extends TypeLoad {
  /** From 0 on. */
  readonly bucket: number
}

/**
 * The active devices of a feeder and of all below it, with the type as people call it: `device_key, kind, type`; without the meters
 * at the heads of feeders, which measure what the others do. $1 the
 * feeder, null for all devices; $2 the instant of which the units of meters are, UTC milliseconds.
 */
const feederDevices = `
  with recursive downstream as (
    select feeder_id from feeder where feeder_id = $1::text
    union
    select f.feeder_id from feeder f join downstream d on f.parent_feeder_id = d.feeder_id
  ), devices as materialized (
    select d.device_key, d.kind, coalesce(d.der_type, d.kind::text) as type
    from device d
    left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
    left join consumer_unit u on u.unit_id = a.unit_id
    left join site s on s.site_id = coalesce(d.site_id, u.site_id)
    where d.status = 'active' and d.kind is not null and d.kind <> 'switch'
      and not exists (select from feeder h where h.head_meter_id = d.device_id)
      and ($1::text is null or coalesce(d.feeder_id, u.feeder_id, s.feeder_id) in (select feeder_id from downstream))
  )`

/** @returns undefined where there is no such feeder */
export async function findFeeder(
  database: Database,
  feederId: string,
): Promise<{ limitKw: number | null } | undefined> {
  const [row] = await database.query<{ limitKw: number | null }>(
    'select limit_kw as "limitKw" from feeder where feeder_id = $1',
    [feederId],
  )
  return row
}

/**
 * Feeders by their identifiers, `limit` at most, those behind `after`, with how many active devices hang on each.
 * @param now  of which the units of meters are, UTC ms
 */
export function listFeeders(
  database: Database,
  now: number,
  page: { after: string | undefined; limit: number },
): Promise<FeederRow[]> {
  return database.query<FeederRow>(
    `with recursive counted as (
       select coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as feeder_id, count(*)::integer as devices
       from device d
       left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
       left join consumer_unit u on u.unit_id = a.unit_id
       left join site s on s.site_id = coalesce(d.site_id, u.site_id)
       where d.status = 'active'
       group by 1
     ), below as (
       select feeder_id as top, feeder_id from feeder
       union
       select b.top, f.feeder_id from feeder f join below b on f.parent_feeder_id = b.feeder_id
     ), summed as (
       select top, coalesce(sum(devices), 0)::integer as devices
       from below left join counted using (feeder_id) group by top
     )
     select f.feeder_id as "feederId", f.parent_feeder_id as "parentFeederId", f.name, f.limit_kw as "limitKw",
       coalesce(c.devices, 0) as "deviceCount", s.devices as "downstreamDeviceCount"
     from feeder f left join counted c using (feeder_id) join summed s on s.top = f.feeder_id
     where f.feeder_id > $2
     order by f.feeder_id limit $3`,
    [now, page.after ?? '', page.limit],
  )
}

/** Power by type of device, from latest readings received within `silentAfterMs`. */
export function latestLoad(
  database: Database,
  feederId: string | null,
  now: number,
  silentAfterMs: number,
): Promise<TypeLoad[]> {
  return database.query<TypeLoad>(
    `${feederDevices}
     select type, count(*)::integer as count, sum(power_kw) as "totalKw"
     from latest_reading join devices using (device_key)
     where power_kw is not null and received_at > to_timestamp($3::float8 / 1000)
     group by type order by type`,
    [feederId, now, now - silentAfterMs],
  )
}

/**
 * Mean power by bucket and type of device: each device with its own mean, however often it reports.
 * @param source  roll-ups by minute or hour, whose edges are whole minutes or hours; or the readings themselves
 * @param edges   where buckets meet, UTC milliseconds
 * @param now     of which the units of meters are
 */
export function bucketLoad(
  database: Database,
  feederId: string | null,
  now: number,
  source: 'minute' | 'hour' | 'reading',
  edges: readonly number[],
): Promise<BucketLoad[]> {
  const instants = edges.map((instant) => new Date(instant).toISOString())
  const rows = (edges.at(-1)! - edges[0]!) / rowMs[source]
  const statement = source === 'reading' ? fromReadings : fromRollups[source][rows > mostRowsEach ? 'together' : 'each']
  return database.query<BucketLoad>(statement, [feederId, now, instants, instants[0], instants.at(-1)])
}

const rowMs = { minute: 60_000, hour: 3_600_000, reading: 1_000 }
/**
 * Rows of a device up to which devices are read one by one: that is what short periods cost least. Devices of one minute
 * stand side by side on disk, so of long periods each page would be fetched once for every device.
 */
const mostRowsEach = 200

/** $3 the edges, $4 and $5 the first and the last of them. */
const within = 'r.device_key = d.device_key and at >= $4 and at < $5'
const bucket = 'width_bucket(at, $3::timestamptz[]) - 1'
const rolledUp = {
  each: (table: RollupTable) => `
    devices d cross join lateral (
      select at, total, samples from ${table} r
      where r.measure = (case d.kind when 'panel' then 'power_w' when 'meter' then 'p_kw' else 'p_actual_kw' end)::measure
        and ${within} offset 0
    ) r`,
  together: (table: RollupTable) => `
    devices d join (
      select device_key, at, total, samples from ${table}
      where device_key = any (array(select device_key from devices)) and measure in ('p_actual_kw', 'power_w', 'p_kw')
        and at >= $4 and at < $5
    ) r using (device_key)`,
}
type RollupTable = 'reading_minute' | 'reading_hour'
const rolledUpMeans = (from: string) => `
  select type, ${bucket} as bucket, sum(total) / sum(samples) / case d.kind when 'panel' then 1000 else 1 end as kw
  from ${from} group by device_key, type, d.kind, 2`
const readMeans = `
  select type, ${bucket} as bucket, avg(kw) as kw
  from devices d cross join lateral (
    select at, p_actual_kw as kw from der_reading r where d.kind = 'der' and ${within}
    union all
    select at, power_w / 1000 from panel_reading r where d.kind = 'panel' and ${within}
    union all
    select at, p_kw from meter_reading r where d.kind = 'meter' and p_kw is not null and ${within}
  ) r group by d.device_key, type, 2`
const loadOf = (means: string) => `${feederDevices}, means as (${means})
  select bucket, type, count(*)::integer as count, sum(kw) as "totalKw"
  from means group by bucket, type order by bucket, type`
const rollupsOf = (table: RollupTable) => ({
  each: loadOf(rolledUpMeans(rolledUp.each(table))),
  together: loadOf(rolledUpMeans(rolledUp.together(table))),
})
const fromRollups = { minute: rollupsOf('reading_minute'), hour: rollupsOf('reading_hour') }
const fromReadings = loadOf(readMeans)
