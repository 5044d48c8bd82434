import { degradationOf, type Degradation } from './degradation.ts'
import { medianOf, quantileOf, robustSd } from '../robust.ts'
import { segmentsOf, type Reset, type Segment } from './segments.ts'
import { correlationOf, heightOn, trendOf, type RatioDay, type Trend } from './trend.ts'

/** What was done on a day; an inspection alone changes nothing. */
export interface Work {
  /** Days since 1 January 1970. */
  readonly day: number
  readonly what: 'cleaning' | 'repair' | 'replacement'
}

/** A slope of the ratio a day, and how much it varies. */
export interface Slope {
  readonly mean: number
  readonly sd: number
}

/** How a panel wears, as its history tells: what a forecast goes on from. Ratios as shares of 1. */
export interface Wear {
  readonly lastDay: number
  /** Days that the history has. */
  readonly days: number
  /** The level on the last day without the weather of single days, and how it moves. */
  readonly level: { readonly centreDay: number; readonly centreRatio: number; readonly centreSd: number }
  readonly slope: Slope
  /** Of runs between two resets: what comes after the next one. */
  readonly usualSlope: Slope
  /** What it gives when it is clean and sound, on the last day. */
  readonly clean: number
  readonly cleanSd: number
  /** What faults take that stand: steps down that no step up has taken back. */
  readonly fault: number
  readonly degradation: Degradation
  /** Recoveries by themselves at this time of the year, the days in which they came, and what share of the dirt each took. */
  readonly recoveries: { readonly count: number; readonly days: number; readonly shares: readonly number[] }
  /** Days off their level: how the newest was off, what carries over from day to day, and what is new each day. */
  readonly noise: { readonly last: number; readonly correlation: number; readonly innovations: readonly number[] }
  readonly resets: readonly (Reset & { readonly step: number })[]
}

/** Dirt where nothing is known: 0.1 % a day, from almost nothing to 0.3 (Deceglie et al. 2018, IEEE J. Photovolt. 8, 547–551). */
const usualSoiling: Slope = { mean: -0.001, sd: 0.001 }
/** It counts as a run of so many days. */
const usualDays = 20
/** Runs whose slope is less certain say nothing of it. */
const leastCertainSd = 0.002
/** No two dry spells are the same. */
const leastSlopeSd = 0.0003
/** What rain takes of the dirt, where little rain was seen. */
const usualShares = [0.5, 0.8, 1]
/** Older days are of panels that were younger. */
const memoryDays = 400
/** The season of a forecast: the days before it, and those that followed a year ago. */
const seasonDays = 90
const yearDays = 365
/** Days that a level is taken from where there is no line. */
const edgeDays = 5
const leastInnovations = 20

/**
 * What a history tells of a panel.
 * @param days   in their order, each once
 * @param works  what was done, in any order; the day itself is neither before nor after, and is left out
 * @returns null of fewer than 10 days
 */
export function wearOf(days: readonly RatioDay[], works: readonly Work[]): Wear | null {
  const replaced = Math.max(-Infinity, ...works.filter(({ what }) => what === 'replacement').map(({ day }) => day))
  const workDays = new Set(works.map(({ day }) => day))
  const all = days.filter(({ day }) => day > replaced && !workDays.has(day))
  const last = all.at(-1)
  if (!last || all.length < 10) return null
  const recent = all.filter(({ day }) => day > last.day - memoryDays)
  const runs = linedUp(
    segmentsOf(
      recent,
      [...workDays].map((day) => day + 1),
    ),
  )
  const degradation = degradationOf(all)
  const { pieces, clean, fault, washed } = bookkeeping(runs.pieces, last.day, degradation)
  const usualSlope = usualSlopeOf(pieces)
  const now = pieces.at(-1)!
  const level = levelOf(now, usualSlopeOf(pieces.slice(0, -1)), runs.residualSd, runs.correlation)
  const height = level.centreRatio + level.slope.mean * (last.day - level.centreDay)
  const settled = afterWork({ height, clean: Math.max(clean, height + fault), fault }, works, last.day)
  return {
    ...{ lastDay: last.day, days: all.length, degradation, usualSlope, slope: level.slope },
    level: {
      centreDay: level.centreDay,
      centreRatio: level.centreRatio + settled.height - height,
      centreSd: level.centreSd,
    },
    ...{ clean: settled.clean, cleanSd: runs.residualSd / Math.sqrt(edgeDays), fault: settled.fault },
    recoveries: recoveriesIn(washed, recent, last.day),
    noise: { last: last.ratio - height, correlation: runs.correlation, innovations: runs.innovations },
    resets: pieces.flatMap(({ segment: { reset }, step }) => (reset ? [{ ...reset, step }] : [])),
  }
}

