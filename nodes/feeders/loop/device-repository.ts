import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { phases as allPhases } from '../domain/allocation/problem.ts'
import type { ObservedDevice } from '../domain/observed-device.ts'

/** A device that could follow setpoints, with under which lease it follows one; null: none, or not under a lease. */
export interface LoopDevice extends ObservedDevice {
  readonly lease: { readonly name: string; readonly token: number } | null
}

interface Row {
  readonly deviceId: string
  readonly feederId: string
  readonly kind: ObservedDevice['kind']
  readonly phases: string
  readonly ratedKw: number
  readonly phaseVoltageV: number | null
  readonly priority: number | null
  readonly leastKw: number | null
  readonly fallbackKw: number | null
  readonly contractedKw: number | null
  readonly capacityKwh: number | null
  readonly rampKwPerMinute: number | null
  readonly minOnS: number | null
  readonly minOffS: number | null
  readonly readAt: number | null
  readonly receivedAt: number | null
  readonly powerKw: number | null
  readonly soc: number | null
  readonly irradianceWm2: number | null
  readonly pluggedIn: string | null
  readonly energyNeededKwh: number | null
  readonly departsAt: string | null
  readonly isOffline: boolean
  readonly toldKw: number | null
  readonly toldUntil: number | null
  readonly lease: string | null
  readonly fencingToken: number | null
  readonly deficitKwh: number | null
  readonly deficitAt: number | null
  readonly shareAt: number | null
  readonly shareDeficitKw: number | null
  readonly toldAt: number | null
  readonly heardLowKw: number | null
  readonly heardHighKw: number | null
  readonly heardUntil: number | null
  readonly switchedAt: number | null
}

/** Between phase and neutral, where the registry does not say, V. */
const usualPhaseVoltageV = 127
/** Irradiance at which a PV gives its rating. */
const ratedWm2 = 1_000
/** Sessions: what is said offline and received just before is of the same moment. */
const justBefore = `interval '5 seconds'`

/**
 * Every approved battery, EV charger and PV inverter whose rating and feeder are known, from newest states only.
 * @param at  of which the units of devices are, UTC milliseconds
 */
export async function loopDevices(queries: Queries, at: number): Promise<LoopDevice[]> {
  const rows = await queries.query<Row>(
    `select d.device_id as "deviceId", coalesce(d.feeder_id, u.feeder_id, s.feeder_id) as "feederId", d.der_type as kind,
       coalesce(d.phases, u.phases, 'ABC') as phases, d.rated_kw as "ratedKw", d.nominal_voltage_v as "phaseVoltageV", d.priority,
       d.least_kw as "leastKw", d.fallback_kw as "fallbackKw", d.contracted_kw as "contractedKw", d.capacity_kwh as "capacityKwh",
       d.ramp_kw_per_minute as "rampKwPerMinute", d.min_on_s as "minOnS", d.min_off_s as "minOffS",
       ${milliseconds('l.at')} as "readAt", ${milliseconds('l.received_at')} as "receivedAt",
       case when l.quality <> 'invalid' then l.power_kw end as "powerKw", (l.measures ->> 'soc')::float8 as soc,
       (l.measures ->> 'shortwave_radiation_wm2')::float8 as "irradianceWm2", l.measures ->> 'plugged_in' as "pluggedIn",
       (l.measures ->> 'energy_needed_kwh')::float8 as "energyNeededKwh", l.measures ->> 'departs_at' as "departsAt",
       coalesce(not p.online and (l.device_key is null or p.received_at >= l.received_at - ${justBefore}), false) as "isOffline",
       t.power_kw as "toldKw", ${milliseconds('t.expires_at')} as "toldUntil", t.lease, t.fencing_token::float8 as "fencingToken",
       c.deficit_kwh as "deficitKwh", ${milliseconds('c.at')} as "deficitAt",
       ${milliseconds('h.at')} as "shareAt", h.deficit_kw as "shareDeficitKw", ${milliseconds('h.told_at')} as "toldAt",
       h.heard_low_kw as "heardLowKw", h.heard_high_kw as "heardHighKw", ${milliseconds('h.heard_until')} as "heardUntil",
       ${milliseconds('h.switched_at')} as "switchedAt"
     from device d
     left join meter_assignment a on a.device_key = d.device_key and a.validity @> to_timestamp($1::float8 / 1000)
     left join consumer_unit u on u.unit_id = a.unit_id
     left join site s on s.site_id = coalesce(d.site_id, u.site_id)
     left join latest_reading l on l.device_key = d.device_key
     left join device_presence p on p.device_key = d.device_key
     left join desired_setpoint t on t.device_id = d.device_id
     left join device_share h on h.device_id = d.device_id
     left join control_deficit c on c.device_id = d.device_id
     where d.kind = 'der' and d.status = 'active' and d.der_type in ('ev', 'battery', 'pv') and d.rated_kw is not null
       and coalesce(d.feeder_id, u.feeder_id, s.feeder_id) is not null
     order by d.device_id`,
    [at],
  )
  return rows.map(deviceOf)
}

function deviceOf(row: Row): LoopDevice {
  const { deviceId, feederId, kind, ratedKw, priority, leastKw, fallbackKw, contractedKw, capacityKwh } = row
  const { rampKwPerMinute, minOnS, minOffS, isOffline, toldKw, toldUntil, heardLowKw, heardHighKw, heardUntil } = row
  const { deficitKwh, deficitAt, shareAt, shareDeficitKw, toldAt, switchedAt, lease, fencingToken } = row
  const of = new Set(row.phases)
  const isHeard = heardLowKw !== null && heardHighKw !== null && heardUntil !== null
  const heard = isHeard ? { lowKw: heardLowKw, highKw: heardHighKw, until: heardUntil } : null
  return {
    ...{ deviceId, feederId, kind, ratedKw, priority, leastKw, fallbackKw, contractedKw, capacityKwh },
    ...{ rampKwPerMinute, minOnS, minOffS, isOffline },
    phases: allPhases.filter((phase) => of.has(phase)),
    phaseVoltageV: row.phaseVoltageV ?? usualPhaseVoltageV,
    reading: readingOf(row),
    told: toldKw !== null && toldUntil !== null ? { powerKw: toldKw, expiresAt: toldUntil } : null,
    deficit: deficitKwh !== null && deficitAt !== null ? { kwh: deficitKwh, at: deficitAt } : null,
    share: shareAt === null ? null : { at: shareAt, deficitKw: shareDeficitKw ?? 0, ...{ toldAt, heard, switchedAt } },
    lease: toldKw !== null && lease !== null && fencingToken !== null ? { name: lease, token: fencingToken } : null,
  }
}

function readingOf(row: Row): ObservedDevice['reading'] {
  const { readAt, receivedAt, powerKw, soc, irradianceWm2, energyNeededKwh, ratedKw } = row
  if (readAt === null || receivedAt === null) return null
  const departsAt = row.departsAt === null ? NaN : Date.parse(row.departsAt)
  return {
    ...{ at: readAt, receivedAt, powerKw, soc, energyNeededKwh },
    expectedKw: irradianceWm2 === null ? null : Math.min(ratedKw, (ratedKw * irradianceWm2) / ratedWm2),
    pluggedIn: row.pluggedIn === null ? null : row.pluggedIn === 'yes' || row.pluggedIn === 'true',
    departsAt: Number.isNaN(departsAt) ? null : departsAt,
  }
}
