import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Binding } from '../domain/allocation/allocation.ts'

/** A device with what it is told and what it got. Instants are UTC milliseconds, power kW, consumption positive. */
export interface ControlledDevice {
  readonly deviceId: string
  readonly feederId: string | null
  readonly ofUnit: boolean
  readonly setpointKw: number | null
  readonly expiresAt: number | null
  /** Null: nobody shares out what its feeders may carry. */
  readonly share: {
    readonly at: number
    readonly powerKw: number
    readonly deficitKw: number
    readonly binding: Binding['kind']
    readonly whole: Partial<Extract<Binding, { kind: 'feeder' }>> | null
  } | null
}

/** Names how control stands: another one whenever a device was told something, or a round was made. */
export async function controlVersion(queries: Queries): Promise<string> {
  const [row] = await queries.query<{ version: string }>(
    `select concat_ws(' ', (select max(recorded_at) from feeder_allocation), (select count(*) from feeder_allocation),
       (select sum(changed) from desired_setpoint)) as version`,
  )
  return row!.version
}

/** Devices that have a setpoint, or a share; `most` of them by their identifiers. @param now  of which the units of meters are */
export const controlledDevices = (queries: Queries, now: number, most: number): Promise<ControlledDevice[]> =>
  queries.query(
    `select d.device_id as "deviceId", coalesce(d.feeder_id, u.feeder_id, t.feeder_id) as "feederId",
       exists (select from meter_assignment m where m.device_key = d.device_key) as "ofUnit",
       s.power_kw as "setpointKw", ${milliseconds('s.expires_at')} as "expiresAt",
       case when c.device_id is not null then jsonb_build_object('at', ${milliseconds('c.at')}, 'powerKw', c.power_kw,
         'deficitKw', c.deficit_kw, 'binding', c.binding, 'whole', c.detail -> 'binding') end as share
     from device d
     left join desired_setpoint s on s.device_id = d.device_id and s.power_kw is not null
     left join device_share c on c.device_id = d.device_id
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site t on t.site_id = coalesce(d.site_id, u.site_id)
     where d.kind = 'der' and (s.device_id is not null or c.device_id is not null)
     order by d.device_id limit $2`,
    [now, most],
  )

/** The tightest limit of each feeder that has any, kW towards the loads: of the control loop, else of the registry or the default. */
export async function tightestLimits(
  queries: Queries,
  defaultLimitKw: number | null,
): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query<{ feederId: string; limitKw: number }>(
    `with controlled as (
       select f ->> 'feederId' as feeder_id, min((f ->> 'importLimitKw')::float8) as limit_kw
       from feeder_allocation, jsonb_array_elements(allocation -> 'feeders') f where f ->> 'line' = 'total' group by 1
     )
     select feeder_id as "feederId", least(c.limit_kw, coalesce(f.limit_kw, $1)) as "limitKw"
     from feeder f left join controlled c using (feeder_id)
     where least(c.limit_kw, coalesce(f.limit_kw, $1)) is not null`,
    [defaultLimitKw],
  )
  return new Map(rows.map(({ feederId, limitKw }) => [feederId, limitKw]))
}
