import type { Place } from '../../../platform/conditions/root-causes.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** The event that has taken the supply of a place, and since when (UTC milliseconds). */
export interface EventAtPlace {
  readonly eventId: number
  readonly since: number
}

/**
 * For each place the event through which it is without supply now; null: it is not, as far as is known. A device is where its unit
 * is, by its assignment at the instant; one that measures no unit where the units of its site are; a switch is without supply
 * where both of its sides are.
 * @param at  now, UTC milliseconds
 */
export async function eventsAt(
  queries: Queries,
  places: readonly Place[],
  at: number,
): Promise<readonly (EventAtPlace | null)[]> {
  const found: (EventAtPlace | null)[] = places.map(() => null)
  if (places.length === 0) return found
  const rows = await queries.query<EventAtPlace & { place: number }>(eventsOfPlaces, [
    ...[places.map(({ unitId }) => unitId), places.map(({ deviceId }) => deviceId), at],
  ])
  for (const { place, eventId, since } of rows) found[place - 1] = { eventId, since }
  return found
}

/**
 * What lasts bounds where pieces of units are looked for: few partitions of five years. Each place is looked up by itself (`limit`
 * and `offset` keep it so): whole registers would be read for a hundred places as for a hundred thousand.
 */
const eventsOfPlaces = `
  with lasting as materialized (
    select min(started_at) as since from interruption where ended_at is null and not void
  ), assigned as materialized (
    select p.place, coalesce(p.unit_id, m.unit_id) as unit_id, p.device_id, d.site_id
    from unnest($1::text[], $2::text[]) with ordinality as p (unit_id, device_id, place)
    left join lateral (
      select device_key, site_id from device where p.unit_id is null and device_id = p.device_id limit 1) d on true
    left join lateral (
      select unit_id from meter_assignment
      where device_key = d.device_key and validity @> to_timestamp($3::float8 / 1000) limit 1) m on true
    where (select since from lasting) is not null
  ), unit_at as (
    select place, unit_id from assigned where unit_id is not null
    union all
    select a.place, u.unit_id from assigned a join consumer_unit u using (site_id) where a.unit_id is null
  ), found as (
    select u.place, i.event_id, o.started_at
    from unit_at u, lateral (
      select interruption_id, started_at from unit_interruption
      where unit_id = u.unit_id and ended_at is null
        and started_at between (select since from lasting) and to_timestamp($3::float8 / 1000)
      offset 0) o, interruption i
    where i.interruption_id = o.interruption_id and not i.void
    union all
    select a.place, o.event_id, o.started_at
    from assigned a, lateral (
      select i.event_id, greatest(one.started_at, other.started_at) as started_at
      from network_switch s
      join section_outage one on one.section_id = s.section_a and one.ended_at is null
      join section_outage other on other.section_id = s.section_b and other.ended_at is null
      join interruption i on not i.void
        and i.root = one.root_id || '@' || round(extract(epoch from one.root_at) * 1000)::bigint
      where s.switch_id = a.device_id and s.validity @> to_timestamp($3::float8 / 1000)
      limit 1) o
    where a.unit_id is null
  )
  select distinct on (place) place::integer as place, event_id::float8 as "eventId",
    round(extract(epoch from started_at) * 1000)::float8 as since
  from found order by place, started_at, event_id`
