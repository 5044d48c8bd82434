import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Allocation } from '../domain/allocation/allocation.ts'
import type { ControlRound } from '../domain/loop-state.ts'
import type { KeptShare } from '../domain/orders.ts'

/** Why a round was made just then. */
export type RoundCause = 'interval' | 'breach' | 'change' | 'start'

/** What a round has come to. Instants are UTC milliseconds. */
export interface RoundResult {
  readonly rootId: string
  /** By the platform's clock, and by the wall's. */
  readonly at: number
  readonly recordedAt: number
  readonly intervalMs: number
  readonly cause: RoundCause
  readonly roundMs: number
  readonly holder: string
  readonly token: number
  readonly allocation: Allocation
  readonly shares: readonly KeptShare[]
}

/** Keeps the newest round of a root: what each device got, what it went short of, and what feeders carry. */
export async function keepRound(queries: Queries, result: RoundResult): Promise<void> {
  const { rootId, at, recordedAt, intervalMs, cause, roundMs, holder, token, allocation, shares } = result
  const { devices, ...whole } = allocation
  await queries.query(
    `insert into feeder_allocation
       (root_id, at, recorded_at, interval_s, cause, round_ms, solver_ms, holder, token, device_count, allocation)
     values ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (root_id) do update set at = excluded.at, recorded_at = excluded.recorded_at, interval_s = excluded.interval_s,
       cause = excluded.cause, round_ms = excluded.round_ms, solver_ms = excluded.solver_ms, holder = excluded.holder,
       token = excluded.token, device_count = excluded.device_count, allocation = excluded.allocation`,
    [
      ...[
        rootId,
        at,
        recordedAt,
        intervalMs / 1_000,
        cause,
        roundMs,
        allocation.solverMs,
        holder,
        token,
        devices.length,
      ],
      JSON.stringify(whole),
    ],
  )
  await keepShares(queries, rootId, at, shares)
}

async function keepShares(queries: Queries, rootId: string, at: number, shares: readonly KeptShare[]): Promise<void> {
  const rows = shares.map(({ heard, detail, ...one }) => ({
    ...one,
    ...{ heardLowKw: heard?.lowKw ?? null, heardHighKw: heard?.highKw ?? null, heardUntil: heard?.until ?? null },
    detail,
  }))
  await queries.query(
    `with kept as (
       select * from jsonb_to_recordset($3) as k ("deviceId" text, "feederId" text, "powerKw" float8, "deficitKw" float8,
         "deficitKwh" float8, binding text, "toldKw" float8, "toldUntil" float8, "toldAt" float8, "heardLowKw" float8,
         "heardHighKw" float8, "heardUntil" float8, "switchedAt" float8, detail jsonb)
     ), gone as (
       delete from device_share where root_id = $1 and device_id not in (select "deviceId" from kept)
     ), short as (
       insert into control_deficit (device_id, deficit_kwh, at)
       select "deviceId", "deficitKwh", to_timestamp($2::float8 / 1000) from kept order by "deviceId"
       on conflict (device_id) do update set deficit_kwh = excluded.deficit_kwh, at = excluded.at
     )
     insert into device_share (device_id, root_id, on_feeder, at, power_kw, deficit_kw, binding, told_kw, told_until, told_at,
       heard_low_kw, heard_high_kw, heard_until, switched_at, detail)
     select "deviceId", $1, "feederId", to_timestamp($2::float8 / 1000), "powerKw", "deficitKw", binding, "toldKw",
       to_timestamp("toldUntil" / 1000), to_timestamp("toldAt" / 1000), "heardLowKw", "heardHighKw",
       to_timestamp("heardUntil" / 1000), to_timestamp("switchedAt" / 1000), detail
     from kept order by "deviceId"
     on conflict (device_id) do update set root_id = excluded.root_id, on_feeder = excluded.on_feeder, at = excluded.at,
       power_kw = excluded.power_kw, deficit_kw = excluded.deficit_kw, binding = excluded.binding, told_kw = excluded.told_kw,
       told_until = excluded.told_until, told_at = excluded.told_at, heard_low_kw = excluded.heard_low_kw,
       heard_high_kw = excluded.heard_high_kw, heard_until = excluded.heard_until, switched_at = excluded.switched_at,
       detail = excluded.detail`,
    [rootId, at, JSON.stringify(rows)],
  )
}

/** Forgets what was kept of roots that are none any more. @param rootIds  all there are */
export async function forgetRoots(queries: Queries, rootIds: readonly string[]): Promise<void> {
  await queries.query(
    `with gone as (delete from feeder_allocation where root_id <> all ($1::text[]) returning root_id)
     delete from device_share where root_id in (select root_id from gone)`,
    [rootIds],
  )
}

/** The newest round of each root, whoever made it. */
export const controlRounds = (queries: Queries): Promise<ControlRound[]> =>
  queries.query(
    `select root_id as "rootId", ${milliseconds('at')} as at, ${milliseconds('recorded_at')} as "recordedAt",
       interval_s * 1000 as "intervalMs", round_ms as "roundMs"
     from feeder_allocation order by root_id`,
  )
