import { drawsOf, type Draws } from './draws.ts'
import { quantileOfSorted } from '../robust.ts'
import type { RatioDay } from './trend.ts'
import { wearOf, type Wear, type Work } from './wear.ts'

/** What a forecast is asked. */
export interface MaintenanceQuestion {
  /** A panel is due when its level falls to this share of what it gives when clean. */
  readonly thresholdShare: number
  readonly horizonDays: number
  /** Days ahead of which the band is wanted, 1 … `horizonDays`. */
  readonly bandDays: readonly number[]
  /** Courses that are drawn; more are steadier. */
  readonly courses: number
  /** The same seed gives the same forecast. */
  readonly seed: number
  /** Energy that is expected of the panel so many days ahead, kWh. */
  expectedKwh(daysAhead: number): number
}

export const usualQuestion = {
  thresholdShare: 0.85,
  horizonDays: 180,
  bandDays: [1, 7, 14, 30, 60, 90, 120, 150, 180],
  courses: 400,
} as const

/** The daily ratio so many days ahead: half of all courses are below the median, 90 % from `from` to `until`. */
export interface BandDay {
  readonly day: number
  readonly from: number
  readonly median: number
  readonly until: number
}

export interface MaintenanceForecast {
  readonly wear: Wear
  /** Level on the last day, without the weather of that day. */
  readonly ratio: number
  readonly threshold: number
  readonly band: readonly BandDay[]
  /**
   * Whole days until the level is at the threshold: in half of all courses, in the first 5 % and in all but the last 5 %. `null`:
   * never within the horizon. 0: it is there.
   */
  readonly crossing: {
    readonly days: number | null
    readonly from: number | null
    readonly until: number | null
    /** Share of the courses that cross within the horizon. */
    readonly chance: number
  }
  /** Energy lost against the clean and sound panel if nobody comes, kWh: until the crossing, and over the horizon. */
  readonly lostUntilKwh: number
  readonly lostKwh: number
  /** What of it cleaning now would end, and what repairing. */
  readonly soilingKwh: number
  readonly faultKwh: number
}

const lowShare = 0.05
const highShare = 0.95

/**
 * How a panel's ratio goes on if nobody comes: many courses, each with a slope as uncertain as it is, with dirt that rain takes as
 * often as it does at this time of the year, and with the weather of single days as it was. New faults are in none of them.
 * @param days   daily temperature-corrected ratios, in their order, each once
 * @param works  what was done
 * @returns null of a history of fewer than 10 days
 * @throws RangeError where the question, or a ratio, cannot be
 */
export function maintenanceForecast(
  days: readonly RatioDay[],
  works: readonly Work[],
  question: MaintenanceQuestion,
): MaintenanceForecast | null {
  check(question)
  checkDays(days)
  const wear = wearOf(days, works)
  if (!wear) return null
  const { horizonDays, bandDays, courses, seed } = question
  const threshold = question.thresholdShare * wear.clean
  const expected = Float64Array.from({ length: horizonDays }, (_, index) => question.expectedKwh(index + 1))
  const slots = new Int32Array(horizonDays + 1).fill(-1)
  for (const [slot, day] of bandDays.entries()) slots[day] = slot
  const drawn = {
    ratios: bandDays.map(() => new Float64Array(courses)),
    crossings: new Float64Array(courses),
    ...{ lost: 0, lostUntil: 0, soiling: 0, fault: 0 },
  }
  const draws = drawsOf(seed)
  for (let course = 0; course < courses; course++) run(wear, { threshold, expected, slots, course }, draws, drawn)
  const { level, slope, lastDay } = wear
  return {
    ...{ wear, threshold, ratio: level.centreRatio + slope.mean * (lastDay - level.centreDay) },
    band: bandDays.map((day, slot) => bandOf(day, drawn.ratios[slot]!)),
    crossing: crossingOf(drawn.crossings),
    ...{ lostUntilKwh: drawn.lostUntil / courses, lostKwh: drawn.lost / courses },
    ...{ soilingKwh: drawn.soiling / courses, faultKwh: drawn.fault / courses },
  }
}

interface Run {
  readonly threshold: number
  readonly expected: Float64Array
  /** Which place in the band a day has; −1: none. */
  readonly slots: Int32Array
  readonly course: number
}