/** A segment with its line, where it has one. */
interface Piece {
  readonly segment: Segment
  readonly trend: Trend | null
  /** Its level on its first day, and on its last. */
  readonly start: number
  readonly end: number
  /** From the end of the one before; 0 of the first. */
  readonly step: number
}

/** Lines through segments, and what the days are off them, together: a short segment says little of its own noise. */
function linedUp(segments: readonly Segment[]) {
  const firstLines = segments.map((segment) => trendOf(segment.days))
  const off = segments.flatMap(({ days }, index) => {
    const line = firstLines[index]
    return line ? [{ days: days.slice(-line.residuals.length), residuals: line.residuals }] : []
  })
  const correlation = correlationOf(off)
  // A line takes two degrees of freedom of its days.
  const freed = off.flatMap(({ residuals }) => {
    const widened = Math.sqrt(residuals.length / (residuals.length - 2))
    return residuals.map((residual) => residual * widened)
  })
  const residualSd = freed.length > 0 ? robustSd(freed) : robustSd(segments.flatMap(({ days }) => ratiosOf(days)))
  let before: number | undefined
  const pieces = segments.map((segment): Piece => {
    const trend = trendOf(segment.days, correlation)
    const [first, last] = [segment.days[0]!.day, segment.days.at(-1)!.day]
    // A line through the newest days says nothing of how a long segment began.
    const isWhole = trend?.residuals.length === segment.days.length
    const start = trend && isWhole ? heightOn(trend, first) : medianOf(ratiosOf(segment.days.slice(0, edgeDays)))
    const end = trend ? heightOn(trend, last) : medianOf(ratiosOf(segment.days.slice(-edgeDays)))
    const step = before === undefined ? 0 : start - before
    before = end
    return { segment, trend, start, end, step }
  })
  return { pieces, residualSd, correlation, innovations: innovationsOf(off, correlation, residualSd) }
}

function innovationsOf(
  runs: readonly { readonly days: readonly RatioDay[]; readonly residuals: readonly number[] }[],
  correlation: number,
  residualSd: number,
): number[] {
  const found: number[] = []
  for (const { days, residuals } of runs) {
    const widened = Math.sqrt(residuals.length / (residuals.length - 2))
    for (let index = 1; index < residuals.length; index++)
      if (days[index]!.day - days[index - 1]!.day === 1)
        found.push(widened * (residuals[index]! - correlation * residuals[index - 1]!))
  }
  if (found.length >= leastInnovations) return found
  // Quantiles of the normal distribution in the place of days that are not there.
  const sd = residualSd * Math.sqrt(1 - correlation ** 2)
  return [...found, ...[-1.64, -1.04, -0.67, -0.39, -0.13, 0.13, 0.39, 0.67, 1.04, 1.64].map((z) => z * sd)]
}

/** What is clean, what faults take, and which rises rain made: step by step through the history. */
function bookkeeping(pieces: readonly Piece[], lastDay: number, { perYear }: Degradation) {
  let fault = 0
  const tops: number[] = []
  const rises: { readonly day: number; readonly step: number; readonly before: number; readonly fault: number }[] = []
  for (const { segment, step, start } of pieces) {
    const { reset } = segment
    if (step < 0 && reset?.cause === 'fault') fault -= step
    // Dirt is seldom as deep as half a fault, and what mends a fault seldom leaves half of it.
    else if (step > 0 && fault > 0 && step >= fault / 2) fault = 0
    else if (step > 0 && reset?.cause === 'recovery') rises.push({ day: reset.day, step, before: start - step, fault })
    const years = (lastDay - segment.days[0]!.day) / yearDays
    tops.push((start + fault) * (1 + perYear * years))
  }
  const clean = quantileOf(tops, 0.9)
  const washed = rises.map(({ day, step, before, fault: stood }) => {
    const dirt = Math.max(step, clean - stood - before)
    return { day, share: Math.min(1, step / dirt) }
  })
  return { pieces, clean, fault, washed }
}

