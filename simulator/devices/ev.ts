import type { DerTelemetry } from '../../platform/wire/payloads.ts'
import { clamp, noiseFactor, round, type Draw } from '../draw.ts'
import { derPayload, type DerSpec, type DerState } from './der.ts'

export interface EvSpec extends DerSpec {
  readonly capacityKwh: number
  /** What it draws without a valid setpoint, kW: safe for its feeder. */
  readonly fallbackKw: number
}

export interface EvState extends DerState {
  readonly soc: number
}

export interface EvInputs {
  readonly at: number
  /** Power to follow, kW; none falls back to the safe default. */
  readonly setpointKw: number | undefined
  readonly draw: Draw
}

/** A charge point changes its power by at most this much a step, kW. */
const EV_RAMP_KW = 1
const EFFICIENCY = 0.92
/** A driver leaves here, before the charge would taper off, and the next car plugs in: the charge point stays busy. */
const LEAVES_AT_SOC = 0.9

const arrivingSoc = (draw: Draw) => 0.2 + 0.4 * draw.uniform()

/** The charge point with a first car, before its first step. */
export const firstEv = (_spec: EvSpec, draw: Draw): EvState => ({
  at: 0,
  powerKw: 0,
  measuredKw: 0,
  soc: arrivingSoc(draw),
})

/**
 * One step, `dtS` seconds long: power ramps towards the setpoint by at most 1 kW a step, within [0, p_max], and
 * charges the car. What the meter shows ramps no faster, noise included.
 */
export function stepEv(spec: EvSpec, state: EvState, inputs: EvInputs, dtS: number): EvState {
  const targetKw = clamp(inputs.setpointKw ?? spec.fallbackKw, 0, spec.pMaxKw)
  const powerKw = clamp(targetKw, state.powerKw - EV_RAMP_KW, state.powerKw + EV_RAMP_KW)
  const noisyKw = clamp(powerKw * noiseFactor(inputs.draw, 0.003), 0, spec.pMaxKw)
  const measuredKw = clamp(noisyKw, state.measuredKw - EV_RAMP_KW, state.measuredKw + EV_RAMP_KW)
  const charged = state.soc + (powerKw * EFFICIENCY * dtS) / 3600 / spec.capacityKwh
  const soc = charged < LEAVES_AT_SOC ? charged : arrivingSoc(inputs.draw)
  return { at: inputs.at, powerKw, measuredKw, targetKw, soc }
}

/** Its telemetry; it draws positive power. */
export function evPayload(spec: EvSpec, state: EvState): DerTelemetry {
  return { ...derPayload('ev', spec, state), soc: round(state.soc, 4) }
}
