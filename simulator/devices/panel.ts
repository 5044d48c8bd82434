import type { PanelReading } from '../../platform/wire/payloads.ts'
import { clamp, noiseFactor, round, type Draw } from '../draw.ts'
import type { Sky } from '../sky.ts'
import { cellTemperature } from './pv.ts'

export interface PanelSpec {
  readonly id: string
  readonly siteId: string
  readonly feederId: string
  readonly location: string
  /** Power under standard test conditions, W. */
  readonly ratedW: number
  /** Voltage at its maximum power point under standard test conditions, V. */
  readonly ratedV: number
}

/** What the panel's sensor shows. Volts times amperes are the watts, exactly. */
export interface PanelState {
  readonly at: number
  /** Its own yield against its rating: no two panels are the same. */
  readonly yield: number
  readonly celsius: number
  readonly volts: number
  readonly amperes: number
  readonly watts: number
}

export interface PanelInputs {
  readonly at: number
  readonly sky: Sky
  /** Its inverter takes what it gives; without grid, or after a trip, no current flows. */
  readonly feedsIn: boolean
  readonly draw: Draw
}

const POWER_COEFFICIENT = 0.0035
const VOLTAGE_COEFFICIENT = 0.0029
/** Glass and cells take this long to follow the sun, s. */
const WARMS_OVER_S = 300

/** The panel before its first step, already at the temperature of its sky. */
export const firstPanel = (_spec: PanelSpec, { at, sky, draw }: PanelInputs): PanelState => ({
  at,
  yield: noiseFactor(draw, 0.012),
  celsius: cellTemperature(sky),
  volts: 0,
  amperes: 0,
  watts: 0,
})

/** One step, `dtS` seconds long: the cell warms up, and the tracker holds the maximum power point. */
export function stepPanel(spec: PanelSpec, state: PanelState, inputs: PanelInputs, dtS: number): PanelState {
  const { at, sky, feedsIn, draw } = inputs
  const warmed = 1 - Math.exp(-dtS / WARMS_OVER_S)
  const celsius = clamp(state.celsius + (cellTemperature(sky) - state.celsius) * warmed + 0.05 * draw.normal(), -20, 80)
  const sun = sky.radiationWm2 / 1000
  const ideal = spec.ratedW * sun * (1 - POWER_COEFFICIENT * (celsius - 25)) * state.yield * noiseFactor(draw, 0.004)
  const volts = sun < 0.001 ? 0 : voltageAt(spec, sun, celsius) * noiseFactor(draw, 0.001)
  const shownVolts = round(clamp(volts, 0, 60), 1)
  const amperes = feedsIn && shownVolts > 0 ? round(clamp(ideal, 0, spec.ratedW * 1.05) / shownVolts, 1) : 0
  return { at, yield: state.yield, celsius, volts: shownVolts, amperes, watts: round(shownVolts * amperes, 2) }
}

export function panelPayload(spec: PanelSpec, state: PanelState): PanelReading {
  return {
    panel_id: spec.id,
    timestamp: new Date(state.at).toISOString(),
    temperature_celsius: round(state.celsius, 1),
    voltage_volts: state.volts,
    current_amperes: state.amperes,
    power_output_watts: state.watts,
    location: spec.location,
  }
}

/** `Panel-001: 25.3 °C, 48.2 V, 8.5 A, 409.7 W` */
export function panelLine(reading: PanelReading): string {
  const name = reading.panel_id.charAt(0).toUpperCase() + reading.panel_id.slice(1)
  const [celsius, volts, amperes, watts] = [
    reading.temperature_celsius,
    reading.voltage_volts,
    reading.current_amperes,
    reading.power_output_watts,
  ].map((value) => value.toFixed(1))
  return `${name}: ${celsius} °C, ${volts} V, ${amperes} A, ${watts} W`
}

/** The maximum power point sinks with heat, and with the logarithm of a weak sun. */
function voltageAt(spec: PanelSpec, sun: number, celsius: number): number {
  return spec.ratedV * (1 + 0.06 * Math.log(sun)) * (1 - VOLTAGE_COEFFICIENT * (celsius - 25))
}
