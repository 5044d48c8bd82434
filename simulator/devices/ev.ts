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
  /** Cars that have come so far, where their coming is told. */
  readonly cars: number
  readonly pluggedIn: boolean
}

export interface EvInputs {
  readonly at: number
  /** Power to follow, kW; none falls back to the safe default. */
  readonly setpointKw: number | undefined
  /** Without grid it draws nothing. */
  readonly powered: boolean
  /** Cars that have come up to now. Undefined: when one leaves the next is there, and charges at the safe default. */
  readonly carsArrived: number | undefined
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
  cars: 0,
  pluggedIn: true,
})

/**
 * One step, `dtS` seconds long: power ramps towards the setpoint by at most 1 kW a step, within [0, p_max], and
 * charges the car. What the meter shows ramps no faster, noise included. Only the grid takes power away at once.
 */
export function stepEv(spec: EvSpec, before: EvState, inputs: EvInputs, dtS: number): EvState {
  const { at, draw, powered } = inputs
  const state = powered ? before : { ...before, powerKw: 0, measuredKw: 0 }
  const arrived = inputs.carsArrived !== undefined && inputs.carsArrived > state.cars
  const pluggedIn = inputs.carsArrived === undefined || arrived || (state.pluggedIn && state.cars > 0)
  const targetKw = powered && pluggedIn ? clamp(wishKw(spec, inputs), 0, spec.pMaxKw) : 0
  const powerKw = clamp(targetKw, state.powerKw - EV_RAMP_KW, state.powerKw + EV_RAMP_KW)
  const noisyKw = clamp(powerKw * noiseFactor(draw, 0.003), 0, spec.pMaxKw)
  const measuredKw = clamp(noisyKw, state.measuredKw - EV_RAMP_KW, state.measuredKw + EV_RAMP_KW)
  const charged = (arrived ? arrivingSoc(draw) : state.soc) + (powerKw * EFFICIENCY * dtS) / 3600 / spec.capacityKwh
  const full = charged >= LEAVES_AT_SOC
  const nextComes = inputs.carsArrived === undefined
  return {
    ...{ at, powerKw, measuredKw, targetKw, cars: inputs.carsArrived ?? 0 },
    soc: full && nextComes ? arrivingSoc(draw) : Math.min(1, charged),
    pluggedIn: nextComes || (pluggedIn && !full),
  }
}

/** Whose coming is told charges as fast as it can unless it is steered: nobody manages it yet. */
function wishKw(spec: EvSpec, { setpointKw, carsArrived }: EvInputs): number {
  return setpointKw ?? (carsArrived === undefined ? spec.fallbackKw : spec.pMaxKw)
}

/** Its telemetry; it draws positive power. */
export function evPayload(spec: EvSpec, state: EvState): DerTelemetry {
  const neededKwh = (Math.max(0, LEAVES_AT_SOC - state.soc) * spec.capacityKwh) / EFFICIENCY
  return {
    ...derPayload('ev', spec, state),
    soc: round(state.soc, 4),
    plugged_in: state.pluggedIn,
    ...(state.pluggedIn && { energy_needed_kwh: round(neededKwh, 3) }),
  }
}
