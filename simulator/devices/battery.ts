import type { DerTelemetry } from '../../platform/wire/payloads.ts'
import { clamp, noiseFactor, round, type Draw } from '../draw.ts'
import type { PowerLimits } from '../commanded.ts'
import { derPayload, type DerSpec, type DerState } from './der.ts'

export interface BatterySpec extends DerSpec {
  readonly capacityKwh: number
  /** State of charge it never leaves, 0 to 1. */
  readonly minSoc: number
  readonly maxSoc: number
  /** Efficiency of one way, in or out, 0 to 1. */
  readonly efficiency: number
}

export interface BatteryState extends DerState {
  readonly soc: number
}

export interface BatteryInputs {
  readonly at: number
  /** Hour of the civil day at the site. */
  readonly localHour: number
  /** Generation of the site beyond its own consumption, kW; negative when it imports. */
  readonly surplusKw: number
  /** Power to follow, kW, > 0 charges; none follows its own policy. */
  readonly setpointKw: number | undefined
  /** What it was limited to. */
  readonly limits?: PowerLimits
  /** Without grid it neither charges nor discharges: it makes no island. */
  readonly powered: boolean
  readonly draw: Draw
}

/** The battery before its first step. */
export const firstBattery = (spec: BatterySpec, draw: Draw): BatteryState => ({
  at: 0,
  powerKw: 0,
  measuredKw: 0,
  soc: spec.minSoc + (spec.maxSoc - spec.minSoc) * (0.3 + 0.4 * draw.uniform()),
})

/** One step of the energy balance, `dtS` seconds long: what goes in or out changes the charge, less the losses. */
export function stepBattery(spec: BatterySpec, state: BatteryState, inputs: BatteryInputs, dtS: number): BatteryState {
  const wishKw = inputs.powered ? (inputs.setpointKw ?? ownPolicyKw(inputs)) : 0
  const { intoGridKw = Infinity, intoDeviceKw = Infinity } = inputs.limits ?? {}
  const targetKw = clamp(wishKw, -Math.min(spec.pMaxKw, intoGridKw), Math.min(spec.pMaxKw, intoDeviceKw))
  const hours = dtS / 3600
  const room = Math.max(0, spec.maxSoc - state.soc) * spec.capacityKwh
  const stock = Math.max(0, state.soc - spec.minSoc) * spec.capacityKwh
  const highest = hours > 0 ? room / spec.efficiency / hours : Infinity
  const lowest = hours > 0 ? (-stock * spec.efficiency) / hours : -Infinity
  const powerKw = clamp(targetKw, lowest, highest)
  const storedKwh = (powerKw > 0 ? powerKw * spec.efficiency : powerKw / spec.efficiency) * hours
  const soc = clamp(state.soc + storedKwh / spec.capacityKwh, 0, 1)
  const measuredKw = clamp(powerKw * noiseFactor(inputs.draw, 0.003), -spec.pMaxKw, spec.pMaxKw)
  return { at: inputs.at, powerKw, measuredKw, targetKw, soc }
}

/** Its telemetry; power > 0 charges. */
export function batteryPayload(spec: BatterySpec, state: BatteryState): DerTelemetry {
  return { ...derPayload('battery', spec, state), soc: round(state.soc, 4) }
}

/** Without a setpoint: carry the site through the evening peak, and fill up from what its sun leaves over. */
function ownPolicyKw({ localHour, surplusKw }: BatteryInputs): number {
  if (localHour >= 18 && localHour < 21) return Math.min(0, surplusKw)
  return Math.max(0, surplusKw)
}
