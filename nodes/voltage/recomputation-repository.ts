import type { PoolClient } from 'pg'
import type { Span } from '../../platform/storage/span.ts'
import type { MeterTime } from './meter-repository.ts'

/** Windows of one meter and day to compute again; instants are UTC milliseconds. */
export interface Recomputation extends MeterTime {
  /** Newest commit that asked for it; null where the registry did. */
  readonly batchId: number | null
}

/** Joins what is asked for to what was asked before. Times are cut at the beginnings of days (UTC). */
const entering = `
  insert into voltage_recomputation as r (day, device_key, from_at, until_at, batch_id)
  select day, device_key, greatest(min(from_at), day), least(max(until_at), day + interval '1 day'), max(batch_id)
  from asked, generate_series(date_trunc('day', from_at, 'UTC'), until_at, interval '1 day') as day
  where from_at < until_at and day < until_at
  group by day, device_key order by day, device_key
  on conflict (day, device_key) do update set from_at = least(r.from_at, excluded.from_at),
    until_at = greatest(r.until_at, excluded.until_at), batch_id = greatest(r.batch_id, excluded.batch_id)`

/**
 * Has the windows computed again that readings of some commits touch and that have been closed, or are being. Fine readings
 * touch as far as they may tell of a disturbance.
 * @param oldest  windows from before are gone
 * @param closed  windows that begin later are still to come; both UTC milliseconds
 */
export async function recomputeForReadings(
  client: PoolClient,
  { batchIds, firstAt, lastAt }: Span,
  oldest: number,
  closed: number,
  fineMs: number,
  reachMs: number,
): Promise<void> {
  await client.query(
    `with late as (
       select device_key, batch_id, at, interval_s,
         case when interval_s <= $6::float8 / 1000 then $7::float8 / 1000 else 0 end * interval '1 second' as reach
       from meter_reading
       where batch_id = any ($1) and at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
         and at < to_timestamp($5::float8 / 1000) + interval '10 minutes' and quality not in ('invalid', 'server-time')
     ), asked as (
       select device_key, batch_id, greatest(at - interval_s * interval '1 second' - reach, to_timestamp($4::float8 / 1000)) as from_at,
         least(at + reach, to_timestamp($5::float8 / 1000)) as until_at
       from late
     ) ${entering}`,
    [batchIds, firstAt, lastAt, oldest, closed, fineMs, reachMs],
  )
}

/** The same for events: an outage touches all windows from its beginning to its end, whichever of the two became known last. */
export async function recomputeForEvents(
  client: PoolClient,
  batchIds: readonly number[],
  oldest: number,
  closed: number,
): Promise<void> {
  await client.query(
    `with late as (
       select e.device_key, e.batch_id, e.at, e.at - coalesce(duration_s, 0) * interval '1 second' as began_at,
         previous.at as previous_at, next.at as next_at
       from field_event e
       left join lateral (
         select p.at from field_event p
         where e.type = 'power_restored' and p.device_key = e.device_key and p.type = 'power_lost' and p.at <= e.at
         order by p.at desc limit 1) previous on true
       left join lateral (
         select n.at from field_event n
         where e.type = 'power_lost' and n.device_key = e.device_key and n.type = 'power_restored' and n.at >= e.at
         order by n.at limit 1) next on true
       where e.batch_id = any ($1) and e.type in ('power_lost', 'power_restored', 'vtcd')
     ), asked as (
       select device_key, batch_id, greatest(coalesce(previous_at, began_at), to_timestamp($2::float8 / 1000)) as from_at,
         least(coalesce(next_at, at) + interval '1 millisecond', to_timestamp($3::float8 / 1000)) as until_at
       from late
     ) ${entering}`,
    [batchIds, oldest, closed],
  )
}

/** Takes out what is to be computed again, the oldest first: as many meters' days as make up `most` windows, at least one. */
export async function takeRecomputations(client: PoolClient, most: number): Promise<Recomputation[]> {
  const { rows } = await client.query<Recomputation>(
    `with next as (
       select day, device_key, sum(extract(epoch from until_at - from_at) / 600 + 2) over (order by day, device_key) as windows,
         row_number() over (order by day, device_key) as place, min(day) over () as oldest
       from (select * from voltage_recomputation order by day, device_key limit $1) first
     )
     delete from voltage_recomputation r using next
     where r.day = next.day and r.device_key = next.device_key and r.day = oldest and (windows <= $1 or place = 1)
     returning r.device_key as "deviceKey", extract(epoch from from_at)::float8 * 1000 as "from",
       extract(epoch from until_at)::float8 * 1000 as until, batch_id::float8 as "batchId"`,
    [most],
  )
  return rows.toSorted((one, other) => one.deviceKey - other.deviceKey)
}
