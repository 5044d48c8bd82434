import type { PoolClient } from 'pg'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { AskedSetpoint, Fencing, SetpointDevice } from '../domain/setpoint.ts'

/** Those of these devices that are registered. */
export const setpointDevices = (queries: Queries, deviceIds: readonly string[]): Promise<SetpointDevice[]> =>
  queries.query(
    `select device_id as "deviceId", kind, der_type as "derType", status, rated_kw as "ratedKw"
     from device where device_id = any ($1::text[])`,
    [deviceIds],
  )

/**
 * Keeps the highest token of each lease, these among them; the leases are held until the transaction ends, so that of two who act
 * under one the later sees what the earlier brought.
 * @param at  UTC milliseconds
 * @returns the highest token by lease
 */
export async function raiseFences(
  queries: Queries,
  fencings: readonly Fencing[],
  at: number,
): Promise<Map<string, number>> {
  if (fencings.length === 0) return new Map()
  const rows = await queries.query<Fencing>(
    `insert into setpoint_fence as f (lease, token, seen_at)
     select lease, max(token), to_timestamp($3::float8 / 1000) from unnest($1::text[], $2::bigint[]) given (lease, token)
     group by lease order by lease
     on conflict (lease) do update set token = greatest(f.token, excluded.token),
       seen_at = case when excluded.token > f.token then excluded.seen_at else f.seen_at end
     returning lease, token::float8 as token`,
    [fencings.map(({ lease }) => lease), fencings.map(({ token }) => token), at],
  )
  return new Map(rows.map(({ lease, token }) => [lease, token]))
}

/**
 * Writes what devices are to follow, a device once, and that it was asked. What only lasts longer than was said before, as logic says
 * again and again, is no new setpoint on record.
 * @param username    null: their time is over
 * @param at          by the platform's clock, UTC milliseconds
 * @param recordedAt  by the wall's
 */
export async function writeSetpoints(
  queries: Queries,
  asked: readonly AskedSetpoint[],
  username: string | null,
  at: number,
  recordedAt: number,
): Promise<void> {
  await queries.query(
    `with before as (
       select device_id, power_kw, requested_by, fencing_token from desired_setpoint where device_id = any ($1::text[])
     ), written as (
       insert into desired_setpoint as s
         (device_id, power_kw, expires_at, requested_by, requested_at, changed, lease, fencing_token)
       select device_id, power_kw, to_timestamp(expires_at / 1000), $5, to_timestamp($6::float8 / 1000), 1, lease, token
       from unnest($1::text[], $2::float8[], $3::float8[], $8::text[], $9::bigint[])
         asked (device_id, power_kw, expires_at, lease, token)
       order by device_id
       on conflict (device_id) do update set power_kw = excluded.power_kw, expires_at = excluded.expires_at,
         requested_by = excluded.requested_by, requested_at = excluded.requested_at, changed = s.changed + 1,
         lease = excluded.lease, fencing_token = excluded.fencing_token
       returning device_id, power_kw, expires_at, changed, fencing_token)
     insert into setpoint_change
       (recorded_at, device_id, changed, at, power_kw, expires_at, username, reason, fencing_token)
     select to_timestamp($7::float8 / 1000), w.device_id, changed, to_timestamp($6::float8 / 1000), w.power_kw, w.expires_at, $5,
       reason, w.fencing_token
     from written w join unnest($1::text[], $4::text[]) asked (device_id, reason) using (device_id)
     left join before b using (device_id)
     where w.fencing_token is null or b.power_kw is distinct from w.power_kw or b.requested_by is distinct from $5
       or b.fencing_token is distinct from w.fencing_token`,
    [
      asked.map(({ deviceId }) => deviceId),
      asked.map(({ powerKw }) => powerKw),
      asked.map(({ expiresAt }) => expiresAt),
      asked.map(({ reason }) => reason),
      ...[username, at, recordedAt],
      asked.map(({ fencing }) => fencing?.lease ?? null),
      asked.map(({ fencing }) => fencing?.token ?? null),
    ],
  )
}

