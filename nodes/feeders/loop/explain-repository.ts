import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Allocation } from '../domain/allocation/allocation.ts'
import type { ShareDetail } from '../domain/orders.ts'

/** A device that somebody asks about, as the registry has it. */
export interface AskedDevice {
  readonly kind: string | null
  readonly derType: string | null
  readonly status: string
  readonly ratedKw: number | null
  readonly feederId: string | null
  /** From its own feeder up to the root. */
  readonly path: readonly string[]
}

/** @param at  of which its unit is, UTC milliseconds @returns undefined where there is no such device */
export async function askedDevice(queries: Queries, deviceId: string, at: number): Promise<AskedDevice | undefined> {
  const [device] = await queries.query<AskedDevice>(
    `with recursive asked as (
       select d.kind, d.der_type, d.status, d.rated_kw, coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as feeder_id
       from device d
       left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
       left join consumer_unit u on u.unit_id = a.unit_id
       left join site s on s.site_id = coalesce(d.site_id, u.site_id)
       where d.device_id = $1
     ), above as (
       select f.feeder_id, f.parent_feeder_id, 0 as depth from feeder f join asked using (feeder_id)
       union all
       select f.feeder_id, f.parent_feeder_id, depth + 1 from above a join feeder f on f.feeder_id = a.parent_feeder_id
       where depth < 100
     )
     select kind, der_type as "derType", status, rated_kw as "ratedKw", feeder_id as "feederId",
       array(select feeder_id from above order by depth) as path
     from asked`,
    [deviceId, at],
  )
  return device
}

/** What a device got in the newest round. Instants are UTC milliseconds. */
export interface StoredShare {
  readonly rootId: string
  readonly at: number
  readonly powerKw: number
  readonly deficitKw: number
  readonly deficitKwh: number
  readonly toldKw: number | null
  readonly toldUntil: number | null
  readonly toldAt: number | null
  readonly detail: ShareDetail
}

/** Undefined where no round shared anything out to it. */
export async function storedShare(queries: Queries, deviceId: string): Promise<StoredShare | undefined> {
  const [share] = await queries.query<StoredShare>(
    `select root_id as "rootId", ${milliseconds('s.at')} as at, power_kw as "powerKw", deficit_kw as "deficitKw",
       coalesce(deficit_kwh, 0) as "deficitKwh", told_kw as "toldKw", ${milliseconds('told_until')} as "toldUntil",
       ${milliseconds('told_at')} as "toldAt", detail
     from device_share s left join control_deficit d using (device_id) where device_id = $1`,
    [deviceId],
  )
  return share
}

/** The newest round over a root. */
export interface StoredAllocation {
  readonly rootId: string
  readonly at: number
  readonly intervalMs: number
  readonly cause: string
  readonly roundMs: number
  readonly solverMs: number
  readonly token: number
  readonly allocation: Omit<Allocation, 'devices'>
}

/** The newest round over a root feeder; undefined where none was made. */
export async function storedAllocation(queries: Queries, rootId: string): Promise<StoredAllocation | undefined> {
  const [row] = await queries.query<StoredAllocation>(
    `select root_id as "rootId", ${milliseconds('at')} as at, interval_s * 1000 as "intervalMs", cause, round_ms as "roundMs",
       solver_ms as "solverMs", token::float8 as token, allocation
     from feeder_allocation where root_id = $1`,
    [rootId],
  )
  return row
}

/** What a device got, as an allocation lists it. */
export interface ListedShare {
  readonly deviceId: string
  readonly feederId: string
  readonly powerKw: number
  readonly deficitKw: number
  readonly toldKw: number | null
  readonly toldUntil: number | null
  readonly detail: ShareDetail
}

/** Shares of devices on these feeders, in the order of devices. @param after  begins behind this device */
export const listedShares = (
  queries: Queries,
  feederIds: readonly string[],
  after: string | undefined,
  most: number,
): Promise<ListedShare[]> =>
  queries.query(
    `select device_id as "deviceId", on_feeder as "feederId", power_kw as "powerKw", deficit_kw as "deficitKw", told_kw as "toldKw",
       ${milliseconds('told_until')} as "toldUntil", detail
     from device_share where on_feeder = any ($1::text[]) and ($2::text is null or device_id > $2) order by device_id limit $3`,
    [feederIds, after ?? null, most],
  )

/** A feeder with its root and all below it; undefined where there is no such feeder. */
export async function feederFamily(
  queries: Queries,
  feederId: string,
): Promise<{ readonly rootId: string; readonly below: readonly string[] } | undefined> {
  const [family] = await queries.query<{ rootId: string; below: string[] }>(
    `with recursive above as (
       select feeder_id, parent_feeder_id, 0 as depth from feeder where feeder_id = $1
       union all
       select f.feeder_id, f.parent_feeder_id, depth + 1 from above a join feeder f on f.feeder_id = a.parent_feeder_id
       where depth < 100
     ), below as (
       select feeder_id from feeder where feeder_id = $1
       union
       select f.feeder_id from feeder f join below b on f.parent_feeder_id = b.feeder_id
     )
     select (select feeder_id from above order by depth desc limit 1) as "rootId",
       array(select feeder_id from below order by feeder_id) as below
     where exists (select from above)`,
    [feederId],
  )
  return family
}
