import type { Queries } from '../../../platform/storage/queries.ts'

/** A device as a suite seeds it; of an EV without reading nothing is known. */
export interface SeededDevice {
  readonly deviceId: string
  readonly feederId: string
  readonly derType?: 'ev' | 'battery' | 'pv'
  readonly ratedKw?: number | null
  readonly status?: 'active' | 'pending'
}

/** Feeder `f-1` below `f-0`, both without limits, and `g-0`, a root of its own. */
export async function seedFeeders(queries: Queries): Promise<void> {
  await queries.query(
    `insert into feeder (feeder_id, parent_feeder_id) values ('f-0', null), ('g-0', null), ('f-1', 'f-0')`,
  )
}

export async function seedDevices(queries: Queries, devices: readonly SeededDevice[]): Promise<void> {
  await queries.query(
    `insert into device (device_id, kind, der_type, status, feeder_id, rated_kw, first_seen_at)
     select device_id, 'der', der_type, status::registration_status, feeder_id, rated_kw, to_timestamp(0)
     from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[])
       seeded (device_id, feeder_id, der_type, rated_kw, status)`,
    [
      devices.map(({ deviceId }) => deviceId),
      devices.map(({ feederId }) => feederId),
      devices.map(({ derType = 'ev' }) => derType),
      devices.map(({ ratedKw = 7.4 }) => ratedKw),
      devices.map(({ status = 'active' }) => status),
    ],
  )
}

/** The newest reading of devices, as the roll-ups keep it. @param at  UTC milliseconds */
export async function seedReadings(
  queries: Queries,
  deviceIds: readonly string[],
  at: number,
  { powerKw = 0, measures = {} }: { readonly powerKw?: number; readonly measures?: object } = {},
): Promise<void> {
  await queries.query(
    `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
     select device_key, kind, to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000), 'good', $3, $4
     from device where device_id = any ($1::text[])
     on conflict (device_key) do update set at = excluded.at, received_at = excluded.received_at, power_kw = excluded.power_kw,
       measures = excluded.measures`,
    [deviceIds, at, powerKw, JSON.stringify(measures)],
  )
}

/** The limit of a feeder in the registry, kW; null: none. */
export async function setLimit(queries: Queries, feederId: string, limitKw: number | null): Promise<void> {
  await queries.query('update feeder set limit_kw = $2 where feeder_id = $1', [feederId, limitKw])
}

/** Has devices follow what the loop told, as the setpoint node would write it. @param at  UTC milliseconds */
export async function follow(
  queries: Queries,
  setpoints: readonly {
    readonly deviceId: string
    readonly powerKw: number | null
    readonly expiresAt?: number
    readonly fencing: { readonly lease: string; readonly token: number }
  }[],
  at: number,
): Promise<void> {
  await queries.query(
    `insert into desired_setpoint (device_id, power_kw, expires_at, requested_by, requested_at, changed, lease, fencing_token)
     select "deviceId", "powerKw", to_timestamp("expiresAt" / 1000), 'node feeder allocate', to_timestamp($2::float8 / 1000), 1,
       fencing ->> 'lease', (fencing ->> 'token')::bigint
     from jsonb_to_recordset($1) as s ("deviceId" text, "powerKw" float8, "expiresAt" float8, fencing jsonb)
     on conflict (device_id) do update set power_kw = excluded.power_kw, expires_at = excluded.expires_at,
       requested_at = excluded.requested_at, changed = desired_setpoint.changed + 1, lease = excluded.lease,
       fencing_token = excluded.fencing_token`,
    [JSON.stringify(setpoints), at],
  )
}
