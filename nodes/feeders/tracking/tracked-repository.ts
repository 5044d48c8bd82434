import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { TrackedDevice, TrackingSpan } from '../domain/tracking/tracking.ts'

/** A device that had a setpoint, with the feeder that it is on. */
export interface SteeredDevice {
  readonly deviceKey: number
  readonly deviceId: string
  readonly feederId: string | null
  /** Consumer units that it meters or metered: what it draws is personal data. */
  readonly unitIds: readonly string[]
}

/** How many devices have a setpoint, or had one since an instant. */
export async function countSteered(queries: Queries, since: number): Promise<number> {
  const [row] = await queries.query<{ devices: number }>(
    `select count(*)::integer as devices from desired_setpoint
     where power_kw is not null or requested_at > to_timestamp($1::float8 / 1000)`,
    [since],
  )
  return row!.devices
}

/** Whether the registry has such a device, or feeder. */
export async function isRegistered(queries: Queries, what: 'device' | 'feeder', id: string): Promise<boolean> {
  const [row] = await queries.query<{ known: boolean }>(
    what === 'device'
      ? 'select exists (select from device where device_id = $1) as known'
      : 'select exists (select from feeder where feeder_id = $1) as known',
    [id],
  )
  return row!.known
}

/** The feeder above each, null at a root. */
export async function feederParents(queries: Queries): Promise<ReadonlyMap<string, string | null>> {
  const rows = await queries.query<{ feederId: string; parentFeederId: string | null }>(
    'select feeder_id as "feederId", parent_feeder_id as "parentFeederId" from feeder',
  )
  return new Map(rows.map(({ feederId, parentFeederId }) => [feederId, parentFeederId]))
}

/**
 * Devices that have a setpoint, or had one in a span; `most` of them in the order of their identifiers.
 * @param after  begins behind this device
 * @param only   one device, or those on a feeder and on all below it; null: all
 */
export const steeredDevices = (
  queries: Queries,
  { from, to }: TrackingSpan,
  { after, most }: { readonly after: string; readonly most: number },
  only: { readonly deviceId: string | null; readonly feederId: string | null } = { deviceId: null, feederId: null },
): Promise<SteeredDevice[]> =>
  queries.query(
    `with recursive below as (
       select feeder_id from feeder where feeder_id = $6::text
       union
       select f.feeder_id from feeder f join below b on f.parent_feeder_id = b.feeder_id
     )
     select d.device_key as "deviceKey", d.device_id as "deviceId", coalesce(d.feeder_id, u.feeder_id, t.feeder_id) as "feederId",
       array(select distinct unit_id from meter_assignment m where m.device_key = d.device_key order by unit_id limit 20) as "unitIds"
     from desired_setpoint s
     join device d using (device_id)
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site t on t.site_id = coalesce(d.site_id, u.site_id)
     where s.device_id > $3 and (s.power_kw is not null or s.requested_at > to_timestamp($1::float8 / 1000))
       and ($5::text is null or s.device_id = $5)
       and ($6::text is null or coalesce(d.feeder_id, u.feeder_id, t.feeder_id) in (select feeder_id from below))
     order by s.device_id limit $4`,
    [from, to, after, most, only.deviceId, only.feederId],
  )

/**
 * What some devices were told and what they did, minute by minute.
 * @param mostTold  so many of the newest of what each was told are looked at
 */
export async function trackedDevices(
  queries: Queries,
  devices: readonly SteeredDevice[],
  { from, to }: TrackingSpan,
  mostTold: number,
): Promise<TrackedDevice[]> {
  const told = await queries.query<{
    deviceId: string
    ats: number[]
    powers: (number | null)[]
    ends: (number | null)[]
  }>(
    `select device_id as "deviceId", array_agg(${milliseconds('c.at')} order by c.changed) as ats,
       array_agg(c.power_kw order by c.changed) as powers, array_agg(${milliseconds('c.expires_at')} order by c.changed) as ends
     from desired_setpoint s join setpoint_told c using (device_id)
     where s.device_id = any ($1::text[]) and c.changed > s.changed - $2 and c.at < to_timestamp($3::float8 / 1000)
     group by device_id`,
    [devices.map(({ deviceId }) => deviceId), mostTold, to],
  )
  const minutes = await queries.query<{ deviceKey: number; ats: number[]; powers: number[] }>(
    `select device_key as "deviceKey", array_agg(${milliseconds('at')}) as ats, array_agg(total / samples) as powers
     from reading_minute
     where device_key = any ($1::integer[]) and measure = 'p_actual_kw'
       and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)
     group by device_key`,
    [devices.map(({ deviceKey }) => deviceKey), from, to],
  )
  const toldOf = new Map(told.map((row) => [row.deviceId, row]))
  const minutesOf = new Map(minutes.map((row) => [row.deviceKey, row]))
  return devices.map(({ deviceKey, deviceId, feederId }) => {
    const { ats = [], powers = [], ends = [] } = toldOf.get(deviceId) ?? {}
    const read = minutesOf.get(deviceKey)
    return {
      ...{ deviceId, feederId },
      told: ats.map((at, index) => ({ at, powerKw: powers[index] ?? null, expiresAt: ends[index] ?? null })),
      minutes: read ? read.ats.map((at, index) => ({ at, powerKw: read.powers[index]! })) : [],
    }
  })
}

/**
 * Up to when readings stand in the roll-ups, UTC milliseconds: when the oldest commit was made that they have not taken, or `now`.
 */
export async function rolledUpUntil(queries: Queries, now: number): Promise<number> {
  const [row] = await queries.query<{ at: number | null }>(
    `select ${milliseconds('committed_at')} as at from batch_log
     where position > coalesce((select position from consumer_cursor where log = 'batch_log' and consumer = 'rollups'), 0)
     order by position limit 1`,
  )
  return Math.min(now, row?.at ?? now)
}
