import type { DerTelemetry } from '../../platform/wire/payloads.ts'
import { clamp, noiseFactor, round, type Draw } from '../draw.ts'
import type { Sky } from '../sky.ts'
import { derPayload, type DerSpec, type DerState } from './der.ts'

export type PvSpec = DerSpec

export interface PvState extends DerState {
  readonly sky: Sky
}

export interface PvInputs {
  readonly at: number
  readonly sky: Sky
  /** Cap on the generation, kW, positive; none runs free. */
  readonly setpointKw: number | undefined
  /** Its inverter feeds nothing in without grid, nor after it has tripped. */
  readonly feedsIn: boolean
  readonly draw: Draw
}

/** Power lost per °C of cell temperature above 25 °C (PVWatts, standard modules). */
const TEMPERATURE_COEFFICIENT = 0.0047
const INVERTER_EFFICIENCY = 0.96

/** Temperature of a cell in the sun, °C, by its NOCT of 45 °C. */
export const cellTemperature = (sky: Sky) => sky.ambientCelsius + (25 / 800) * sky.radiationWm2

/** A PV plant under a sky: it remembers nothing. Generation is positive, as such devices send it; a cap holds at once. */
export function stepPv(spec: PvSpec, inputs: PvInputs): PvState {
  const { at, sky, setpointKw, draw } = inputs
  const heat = 1 - TEMPERATURE_COEFFICIENT * (cellTemperature(sky) - 25)
  const availableKw = spec.pMaxKw * (sky.radiationWm2 / 1000) * heat * INVERTER_EFFICIENCY
  const noise = noiseFactor(draw, 0.003)
  const steeredKw = setpointKw === undefined ? spec.pMaxKw : clamp(setpointKw, 0, spec.pMaxKw)
  const capKw = inputs.feedsIn ? steeredKw : 0
  const powerKw = clamp(availableKw, 0, capKw)
  // noise never lifts the shown power over the cap that the plant obeys
  const measuredKw = clamp(powerKw * noise, 0, capKw)
  return { at, sky, powerKw, measuredKw, ...(setpointKw === undefined ? {} : { targetKw: steeredKw }) }
}

/** Its telemetry, with the weather over the site and the power expected from it. */
export function pvPayload(spec: PvSpec, state: PvState): DerTelemetry {
  return {
    ...derPayload('pv', spec, state),
    cloud_cover_pct: round(state.sky.cloudCoverPct, 1),
    shortwave_radiation_wm2: round(state.sky.radiationWm2, 1),
    estimated_power_w: round(spec.pMaxKw * state.sky.radiationWm2 * INVERTER_EFFICIENCY, 0),
  }
}