/** Makes sure of the month that changes are written to. @param at  by the wall's clock, UTC milliseconds */
export async function ensureMonth(queries: Queries, at: number): Promise<void> {
  await queries.query(`select ensure_partition('setpoint_change', to_timestamp($1::float8 / 1000))`, [at])
}

/** Drops months of changes that ended before an instant, as seen at `now` (UTC milliseconds). */
export async function dropMonths(queries: Queries, before: number, now: number): Promise<void> {
  await queries.query(
    `select drop_partitions_before('setpoint_change', to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000))`,
    [before, now],
  )
}

/** Devices whose setpoints are over, locked; who is at them already is left out. */
export async function expiredSetpoints(client: PoolClient, now: number, most: number): Promise<string[]> {
  const { rows } = await client.query<{ deviceId: string }>(
    `select device_id as "deviceId" from desired_setpoint where expires_at <= to_timestamp($1::float8 / 1000)
     order by device_id limit $2 for update skip locked`,
    [now, most],
  )
  return rows.map(({ deviceId }) => deviceId)
}

/** What a device is to follow, as it is published. */
export interface StandingSetpoint {
  readonly deviceId: string
  readonly derType: string
  /** Null: none. */
  readonly powerKw: number | null
  readonly expiresAt: number | null
  /** Null: not under a lease. */
  readonly fencingToken: number | null
  readonly changed: number
  /** When the device was heard to be back; null: it was not away, or nothing is known of it. */
  readonly presenceAt: number | null
}

const standing = `
  select s.device_id as "deviceId", coalesce(d.der_type, '') as "derType", s.power_kw as "powerKw",
    ${milliseconds('s.expires_at')} as "expiresAt", s.fencing_token::float8 as "fencingToken",
    s.changed::float8 as changed, ${milliseconds('p.received_at')} as "presenceAt"
  from desired_setpoint s
  left join device d using (device_id)
  left join device_presence p on p.device_key = d.device_key and p.online`

/** Those that the broker has not confirmed as they stand, and those of devices that have come back since. */
export const unpublishedSetpoints = (queries: Queries, most: number): Promise<StandingSetpoint[]> =>
  queries.query(
    `${standing}
     where s.published is distinct from s.changed
       or (s.power_kw is not null and p.received_at is not null
         and ${milliseconds('p.received_at')} is distinct from ${milliseconds('s.presence_at')})
     order by s.device_id limit $1`,
    [most],
  )

/** All that hold, in the order of devices. @param after  begins behind this device */
export const standingSetpoints = (queries: Queries, after: string, most: number): Promise<StandingSetpoint[]> =>
  queries.query(`${standing} where s.power_kw is not null and s.device_id > $1 order by s.device_id limit $2`, [
    after,
    most,
  ])

/** Those of these devices that hold. */
export const setpointsOf = (queries: Queries, deviceIds: readonly string[]): Promise<StandingSetpoint[]> =>
  queries.query(`${standing} where s.power_kw is not null and s.device_id = any ($1::text[])`, [deviceIds])

/** The broker has confirmed these, as they were then. */
export async function notePublished(queries: Queries, setpoints: readonly StandingSetpoint[]): Promise<void> {
  await queries.query(
    `update desired_setpoint s
     set published = sent.changed, presence_at = coalesce(to_timestamp(sent.presence_at / 1000), s.presence_at)
     from unnest($1::text[], $2::bigint[], $3::float8[]) sent (device_id, changed, presence_at)
     where s.device_id = sent.device_id`,
    [
      setpoints.map(({ deviceId }) => deviceId),
      setpoints.map(({ changed }) => changed),
      setpoints.map(({ presenceAt }) => presenceAt),
    ],
  )
}

/** Until the end of this transaction nobody else publishes setpoints. */
export async function holdPublishing(client: PoolClient): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('linha-viva setpoints', 0))`)
}
