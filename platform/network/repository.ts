import type { PoolClient } from 'pg'
import type { ReadingKind } from '../wire/reading.ts'
import type { Claim, Registration, RegistrationStatus } from './registration.ts'

interface RegistrationRow {
  deviceKey: number
  deviceId: string
  kind: ReadingKind | null
  derType: string | null
  status: RegistrationStatus
  feederId: string | null
  siteId: string | null
  location: string | null
  nominalVoltageV: number | null
}

/** Rating of a panel that nobody has told another one for, kW. */
const panelRatingKw = 0.4

const registrationColumns = `
  d.device_key as "deviceKey", d.device_id as "deviceId", d.kind, d.der_type as "derType", d.status,
  coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId", coalesce(d.site_id, u.site_id) as "siteId",
  coalesce(d.location, case when s.latitude is not null then s.latitude || ',' || s.longitude end) as location,
  coalesce(d.nominal_voltage_v, u.nominal_voltage_v) as "nominalVoltageV"`

const registrationSource = `
  device d
  left join meter_assignment a on a.device_key = d.device_key and a.validity @> now()
  left join consumer_unit u on u.unit_id = a.unit_id
  left join site s on s.site_id = coalesce(d.site_id, u.site_id)`

interface Queries {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
}

/** Every device, with what its site and its consumer unit of today add to it. */
export async function allRegistrations(database: Queries): Promise<Registration[]> {
  const rows = await database.query<RegistrationRow>(`select ${registrationColumns} from ${registrationSource}`)
  return rows.map(registrationOf)
}

/** @returns how long until a meter's unit changes as entered before, ms; null where no change is foreseen */
export async function timeToNextAssignment(database: Queries): Promise<number | null> {
  const [row] = await database.query<{ ms: number | null }>(
    `select extract(epoch from min(bound) - now())::float8 * 1000 as ms
     from (select lower(validity) as bound from meter_assignment
           union all select upper(validity) from meter_assignment) bounds
     where bound > now() and isfinite(bound)`,
  )
  return row!.ms
}

export async function registrationsOf(client: PoolClient, deviceIds: string[]): Promise<Registration[]> {
  const { rows } = await client.query<RegistrationRow>(
    `select ${registrationColumns} from ${registrationSource} where d.device_id = any ($1)`,
    [deviceIds],
  )
  return rows.map(registrationOf)
}

/** Creates the devices that are not there yet. What is there stays as it is, but for a kind that was never known. */
export async function insertDevices(client: PoolClient, claims: Claim[], status: RegistrationStatus): Promise<void> {
  await client.query(
    `insert into device (device_id, kind, status, is_physical, claim)
     select claim ->> 'deviceId', (claim ->> 'kind')::reading_kind, $2,
       coalesce((claim ->> 'isPhysical')::boolean, true), claim
     from jsonb_array_elements($1) claim
     order by 1
     on conflict (device_id) do update set kind = excluded.kind, claim = excluded.claim
       where device.kind is null and excluded.kind is not null`,
    [JSON.stringify(claims), status],
  )
}

/**
 * Gives devices the place and rating that they claimed, where none is set, and creates the feeders and sites named.
 * An existing feeder or site is never changed by a claim.
 */
export async function applyClaims(client: PoolClient, deviceIds: string[]): Promise<void> {
  await client.query(
    `insert into feeder (feeder_id)
     select distinct claim ->> 'parentFeederId' from device
     where device_id = any ($1) and claim ->> 'parentFeederId' is not null order by 1
     on conflict do nothing`,
    [deviceIds],
  )
  await client.query(
    `insert into feeder (feeder_id, parent_feeder_id)
     select distinct on (1) claim ->> 'feederId', nullif(claim ->> 'parentFeederId', claim ->> 'feederId') from device
     where device_id = any ($1) and claim ->> 'feederId' is not null order by 1, 2
     on conflict do nothing`,
    [deviceIds],
  )
  await client.query(
    `insert into site (site_id, feeder_id)
     select distinct on (1) claim ->> 'siteId', claim ->> 'feederId' from device
     where device_id = any ($1) and claim ->> 'siteId' is not null order by 1, 2
     on conflict do nothing`,
    [deviceIds],
  )
  await client.query(
    `update device set
       der_type = coalesce(der_type, claim ->> 'derType'),
       site_id = coalesce(site_id, claim ->> 'siteId'),
       feeder_id = coalesce(feeder_id, claim ->> 'feederId'),
       location = coalesce(location, claim ->> 'location'),
       rated_kw = coalesce(rated_kw, (claim ->> 'pMaxKw')::float8, case when kind = 'panel' then $2::float8 end),
       priority = coalesce(priority, (claim ->> 'priority')::smallint)
     where device_id = any ($1)`,
    [deviceIds, panelRatingKw],
  )
}

/** @returns the devices whose status changed */
export async function setStatus(
  client: PoolClient,
  deviceIds: string[],
  status: RegistrationStatus,
): Promise<string[]> {
  const { rows } = await client.query<{ deviceId: string }>(
    'update device set status = $2 where device_id = any ($1) and status <> $2 returning device_id as "deviceId"',
    [deviceIds, status],
  )
  return rows.map((row) => row.deviceId)
}

function registrationOf(row: RegistrationRow): Registration {
  const { deviceKey, deviceId, status, kind, derType, feederId, siteId, location, nominalVoltageV } = row
  return {
    deviceKey,
    deviceId,
    status,
    ...(kind !== null && { kind }),
    ...(derType !== null && { derType }),
    ...(feederId !== null && { feederId }),
    ...(siteId !== null && { siteId }),
    ...(location !== null && { location }),
    ...(nominalVoltageV !== null && { nominalVoltageV }),
  }
}
