import { drawOf } from '../draw.ts'
import { sunElevation } from '../sky.ts'
import { dayWeathers, type DayWeather } from './day-weather.ts'
import { labelsOf, type FaultEpisode, type FaultKind, type FaultLabel } from './fault-kinds.ts'
import { episodesFor, planFaults } from './fault-plan.ts'
import { plantOf, usualFacts, type Plant, type PlantFacts } from './plant-layout.ts'
import { PlantRun, type PlantReadings } from './plant-run.ts'
import { stampedBy } from './wrong-clock.ts'

/** Means of one panel over five minutes; null where there is no sensor. Generation is positive. */
export interface PlantSample {
  readonly temperatureC: number | null
  readonly voltageV: number | null
  readonly currentA: number | null
  readonly powerW: number | null
  /** Of the five minutes. */
  readonly lowestW: number | null
  readonly highestW: number | null
  /** Readings of one second that it is made of. */
  readonly samples: number
  /** Measured in the plane of the panels, W/m²; null without pyranometer. */
  readonly irradianceWm2: number | null
}

/** Five minutes of the plant. */
export interface PlantSlot {
  /** Their beginning as their stamps have it, UTC milliseconds. */
  readonly at: number
  /** By panel; a panel that said nothing is not in it. */
  readonly samples: ReadonlyMap<string, PlantSample>
}

export interface YearOptions {
  /** Beginning of the first civil day, UTC milliseconds; 2026-01-01 of São Paulo unless given. */
  readonly start?: number
  readonly days?: number
  readonly panels?: number
  readonly perString?: number
  readonly facts?: PlantFacts
  /** The plant measures irradiance. */
  readonly pyranometer?: boolean
  /** How many causes of each kind; as usual for so many days unless given, `none` for a plant that stays in order. */
  readonly faults?: 'none' | Readonly<Partial<Record<FaultKind, number>>>
  /** Days without any fault at first; 30 unless given. */
  readonly healthyDays?: number
  /** Days, from 0, on which something like snow covers all panels. */
  readonly coveredDays?: readonly number[]
  /** One panel of three lacks one sensor each, and each is silent for some hours now and then. */
  readonly missingSensors?: boolean
  /** Stamps are so many minutes ahead (behind where negative), in steps of five; of these panels (from 0), or of all. */
  readonly clockAheadMinutes?: number
  readonly wrongClockPanels?: readonly number[]
}

/** A simulated year with the truth about it. */
export interface PlantYear {
  readonly plant: Plant
  readonly weathers: readonly DayWeather[]
  readonly episodes: readonly FaultEpisode[]
  /** Sorted by their beginning. */
  readonly labels: readonly FaultLabel[]
  /** Slot after slot, made as they are asked for; each call begins anew, with the same slots. */
  slots(): Iterable<PlantSlot>
}

export const SLOT_MS = 300_000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** A reading a second. */
const READINGS_A_SLOT = 300
const usualStart = Date.UTC(2026, 0, 1, 3)

/**
 * A year (or less, or more) of a plant with faults in it, as means of five minutes, day and night, by its seed alone.
 * @param seed  whole number
 * @throws RangeError where an option is no count
 */
export function yearOf(seed: number, options: YearOptions = {}): PlantYear {
  const { start = usualStart, days = 365, panels = 50, perString = 10, healthyDays = 30 } = options
  for (const [name, value] of Object.entries({ days, panels, perString }))
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} is ${value}: it takes 1 or more`)
  const plant = plantOf(options.facts ?? usualFacts, panels, perString, (name) => drawOf(seed, name))
  const firstYearDay = (start - Date.UTC(new Date(start).getUTCFullYear(), 0, 1)) / DAY_MS
  const weathers = dayWeathers(drawOf(seed, 'weather'), firstYearDay, days)
  const wanted = options.faults ?? episodesFor(days, panels)
  const episodes =
    wanted === 'none'
      ? []
      : planFaults({ plant, weathers, start, healthyDays, episodes: wanted, draw: drawOf(seed, 'faults') })
  const { coveredDays = [], clockAheadMinutes = 0 } = options
  const wrongClocks = options.wrongClockPanels?.flatMap((index) => plant.panels[index]?.id ?? [])
  const run = () => new PlantRun({ plant, seed, start, weathers, episodes, coveredDays })
  const shape = { plant, seed, pyranometer: options.pyranometer ?? false, missing: options.missingSensors ?? false }
  return {
    ...{ plant, weathers, episodes, labels: labelsOf(episodes) },
    slots: () => stampedBy(slotsOf(run(), start, days, shape), clockAheadMinutes * MINUTE_MS, SLOT_MS, wrongClocks),
  }
}

interface Shape {
  readonly plant: Plant
  readonly seed: number
  readonly pyranometer: boolean
  readonly missing: boolean
}

function* slotsOf(run: PlantRun, start: number, days: number, shape: Shape): Generator<PlantSlot> {
  const { plant } = shape
  for (let at = start; at < start + days * DAY_MS; at += SLOT_MS) {
    // at night nothing moves: one reading stands for the five minutes
    const isNight = Math.max(sunElevation(at, plant.facts.place), sunElevation(at + SLOT_MS, plant.facts.place)) < -0.02
    const stepMs = isNight ? SLOT_MS : MINUTE_MS
    const readings: PlantReadings[] = []
    for (let past = 0; past < SLOT_MS; past += stepMs)
      readings.push(run.step(at + past, stepMs / 1000, true, stepMs / 1000))
    yield { at, samples: samplesOf(at, readings, shape) }
  }
}

function samplesOf(at: number, readings: readonly PlantReadings[], shape: Shape): Map<string, PlantSample> {
  const { plant, pyranometer, missing } = shape
  const irradianceWm2 = pyranometer ? mean(readings.map((reading) => reading.irradianceWm2)) : null
  const samples = new Map<string, PlantSample>()
  for (const [index, { id }] of plant.panels.entries()) {
    if (missing && isSilent(at, index)) continue
    const sample = sampleOf(readings, index, irradianceWm2)
    samples.set(id, missing ? without(sample, index) : sample)
  }
  return samples
}

function sampleOf(readings: readonly PlantReadings[], index: number, irradianceWm2: number | null): PlantSample {
  let [celsius, volts, amperes, watts, lowestW, highestW] = [0, 0, 0, 0, Infinity, -Infinity]
  for (const { shown } of readings) {
    const one = shown[index]!
    celsius += one.celsius
    volts += one.volts
    amperes += one.amperes
    watts += one.watts
    lowestW = Math.min(lowestW, one.lowestWatts)
    highestW = Math.max(highestW, one.highestWatts)
  }
  const { length } = readings
  return {
    ...{ temperatureC: celsius / length, voltageV: volts / length, currentA: amperes / length },
    ...{ powerW: watts / length, lowestW, highestW, samples: READINGS_A_SLOT, irradianceWm2 },
  }
}

/** Four hours without a word every eleventh day, each panel on days of its own. */
const isSilent = (at: number, index: number): boolean =>
  (Math.floor(at / DAY_MS) + index) % 11 === 0 && Math.floor(at / (4 * 3_600_000)) % 6 === index % 6

/** Which sensor a panel has not, where one is missing. */
function without(sample: PlantSample, index: number): PlantSample {
  switch (index % 12) {
    case 1:
      return { ...sample, temperatureC: null }
    case 4:
      return { ...sample, voltageV: null }
    case 7:
      return { ...sample, currentA: null }
    case 10:
      return { ...sample, powerW: null, lowestW: null, highestW: null }
    default:
      return sample
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
