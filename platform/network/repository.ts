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

/** Parameter: $1 the instant of which the units are, UTC milliseconds. */
const registrationSource = `
  device d
  left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
  left join consumer_unit u on u.unit_id = a.unit_id
  left join site s on s.site_id = coalesce(d.site_id, u.site_id)`

interface Queries {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
}

/** Every device, with what its site and its consumer unit at an instant (UTC milliseconds) add to it. */
export async function allRegistrations(database: Queries, at: number): Promise<Registration[]> {
  const rows = await database.query<RegistrationRow>(`select ${registrationColumns} from ${registrationSource}`, [at])
  return rows.map(registrationOf)
}

/** Since when, and up to when, the meters have the units that they have at an instant; UTC milliseconds. */
export interface AssignmentPeriod {
  readonly from: number
  readonly until: number
}

/** @returns the period around `at` within which no meter changes its unit; without end where no change is entered */
export async function assignmentPeriod(database: Queries, at: number): Promise<AssignmentPeriod> {
  const [row] = await database.query<AssignmentPeriod>(
    `select coalesce(max(bound) filter (where bound <= $1), '-infinity') as "from",
       coalesce(min(bound) filter (where bound > $1), 'infinity') as until
     from (
       select extract(epoch from lower(validity))::float8 * 1000 as bound from meter_assignment
       union all
       select extract(epoch from upper(validity))::float8 * 1000 from meter_assignment
     ) bounds
     where bound > '-infinity' and bound < 'infinity'`,
    [at],
  )
  return row!
}

export async function registrationsOf(client: PoolClient, deviceIds: string[], at: number): Promise<Registration[]> {
  const { rows } = await client.query<RegistrationRow>(
    `select ${registrationColumns} from ${registrationSource} where d.device_id = any ($2)`,
    [at, deviceIds],
  )
  return rows.map(registrationOf)
}

/** Creates the devices that are not there yet. What is there stays as it is, but for a kind that was never known. */
export async function insertDevices(
  client: PoolClient,
  claims: Claim[],
  status: RegistrationStatus,
  firstSeenAt: number,
): Promise<void> {
  await client.query(
    `insert into device (device_id, kind, status, is_physical, claim, first_seen_at)
     select claim ->> 'deviceId', (claim ->> 'kind')::reading_kind, $2,
       coalesce((claim ->> 'isPhysical')::boolean, true), claim, to_timestamp($3::float8 / 1000)
     from jsonb_array_elements($1) claim
     order by 1
     on conflict (device_id) do update set kind = excluded.kind, claim = excluded.claim
       where device.kind is null and excluded.kind is not null`,
    [JSON.stringify(claims), status, firstSeenAt],
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

/** Number of the first device that has `before` others registered before it; infinite where there are fewer. */
export async function firstKeyAfter(database: Queries, before: number): Promise<number> {
  const [row] = await database.query<{ deviceKey: number }>(
    'select device_key as "deviceKey" from device order by device_key offset $1 limit 1',
    [before],
  )
  return row?.deviceKey ?? Infinity
}
