import type { PoolClient } from 'pg'
import type { ReadingKind } from '../wire/reading.ts'
import type { Database } from '../storage/database.ts'
import type { Claim, RegistrationStatus } from './registration.ts'

/** A device as people look at it, with what its site and its consumer unit of today add to it. */
export interface ListedDevice {
  readonly deviceId: string
  readonly kind: ReadingKind | null
  readonly derType: string | null
  readonly status: RegistrationStatus
  readonly feederId: string | null
  readonly siteId: string | null
  readonly unitId: string | null
  readonly ratedKw: number | null
  readonly firstSeenAt: Date
  /** What it said of itself at first contact. */
  readonly claim: Claim | null
}

/**
 * @param status  unset: all
 * @param at      of which the units are, UTC milliseconds
 */
export async function listDevices(
  database: Database,
  status: RegistrationStatus | undefined,
  at: number,
): Promise<ListedDevice[]> {
  return database.query<ListedDevice>(
    `select d.device_id as "deviceId", d.kind, d.der_type as "derType", d.status,
       coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId", coalesce(d.site_id, u.site_id) as "siteId",
       u.unit_id as "unitId", d.rated_kw as "ratedKw", d.first_seen_at as "firstSeenAt", d.claim
     from device d
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     where $1::registration_status is null or d.status = $1
     order by d.device_id`,
    [status ?? null, at],
  )
}

/** The devices that wait for approval; held, so that nobody else decides meanwhile. */
export async function pendingDevices(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ deviceId: string }>(
    `select device_id as "deviceId" from device where status = 'pending' order by device_id for no key update`,
  )
  return rows.map(({ deviceId }) => deviceId)
}

/** @returns those of the identifiers that no device has */
export async function unknownDevices(client: PoolClient, deviceIds: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ deviceId: string }>(
    `select "deviceId" from unnest($1::text[]) "deviceId"
     where not exists (select from device where device_id = "deviceId")`,
    [deviceIds],
  )
  return rows.map(({ deviceId }) => deviceId)
}

/** Devices that wait, by identifier, `limit` at most, those behind `after`. */
export function listPending(
  database: Database,
  page: { after: string | undefined; limit: number },
): Promise<Pick<ListedDevice, 'deviceId' | 'kind' | 'firstSeenAt' | 'claim'>[]> {
  return database.query(
    `select device_id as "deviceId", kind, first_seen_at as "firstSeenAt", claim from device
     where status = 'pending' and device_id > $1 order by device_id limit $2`,
    [page.after ?? '', page.limit],
  )
}
