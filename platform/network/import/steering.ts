import { kept } from './cells.ts'
import { type Device, steeringColumns } from './network.ts'
import type { Cells } from './tables.ts'

type Steering = Pick<Device, (typeof steeringColumns)[number]>

/** What a line says of the steering of a device, laid over what is known. @param now  undefined: nothing */
export const mergeSteering = (cells: Cells<'devices'>, now: Device | undefined): Steering => ({
  phases: kept(cells.phases, now?.phases),
  least_kw: kept(cells.least_kw, now?.least_kw),
  fallback_kw: kept(cells.fallback_kw, now?.fallback_kw),
  contracted_kw: kept(cells.contracted_kw, now?.contracted_kw),
  capacity_kwh: kept(cells.capacity_kwh, now?.capacity_kwh),
  ramp_kw_per_minute: kept(cells.ramp_kw_per_minute, now?.ramp_kw_per_minute),
  min_on_s: kept(cells.min_on_s, now?.min_on_s),
  min_off_s: kept(cells.min_off_s, now?.min_off_s),
})

export interface SteeringFault {
  readonly column: keyof Steering
  readonly problem: string
}

/** What of it does not go with what the device is. */
export function steeringFaults(device: Device): SteeringFault[] {
  const { kind, der_type, rated_kw, fallback_kw, least_kw, contracted_kw } = device
  if (kind !== null && kind !== 'der')
    return steeringColumns
      .filter((column) => device[column] !== null)
      .map((column) => ({ column, problem: `of a ${kind}: it is for DERs` }))
  const rated = rated_kw ?? Infinity
  const faults: (SteeringFault | false)[] = [
    (least_kw ?? 0) > rated && { column: 'least_kw', problem: `above the rated power, ${rated} kW` },
    (contracted_kw ?? 0) > rated && { column: 'contracted_kw', problem: `above the rated power, ${rated} kW` },
    Math.abs(fallback_kw ?? 0) > rated && { column: 'fallback_kw', problem: `beyond the rated power, ${rated} kW` },
    der_type === 'pv' &&
      (fallback_kw ?? 0) > 0 && { column: 'fallback_kw', problem: 'of a pv: it generates, which is below 0' },
    der_type === 'ev' && (fallback_kw ?? 0) < 0 && { column: 'fallback_kw', problem: 'of an ev: it draws, or nothing' },
  ]
  return faults.filter((fault) => fault !== false)
}
