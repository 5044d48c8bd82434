import type { RegistrationStatus } from '../../platform/network/registration.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { Quality, ReadingKind } from '../../platform/wire/reading.ts'

/** A device with what it reported last. Instants are UTC milliseconds, powers positive for consumption. */
export interface DeviceRow {
  readonly deviceId: string
  readonly kind: ReadingKind | null
  /** pv, battery, ev … of a DER, else the kind. */
  readonly type: string | null
  readonly status: RegistrationStatus
  readonly feederId: string | null
  readonly siteId: string | null
  readonly ratedKw: number | null
  readonly priority: number | null
  readonly isPhysical: boolean
  readonly silent: boolean
  /** The consumer units that it measures or measured, a few of them: their consumption is personal. */
  readonly unitIds: readonly string[]
  readonly latest: LatestReading | null
}

export interface LatestReading {
  readonly at: number
  readonly receivedAt: number
  readonly quality: Quality
  readonly powerKw: number | null
  readonly measures: Readonly<Record<string, number | string>>
}

export interface DeviceFilter {
  readonly feederId?: string | undefined
  readonly kind?: ReadingKind | undefined
  readonly type?: string | undefined
  readonly status?: RegistrationStatus | undefined
  readonly silent?: boolean | undefined
}

/** $1 what counts as silent: not received since then; $2 the instant of which the units are; UTC milliseconds. */
const devices = `
  with recursive downstream as (
    select feeder_id from feeder where feeder_id = $4::text
    union
    select f.feeder_id from feeder f join downstream d on f.parent_feeder_id = d.feeder_id
  )
  select d.device_id as "deviceId", d.kind, coalesce(d.der_type, d.kind::text) as type, d.status,
    coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId", coalesce(d.site_id, u.site_id) as "siteId",
    d.rated_kw as "ratedKw", d.priority, d.is_physical as "isPhysical", silent,
    array(select distinct unit_id from meter_assignment m where m.device_key = d.device_key limit 10) as "unitIds",
    case when l.at is not null then jsonb_build_object(
      'at', round(extract(epoch from l.at) * 1000), 'receivedAt', round(extract(epoch from l.received_at) * 1000),
      'quality', l.quality, 'powerKw', l.power_kw, 'measures', l.measures) end as latest
  from device d
  left join latest_reading l using (device_key)
  left join device_presence p using (device_key)
  left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
  left join consumer_unit u on u.unit_id = a.unit_id
  left join site s on s.site_id = coalesce(d.site_id, u.site_id)
  cross join lateral (
    select d.status = 'active' and d.kind is not null
      -- Registered a moment ago: it may report every ten minutes only.
      and not (l.at is null and d.first_seen_at > to_timestamp($1::float8 / 1000))
      and not (coalesce(l.received_at > to_timestamp($1::float8 / 1000), false)
        and coalesce(p.online or p.received_at < l.received_at - interval '5 seconds', true)) as silent
  ) hearing`

/** Devices in the order of their ids, `limit` at most, those behind `after`. @param feederId  with all feeders below it */
export function listDevices(
  database: Database,
  filter: DeviceFilter,
  { now, silentAfterMs }: { now: number; silentAfterMs: number },
  page: { after: string | undefined; limit: number },
): Promise<DeviceRow[]> {
  const { feederId, kind, type, status, silent } = filter
  return database.query<DeviceRow>(
    `${devices}
     where d.device_id > $3
       and ($4::text is null or coalesce(d.feeder_id, u.feeder_id, s.feeder_id) in (select feeder_id from downstream))
       and ($5::reading_kind is null or d.kind = $5) and ($6::text is null or coalesce(d.der_type, d.kind::text) = $6)
       and ($7::registration_status is null or d.status = $7) and ($8::boolean is null or silent = $8)
     order by d.device_id limit $9`,
    [
      ...[now - silentAfterMs, now, page.after ?? '', feederId ?? null],
      ...[kind ?? null, type ?? null, status ?? null, silent ?? null, page.limit],
    ],
  )
}

/** @returns undefined where there is no such device */
export async function findDevice(
  database: Database,
  deviceId: string,
  { now, silentAfterMs }: { now: number; silentAfterMs: number },
): Promise<DeviceRow | undefined> {
  const [row] = await database.query<DeviceRow>(`${devices} where d.device_id = $3 and $4::text is null`, [
    ...[now - silentAfterMs, now, deviceId, null],
  ])
  return row
}
