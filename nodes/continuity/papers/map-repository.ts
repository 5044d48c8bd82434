import type { Queries } from '../../../platform/storage/queries.ts'
import type { OutageMap } from '../domain/outage-map.ts'

/** The map as it was at a half hour. Instants are UTC milliseconds. */
export interface MapSnapshot {
  readonly slotAt: number
  readonly takenAt: number
  readonly map: OutageMap
}

/** Whether the map of a half hour is there. @param slotAt UTC ms */
export async function hasSnapshot(queries: Queries, slotAt: number): Promise<boolean> {
  const rows = await queries.query('select from outage_map_snapshot where slot_at = to_timestamp($1::float8 / 1000)', [
    slotAt,
  ])
  return rows.length > 0
}

/** Stores the map of a half hour, unless another process has; and lets go of those before an instant. @param before UTC ms */
export async function storeSnapshot(
  queries: Queries,
  { slotAt, takenAt, map }: MapSnapshot,
  before: number,
): Promise<void> {
  await queries.query(
    `insert into outage_map_snapshot (slot_at, taken_at, map)
     values (to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000), $3) on conflict do nothing`,
    [slotAt, takenAt, JSON.stringify(map)],
  )
  await queries.query('delete from outage_map_snapshot where slot_at < to_timestamp($1::float8 / 1000)', [before])
}

/** The newest map that was there at an instant. @param at UTC ms */
export async function snapshotAt(queries: Queries, at: number): Promise<MapSnapshot | undefined> {
  const [snapshot] = await queries.query<MapSnapshot>(
    `select extract(epoch from slot_at)::float8 * 1000 as "slotAt", extract(epoch from taken_at)::float8 * 1000 as "takenAt", map
     from outage_map_snapshot where taken_at <= to_timestamp($1::float8 / 1000) order by slot_at desc limit 1`,
    [at],
  )
  return snapshot
}

/** Maps of a time, without their areas, oldest first. @param from, until UTC ms */
export const snapshotsBetween = (
  queries: Queries,
  from: number,
  until: number,
  limit: number,
): Promise<{ slotAt: number; takenAt: number; unitsOut: number; areas: number }[]> =>
  queries.query(
    `select extract(epoch from slot_at)::float8 * 1000 as "slotAt", extract(epoch from taken_at)::float8 * 1000 as "takenAt",
       (map ->> 'unitsOut')::float8 as "unitsOut", jsonb_array_length(map -> 'areas') as areas
     from outage_map_snapshot
     where slot_at >= to_timestamp($1::float8 / 1000) and slot_at < to_timestamp($2::float8 / 1000)
     order by slot_at limit $3`,
    [from, until, limit],
  )
