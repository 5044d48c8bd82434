import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'

const minuteMs = 60_000

/** Feeders `root`, `west` and `east` below it, with chargers `ev-1` and `ev-2` on west, `ev-3` on east, and `bat-1` that nobody steers; `head-1` is the meter at the head of root. */
export async function seedTrackedField(database: Database): Promise<void> {
  await database.query(
    `insert into feeder (feeder_id, parent_feeder_id) values ('root', null), ('west', 'root'), ('east', 'root')`,
  )
  await database.query(
    `insert into device (device_id, kind, der_type, status, rated_kw, feeder_id, first_seen_at)
     select device_id, 'der', der_type, 'active', 7, feeder_id, to_timestamp(0)
     from (values ('ev-1', 'ev', 'west'), ('ev-2', 'ev', 'west'), ('ev-3', 'ev', 'east'), ('bat-1', 'battery', 'west')) d (device_id, der_type, feeder_id)`,
  )
  await database.query(
    `insert into device (device_id, kind, status, feeder_id, first_seen_at) values ('head-1', 'meter', 'active', 'root', to_timestamp(0))`,
  )
  await database.query(`update feeder set head_meter_id = 'head-1' where feeder_id = 'root'`)
}

/** What a device is told at an instant of the platform, recorded at one of the wall. */
export interface SeededSetpoint {
  readonly deviceId: string
  readonly at: number
  readonly powerKw: number | null
  readonly recordedAt?: number
}

/** Tells devices, one after the other, as the setpoint node does; each holds for an hour. */
export async function seedSetpoints(database: Database, setpoints: readonly SeededSetpoint[]): Promise<void> {
  for (const { deviceId, at, powerKw, recordedAt = at } of setpoints) {
    const expiresAt = powerKw === null ? null : at + 60 * minuteMs
    await database.query(`select ensure_partition('setpoint_change', to_timestamp($1::float8 / 1000))`, [recordedAt])
    await database.query(
      `with written as (
         insert into desired_setpoint as s (device_id, power_kw, expires_at, requested_by, requested_at, changed, published)
         values ($1, $2, to_timestamp($3::float8 / 1000), 'node test', to_timestamp($4::float8 / 1000), 1, 1)
         on conflict (device_id) do update set power_kw = excluded.power_kw, expires_at = excluded.expires_at,
           requested_at = excluded.requested_at, changed = s.changed + 1, published = s.changed + 1
         returning changed)
       insert into setpoint_change (recorded_at, device_id, changed, at, power_kw, expires_at, username)
       select to_timestamp($5::float8 / 1000), $1, changed, to_timestamp($4::float8 / 1000), $2, to_timestamp($3::float8 / 1000), 'node test'
       from written`,
      [deviceId, powerKw, expiresAt, at, recordedAt],
    )
  }
}

/** Mean powers of a device, minute by minute from an instant on, as the roll-ups have them. */
export async function seedMinutes(
  database: Database,
  deviceId: string,
  from: number,
  powersKw: readonly number[],
  measure = 'p_actual_kw',
): Promise<void> {
  const partitions = new Partitions(database)
  for (const index of powersKw.keys()) await partitions.ensure('reading_minute', from + index * minuteMs)
  await database.query(
    `insert into reading_minute (at, device_key, measure, total, lowest, highest, samples)
     select to_timestamp(($2::float8 + (n - 1) * 60000) / 1000), device_key, $4::measure, 2 * kw, kw, kw, 2
     from device, unnest($3::float8[]) with ordinality p (kw, n) where device_id = $1`,
    [deviceId, from, powersKw, measure],
  )
}