/** Slopes of runs as a distribution, each by its days; what is usual counts as a run of its own. */
function usualSlopeOf(pieces: readonly Piece[]): Slope {
  const runs = pieces.flatMap(({ trend }) =>
    trend && trend.slopeSd < leastCertainSd ? [{ ...trend, weight: trend.residuals.length }] : [],
  )
  const weight = runs.reduce((sum, run) => sum + run.weight, usualDays)
  const mean = runs.reduce((sum, run) => sum + run.weight * run.slopePerDay, usualDays * usualSoiling.mean) / weight
  // What they differ by for being measured on few days is no difference of theirs.
  const between = runs.reduce(
    (sum, run) => sum + run.weight * ((run.slopePerDay - mean) ** 2 - run.slopeSd ** 2),
    usualDays * (usualSoiling.sd ** 2 + (usualSoiling.mean - mean) ** 2),
  )
  return { mean, sd: Math.max(leastSlopeSd, Math.sqrt(Math.max(0, between / weight))) }
}

/** The newest run's level and slope; the less it says of its slope, the more what is usual counts. */
function levelOf({ segment: { days }, trend }: Piece, usual: Slope, residualSd: number, correlation: number) {
  if (!trend) {
    const centreDay = days.reduce((sum, { day }) => sum + day, 0) / days.length
    const centreRatio = medianOf(days.map(({ day, ratio }) => ratio - usual.mean * (day - centreDay)))
    const effective = Math.max(1, (days.length * (1 - correlation)) / (1 + correlation))
    return { centreDay, centreRatio, centreSd: (1.2533 * residualSd) / Math.sqrt(effective), slope: usual }
  }
  const own = 1 / Math.max(trend.slopeSd, 1e-7) ** 2
  const others = 1 / usual.sd ** 2
  const slope = {
    mean: (own * trend.slopePerDay + others * usual.mean) / (own + others),
    // The next weeks are no straight line through the last ones.
    sd: Math.hypot(Math.sqrt(1 / (own + others)), leastSlopeSd),
  }
  return { centreDay: trend.centreDay, centreRatio: trend.centreRatio, centreSd: trend.centreSd, slope }
}

/** Work after the last day has not shown yet: it did what it is for. */
function afterWork(
  before: { readonly height: number; readonly clean: number; readonly fault: number },
  works: readonly Work[],
  lastDay: number,
) {
  let { height, fault } = before
  for (const { day, what } of works) {
    if (day <= lastDay) continue
    if (what === 'cleaning') height = before.clean - fault
    else if (what === 'repair') [height, fault] = [height + fault, 0]
  }
  return { height, clean: before.clean, fault }
}

/** Recoveries of the season that a forecast is for: just before it, and as it went on a year ago where the history has that. */
function recoveriesIn(
  washed: readonly { readonly day: number; readonly share: number }[],
  days: readonly RatioDay[],
  lastDay: number,
): Wear['recoveries'] {
  const isOfSeason = ({ day }: { readonly day: number }): boolean => {
    const ago = lastDay - day
    return ago < seasonDays || (ago <= yearDays && ago > yearDays - seasonDays)
  }
  const shares = washed.map(({ share }) => share)
  return {
    count: washed.filter(isOfSeason).length,
    days: days.filter(isOfSeason).length,
    shares: shares.length >= usualShares.length ? shares : [...shares, ...usualShares],
  }
}

const ratiosOf = (days: readonly RatioDay[]): number[] => days.map(({ ratio }) => ratio)
