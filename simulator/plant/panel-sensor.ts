import { round, type Draw } from '../draw.ts'
import type { FaultEpisode } from './fault-kinds.ts'
import type { SensorTruth } from './plant-layout.ts'

/** What a panel's sensor shows at one instant. Volts times amperes are the watts. */
export interface Shown {
  readonly celsius: number
  readonly volts: number
  readonly amperes: number
  readonly watts: number
}

/** What there is to measure. */
export interface Measurable {
  readonly celsius: number
  readonly volts: number
  readonly amperes: number
}

/** As `simulator/devices/panel.ts`: noise of a thousandth of the voltage and of four thousandths of the current, one decimal. */
const VOLTS_NOISE = 0.001
const AMPERES_NOISE = 0.004
const CELSIUS_NOISE = 0.1

/**
 * Reads the sensor.
 * @param frozen  what it showed when it stuck
 */
export function readSensor(
  { celsius, volts, amperes }: Measurable,
  sensor: SensorTruth,
  active: readonly FaultEpisode[],
  frozen: Shown | undefined,
  draw: Draw,
): Shown {
  let shownC = round(celsius + sensor.offsetC + CELSIUS_NOISE * draw.normal(), 1)
  let shownV = volts > 0 ? round(volts * sensor.voltsShare * (1 + VOLTS_NOISE * draw.normal()), 1) : 0
  let shownA = amperes > 0 ? round(amperes * sensor.amperesShare * (1 + AMPERES_NOISE * draw.normal()), 1) : 0
  for (const { size } of active) {
    if (size.kind === 'out_of_range') {
      if (size.measure === 'temperature') shownC = size.shown
      else if (size.measure === 'voltage') shownV = size.shown
      else shownA = size.shown
    } else if (size.kind === 'stuck_sensor' && frozen) {
      if (size.measures !== 'electric') shownC = frozen.celsius
      if (size.measures !== 'temperature') [shownV, shownA] = [frozen.volts, frozen.amperes]
    }
  }
  return { celsius: shownC, volts: shownV, amperes: shownA, watts: round(shownV * shownA, 2) }
}
