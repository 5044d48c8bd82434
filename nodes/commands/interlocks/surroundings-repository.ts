import { networkHistory } from '../../../platform/network/network-repository.ts'
import {
  type EarthSwitch,
  type Network,
  networkAt,
  type SwitchOperation,
} from '../../../platform/network/model/network.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { MeteredUnit, SwitchReport } from './surroundings.ts'

/** Clocks of devices go ahead by as much and are believed: what they say of then is known now. */
const aheadMs = 60_000

/** The network as it is now, and all operations that tell how what is in it stands. @param now  UTC milliseconds */
export async function operatedNetwork(
  queries: Queries,
  now: number,
): Promise<{ network: Network; operations: readonly SwitchOperation[] }> {
  const { network, operations } = await networkHistory(queries, now, now + aheadMs)
  return { network: networkAt(network, now), operations }
}

export function earthSwitchesAt(queries: Queries, now: number): Promise<EarthSwitch[]> {
  return queries.query<EarthSwitch>(
    `select earth_switch_id as "earthSwitchId", section_id as "sectionId" from network_earth_switch
     where validity @> to_timestamp($1::float8 / 1000) order by earth_switch_id`,
    [now],
  )
}

/** How these stand, as persons, events and reports told: the last of each. */
export function lastOperations(
  queries: Queries,
  switchIds: readonly string[],
  now: number,
): Promise<SwitchOperation[]> {
  return queries.query<SwitchOperation>(
    `select o.switch_id as "switchId", extract(epoch from o.at)::float8 * 1000 as at,
       case when o.closed = '' then 0 else 7 end as closed, o.source, o.reference
     from unnest($1::text[]) asked (switch_id), lateral (
       select * from switch_operation o
       where o.switch_id = asked.switch_id and o.at < to_timestamp($2::float8 / 1000)
       order by o.at desc
       fetch first 1 row with ties
     ) o`,
    [switchIds, now + aheadMs],
  )
}

/** Of others than those that are commanded the latest readings tell what is older than this. */
const recentMs = 2 * 3_600_000

interface Reported extends Omit<SwitchReport, 'tripped' | 'recloseBlocked' | 'currentsA'> {
  readonly deviceId: string
  readonly tripped: 'yes' | 'no' | null
  readonly recloseBlocked: 'yes' | 'no' | null
  readonly ia: number | null
  readonly ib: number | null
  readonly ic: number | null
}

/**
 * What switches last said of themselves. Of those that are commanded from what they sent, whatever follows the log of batches; of
 * the others what is recent from there too, since a roll-up may be behind.
 */
export async function switchReports(
  queries: Queries,
  commanded: readonly string[],
  others: readonly string[],
  now: number,
): Promise<Map<string, SwitchReport>> {
  const rows = await queries.query<Reported>(
    `with sent as (
       select d.device_id, s.at, s.quality, s.position::text, s.mode::text, s.tripped::text, s.reclose_blocked::text,
         s.ia_a, s.ib_a, s.ic_a
       from device d, lateral (
         select * from switch_reading r where r.device_key = d.device_key order by r.at desc limit 1
       ) s
       where d.device_id = any ($1)
       union all
       select d.device_id, s.at, s.quality, s.position::text, s.mode::text, s.tripped::text, s.reclose_blocked::text,
         s.ia_a, s.ib_a, s.ic_a
       from device d, lateral (
         select * from switch_reading r where r.device_key = d.device_key and r.at > to_timestamp($3::float8 / 1000)
         order by r.at desc limit 1
       ) s
       where d.device_id = any ($2)
       union all
       select device_id, at, quality, measures ->> 'position', measures ->> 'mode', measures ->> 'tripped',
         measures ->> 'reclose_blocked', (measures ->> 'ia_a')::float8, (measures ->> 'ib_a')::float8,
         (measures ->> 'ic_a')::float8
       from device d join latest_reading l using (device_key)
       where l.kind = 'switch' and d.device_id = any ($2)
     )
     select distinct on (device_id) device_id as "deviceId", round(extract(epoch from at) * 1000)::float8 as at, quality,
       position, mode, tripped, reclose_blocked as "recloseBlocked", ia_a as ia, ib_a as ib, ic_a as ic
     from sent order by device_id, sent.at desc`,
    [commanded, others, now - recentMs],
  )
  return new Map(
    rows.map(({ deviceId, at, quality, position, mode, tripped, recloseBlocked, ia, ib, ic }) => [
      deviceId,
      {
        ...{ at, quality, position, mode, currentsA: [ia, ib, ic] as const },
        ...{ tripped: truthOf(tripped), recloseBlocked: truthOf(recloseBlocked) },
      },
    ]),
  )
}

const truthOf = (word: 'yes' | 'no' | null): boolean | null => (word === null ? null : word === 'yes')

/** What is being closed by a command that may still have its effect. */
export async function beingClosed(queries: Queries): Promise<string[]> {
  const rows = await queries.query<{ deviceId: string }>(
    `select device_id as "deviceId" from command where in_flight and type = 'close'`,
  )
  return rows.map(({ deviceId }) => deviceId)
}

/** The units that meters measure now, by meter. @param timeZone  where nobody says another */
export async function unitsOfMeters(
  queries: Queries,
  meterIds: readonly string[],
  now: number,
  timeZone: string,
): Promise<Map<string, MeteredUnit[]>> {
  const rows = await queries.query<MeteredUnit & { meterId: string }>(
    `select d.device_id as "meterId", u.unit_id as "unitId", coalesce(c.time_zone, $3) as "timeZone",
       u.municipality_code as "municipalityCode",
       exists (select from unit_service s where s.unit_id = u.unit_id and s.service in ('life_support', 'safety')) as "isProtected",
       array(select k.section_id from unit_connection k
         where k.unit_id = u.unit_id and k.validity @> to_timestamp($2::float8 / 1000)) as "sectionIds"
     from device d
     join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
     join consumer_unit u using (unit_id)
     left join conjunto c using (conjunto_id)
     where d.device_id = any ($1) order by u.unit_id`,
    [meterIds, now, timeZone],
  )
  return Map.groupBy(rows, ({ meterId }) => meterId)
}

/** Rated power of devices, kW; those of which nobody knows it are missing. */
export async function ratedPowers(queries: Queries, deviceIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await queries.query<{ deviceId: string; ratedKw: number }>(
    `select device_id as "deviceId", rated_kw as "ratedKw" from device where device_id = any ($1) and rated_kw is not null`,
    [deviceIds],
  )
  return new Map(rows.map(({ deviceId, ratedKw }) => [deviceId, ratedKw]))
}