interface Drawn {
  readonly ratios: readonly Float64Array[]
  readonly crossings: Float64Array
  lost: number
  lostUntil: number
  soiling: number
  fault: number
}

/** One course, day by day. */
function run(wear: Wear, { threshold, expected, slots, course }: Run, draws: Draws, drawn: Drawn): void {
  const { level, usualSlope, degradation, recoveries, noise, fault } = wear
  const slope = wear.slope.mean + wear.slope.sd * draws.normal()
  const height = level.centreRatio + level.centreSd * draws.normal() + slope * (wear.lastDay - level.centreDay)
  const clean = Math.max(wear.clean + wear.cleanSd * draws.normal(), height + fault)
  const ageing = (clean * Math.min(0, degradation.perYear + degradation.sd * draws.normal())) / 365
  // The rate of rain is as uncertain as its count is small: a conjugate prior of half a recovery in 30 days.
  const rain = draws.gamma(recoveries.count + 0.5, recoveries.days + 30)
  let dirt = clean - fault - height
  let cleaned = 0
  let dirtier = ageing - slope
  // What the last day was off the level of this course.
  let off = noise.last + (level.centreRatio + wear.slope.mean * (wear.lastDay - level.centreDay)) - height
  let crossing = isAbove(clean - fault - dirt, threshold) ? Infinity : 0
  for (let day = 1; day <= expected.length; day++) {
    dirt = Math.max(0, dirt + dirtier)
    cleaned = Math.max(0, cleaned + dirtier)
    if (draws.uniform() < rain) {
      const left = 1 - draws.oneOf(recoveries.shares)
      dirt *= left
      cleaned *= left
      dirtier = ageing - (usualSlope.mean + usualSlope.sd * draws.normal())
    }
    const now = clean + ageing * day - fault - dirt
    off = noise.correlation * off + draws.oneOf(noise.innovations)
    const slot = slots[day]!
    if (slot >= 0) drawn.ratios[slot]![course] = now + off
    if (crossing === Infinity && !isAbove(now, threshold)) crossing = day
    const lost = (dirt + fault) * expected[day - 1]!
    drawn.lost += lost
    if (day <= crossing) drawn.lostUntil += lost
    drawn.soiling += Math.max(0, dirt - cleaned) * expected[day - 1]!
    drawn.fault += fault * expected[day - 1]!
  }
  drawn.crossings[course] = crossing
}

const isAbove = (level: number, threshold: number): boolean => level > threshold

function bandOf(day: number, ratios: Float64Array): BandDay {
  ratios.sort()
  return {
    day,
    from: quantileOfSorted(ratios, lowShare),
    median: quantileOfSorted(ratios, 0.5),
    until: quantileOfSorted(ratios, highShare),
  }
}

function crossingOf(crossings: Float64Array): MaintenanceForecast['crossing'] {
  crossings.sort()
  const at = (share: number): number | null => {
    const days = crossings[Math.min(crossings.length - 1, Math.floor(crossings.length * share))]!
    return days === Infinity ? null : days
  }
  const crossed = crossings.filter((days) => days !== Infinity).length
  return { days: at(0.5), from: at(lowShare), until: at(highShare), chance: crossed / crossings.length }
}

function check({ thresholdShare, horizonDays, bandDays, courses, seed }: MaintenanceQuestion): void {
  if (!(thresholdShare > 0 && thresholdShare < 1))
    throw new RangeError(`thresholdShare out of range: ${thresholdShare}`)
  const whole = (name: string, value: number, most: number): void => {
    if (!(Number.isInteger(value) && value >= 1 && value <= most))
      throw new RangeError(`${name} takes a whole number from 1 to ${most}: ${value}`)
  }
  whole('horizonDays', horizonDays, 3_650)
  whole('courses', courses, 10_000)
  for (const day of bandDays) whole('bandDays', day, horizonDays)
  if (!Number.isInteger(seed)) throw new RangeError(`seed is not a whole number: ${seed}`)
}

function checkDays(days: readonly RatioDay[]): void {
  for (const [index, { day, ratio }] of days.entries()) {
    if (!Number.isFinite(ratio)) throw new RangeError(`ratio of day ${day} is ${ratio}`)
    if (index > 0 && day <= days[index - 1]!.day) throw new RangeError(`day ${day} does not come after the one before`)
  }
}
