import { round, type Draw } from '../draw.ts'
import { quantisedMean } from './quantised-mean.ts'
import type { FaultEpisode } from './fault-kinds.ts'
import type { SensorTruth } from './plant-layout.ts'

/** What a panel's sensor shows: one reading, or the means of many. Volts times amperes are the watts. */
export interface Shown {
  readonly celsius: number
  readonly volts: number
  readonly amperes: number
  readonly watts: number
  /** Of the readings that it stands for. */
  readonly lowestWatts: number
  readonly highestWatts: number
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
const RESOLUTION = 0.1
/** The extremes of a minute's readings lie about so many standard deviations from their mean. */
const EXTREME = 2.3

/**
 * Reads the sensor.
 * @param frozen    what it showed when it stuck
 * @param readings  how many readings of this instant it shows the mean of
 */
export function readSensor(
  { celsius, volts, amperes }: Measurable,
  sensor: SensorTruth,
  active: readonly FaultEpisode[],
  frozen: Shown | undefined,
  draw: Draw,
  readings = 1,
): Shown {
  const [trueV, trueA] = [volts * sensor.voltsShare, amperes * sensor.amperesShare]
  const [noiseV, noiseA] = [VOLTS_NOISE * trueV, AMPERES_NOISE * trueA]
  let shownC = measured(celsius + sensor.offsetC, CELSIUS_NOISE, draw, readings)
  let shownV = volts > 0 ? measured(trueV, noiseV, draw, readings) : 0
  let shownA = amperes > 0 ? measured(trueA, noiseA, draw, readings) : 0
  let spreadV = readings > 1 && volts > 0 ? EXTREME * noiseV : 0
  let spreadA = readings > 1 && amperes > 0 ? EXTREME * noiseA : 0
  for (const { size } of active) {
    if (size.kind === 'out_of_range') {
      if (size.measure === 'temperature') shownC = size.shown
      else if (size.measure === 'voltage') [shownV, spreadV] = [size.shown, 0]
      else [shownA, spreadA] = [size.shown, 0]
    } else if (size.kind === 'stuck_sensor' && frozen) {
      if (size.measures !== 'electric') shownC = frozen.celsius
      if (size.measures !== 'temperature') [shownV, shownA, spreadV, spreadA] = [frozen.volts, frozen.amperes, 0, 0]
    }
  }
  const watts = round(shownV * shownA, 2)
  if (readings === 1) return { ...{ celsius: shownC, volts: shownV, amperes: shownA, watts }, ...bounds(watts, watts) }
  const extreme = (sign: number) =>
    (spreadV === 0 ? shownV : round(shownV + sign * spreadV, 1)) *
    (spreadA === 0 ? shownA : round(shownA + sign * spreadA, 1))
  const [low, high] = [Math.min(watts, extreme(-1)), Math.max(watts, extreme(1))]
  return { ...{ celsius: shownC, volts: shownV, amperes: shownA, watts }, ...bounds(low, high) }
}

const measured = (value: number, noise: number, draw: Draw, readings: number): number =>
  readings === 1 ? round(value + noise * draw.normal(), 1) : quantisedMean(value, noise, RESOLUTION, readings, draw)

const bounds = (lowestWatts: number, highestWatts: number) => ({ lowestWatts, highestWatts })
