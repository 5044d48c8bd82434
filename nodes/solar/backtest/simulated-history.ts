import { drawsOf, type Draws } from '../domain/maintenance/draws.ts'
import type { RatioDay } from '../domain/maintenance/trend.ts'
import type { Work } from '../domain/maintenance/wear.ts'

/** Some years of a panel, day by day, with what a forecast never sees. */
export interface SimulatedHistory {
  readonly name: string
  readonly days: readonly RatioDay[]
  /** Of each of the days, without weather and noise. */
  readonly levels: ReadonlyMap<number, number>
  readonly works: readonly Work[]
  /** First days of faults: nobody can forecast them. */
  readonly faults: readonly number[]
}

const yearDays = 365

/** What a place is like. */
interface Climate {
  /** Of the ratio a day, in the dry season. */
  readonly dirt: number
  /** Chance of rain a day in the dry and in the wet season, and how much of the dirt a millimetre takes. */
  readonly dryRain: number
  readonly wetRain: number
  readonly washing: number
  /** Middle of the wet season, day of the year. */
  readonly wettest: number
}

const between = (draws: Draws, low: number, high: number): number => low + (high - low) * draws.uniform()

/**
 * Draws a history: dirt settles by day with the season, rain of so many millimetres takes some of it, modules age, the seasons leave
 * a wave of the angle of the sun, days have weather whose noise grows with clouds and carries over, sensors fail for days, people
 * clean now and then, and few panels get a fault that somebody repairs. It shares no formula with the forecast: there is no constant
 * slope and no constant rate of rain in it.
 * @param seed  another number, another panel
 */
export function simulatedHistory(seed: number): SimulatedHistory {
  const draws = drawsOf(seed)
  const climate: Climate = {
    dirt: between(draws, 0.0002, 0.0025) * between(draws, 0.5, 1),
    dryRain: between(draws, 0.01, 0.08),
    wetRain: between(draws, 0.15, 0.45),
    washing: between(draws, 0.1, 0.5),
    wettest: between(draws, 0, yearDays),
  }
  const first = 18_000 + Math.floor(between(draws, 0, yearDays))
  const length = Math.floor(between(draws, 150, 3 * yearDays))
  const sound = between(draws, 0.92, 1)
  const ageing = -between(draws, 0.002, 0.012) / yearDays
  const wave = { size: between(draws, 0, 0.012), peak: between(draws, 0, yearDays) }
  const noise = {
    clear: between(draws, 0.005, 0.012),
    cloudy: between(draws, 0.01, 0.03),
    kept: between(draws, 0, 0.5),
  }
  const cleanings = between(draws, 0, 2.5) / yearDays
  const fault = draws.uniform() < 0.1 ? faultOf(draws, first, length) : undefined
  const days: RatioDay[] = []
  const levels = new Map<number, number>()
  const works: Work[] = []
  let dirt = draws.uniform() * 0.04
  let off = 0
  let silent = 0
  for (let day = first; day < first + length; day++) {
    const wetness = 0.5 + 0.5 * Math.cos((2 * Math.PI * (day - climate.wettest)) / yearDays)
    dirt += climate.dirt * (1.4 - wetness) * between(draws, 0, 2)
    const rains = draws.uniform() < climate.dryRain + (climate.wetRain - climate.dryRain) * wetness
    if (rains) dirt *= Math.exp(-climate.washing * draws.gamma(1, 1 / 8))
    if (draws.uniform() < cleanings) {
      dirt = 0
      works.push({ day, what: 'cleaning' })
    }
    if (day === fault?.mended) works.push({ day, what: 'repair' })
    const stands = fault !== undefined && day >= fault.began && day < fault.mended
    const level = (sound + ageing * (day - first)) * (1 - dirt) * (stands ? 1 - fault.share : 1)
    const clouds = draws.uniform() < 0.3 + 0.4 * wetness
    off = noise.kept * off + draws.normal() * (clouds ? noise.cloudy : noise.clear)
    const season = wave.size * Math.cos((2 * Math.PI * (day - wave.peak)) / yearDays)
    const outlier = draws.uniform() < 0.01 ? -between(draws, 0.03, 0.2) : 0
    if (silent > 0) silent--
    else if (draws.uniform() < 0.01) silent = Math.floor(between(draws, 1, 10))
    if (silent > 0) continue
    levels.set(day, level)
    days.push({ day, ratio: level + season + off + outlier })
  }
  return { name: `panel ${seed}`, days, levels, works, faults: fault ? [fault.began, fault.mended] : [] }
}

function faultOf(draws: Draws, first: number, length: number) {
  const began = first + Math.floor(length * draws.uniform())
  const mended = began + Math.floor(between(draws, 10, 120))
  // A string, a third of the cells, or a bad contact.
  return { began, mended, share: [0.33, 0.1, 0.2, 0.5][Math.floor(draws.uniform() * 4)]! }
}
