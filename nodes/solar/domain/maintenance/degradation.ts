import { medianOf, robustSd } from '../robust.ts'
import type { RatioDay } from './trend.ts'

/** What modules lose for good, of their ratio a year; below 0. */
export interface Degradation {
  readonly perYear: number
  readonly sd: number
  /** `year-on-year` of the history itself; `usual`: it is too short to tell. */
  readonly basis: 'year-on-year' | 'usual'
}

/**
 * What crystalline modules lose where nothing is known: median −0.5 % a year (Jordan and Kurtz 2013, Photovoltaic Degradation
 * Rates, Prog. Photovolt. 21, 12–29), most of them between 0 and −1.5 %.
 */
export const usualDegradation: Degradation = { perYear: -0.005, sd: 0.006, basis: 'usual' }

const yearDays = 365
/** Days a year apart may be missing: their neighbours stand in. */
const nearDays = 3
const leastYears = 2
const leastPairs = 120
/** Neighbouring pairs share weather and dirt: a month of them counts as one. */
const blockDays = 30

/**
 * What a history of two years and more says of degradation: the median of each day's change from the day a year before, in which
 * the seasons cancel out (year on year: Jordan et al. 2018, Robust PV Degradation Methodology, IEEE J. Photovolt. 8, 525–531), weighed
 * with what is usual by how sure each is. Dirt and rain come every year and cancel out as well.
 * @param days  in their order
 */
export function degradationOf(days: readonly RatioDay[]): Degradation {
  const first = days[0]
  const last = days.at(-1)
  if (!first || !last || last.day - first.day < leastYears * yearDays) return usualDegradation
  const byDay = new Map(days.map(({ day, ratio }) => [day, ratio]))
  const changes = days.flatMap(({ day, ratio }) => {
    const before = ratioNear(byDay, day - yearDays)
    return before === undefined || before <= 0 ? [] : [(ratio - before) / before]
  })
  if (changes.length < leastPairs) return usualDegradation
  const found = medianOf(changes)
  // Of a median, by that of a mean; blocks instead of pairs.
  const sd = (1.2533 * robustSd(changes)) / Math.sqrt(changes.length / blockDays)
  const [own, usual] = [1 / Math.max(sd, 1e-6) ** 2, 1 / usualDegradation.sd ** 2]
  return {
    perYear: Math.min(0, (own * found + usual * usualDegradation.perYear) / (own + usual)),
    sd: Math.sqrt(1 / (own + usual)),
    basis: 'year-on-year',
  }
}

function ratioNear(byDay: ReadonlyMap<number, number>, day: number): number | undefined {
  for (let off = 0; off <= nearDays; off++) {
    const found = byDay.get(day - off) ?? byDay.get(day + off)
    if (found !== undefined) return found
  }
  return undefined
}
