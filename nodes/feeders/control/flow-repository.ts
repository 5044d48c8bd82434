import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** What was measured last on a feeder and all below it. Power in kW. */
export interface FeederFlows {
  /** The meter at its head, consumption positive; null: it has none, or it is silent. */
  readonly headKw: number | null
  /** All meters of units, and the DERs that none of them measures too: instead of a head; null: there are none. */
  readonly devicesKw: number | null
  readonly generatedKw: number
  readonly dischargedKw: number
  readonly chargedKw: number
  readonly evKw: number
  /** What PV could generate besides, as last shared out. */
  readonly curtailedKw: number
  /** Of the oldest of these readings, UTC milliseconds; null: there are none. */
  readonly oldestAt: number | null
}

/**
 * @param now    of which the units of meters are, UTC milliseconds
 * @param since  readings that were received earlier count for nothing
 */
export async function feederFlows(
  queries: Queries,
  feederId: string,
  now: number,
  since: number,
): Promise<FeederFlows> {
  const [row] = await queries.query<FeederFlows>(
    `with recursive below as (
       select feeder_id from feeder where feeder_id = $1
       union
       select f.feeder_id from feeder f join below b on f.parent_feeder_id = b.feeder_id
     ), heads as (
       select head_meter_id from feeder where head_meter_id is not null
     ), devices as (
       select d.device_id, d.device_key, d.kind, coalesce(d.der_type, d.kind::text) as type, coalesce(d.site_id, u.site_id) as site_id,
         u.unit_id, l.power_kw, l.at
       from device d
       left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($2::float8 / 1000)
       left join consumer_unit u on u.unit_id = a.unit_id
       left join site s on s.site_id = coalesce(d.site_id, u.site_id)
       join latest_reading l on l.device_key = d.device_key
       where d.status = 'active' and l.power_kw is not null and l.quality <> 'invalid'
         and l.received_at > to_timestamp($3::float8 / 1000)
         and coalesce(d.feeder_id, u.feeder_id, s.feeder_id) in (select feeder_id from below)
         and d.device_id not in (select head_meter_id from heads)
     ), head as (
       select l.power_kw, l.at from feeder f join device d on d.device_id = f.head_meter_id join latest_reading l on l.device_key = d.device_key
       where f.feeder_id = $1 and l.power_kw is not null and l.quality <> 'invalid' and l.received_at > to_timestamp($3::float8 / 1000)
     )
     select (select power_kw from head) as "headKw",
       sum(power_kw) filter (where kind = 'meter' or site_id is null
         or not exists (select from devices m where m.unit_id is not null and m.site_id = devices.site_id)) as "devicesKw",
       coalesce(-sum(power_kw) filter (where kind <> 'meter' and type <> 'battery' and power_kw < 0), 0) as "generatedKw",
       coalesce(-sum(power_kw) filter (where type = 'battery' and power_kw < 0), 0) as "dischargedKw",
       coalesce(sum(power_kw) filter (where type = 'battery' and power_kw > 0), 0) as "chargedKw",
       coalesce(sum(power_kw) filter (where type = 'ev'), 0) as "evKw",
       (select coalesce(sum(greatest(0, c.power_kw - (c.detail ->> 'fromKw')::float8)), 0) from device_share c
        where c.detail ->> 'kind' = 'pv' and c.on_feeder in (select feeder_id from below)) as "curtailedKw",
       ${milliseconds('least(min(at), (select at from head))')} as "oldestAt"
     from devices`,
    [feederId, now, since],
  )
  return row!
}
