import { truncatedToCents } from '../../../platform/regulation/money.ts'
import { exactCompensationBrl, type CompensationTerms, type MonthIndicators } from './compensation.ts'
import { countedMs, type MonthShares, type OutageCourse, type Share } from './outage-course.ts'

/** What one unit brings into an outage. */
export interface OutageUnit {
  /** What a month had come to before it. */
  before(month: string): MonthIndicators
  /** Its limits and what passing them costs, in a month; null where limits or the monetary base are not known. */
  terms(month: string): CompensationTerms | null
}

/** Limits that an outage may break, in the order of the norm. */
export const breakableLimits = ['DIC', 'FIC', 'DMIC', 'DICRI', 'DISE'] as const
export type BreakableLimit = (typeof breakableLimits)[number]

/** A month without any interruption. */
export const nothing: MonthIndicators = { dicMs: 0, fic: 0, dmicMs: 0, dicri: [], dise: [] }

/** What a month comes to with an outage in it. */
export interface CountedMonth {
  readonly indicators: { -readonly [Name in keyof MonthIndicators]: MonthIndicators[Name] }
  /** The outage's own event, ms. */
  dicriMs: number
  diseMs: number
}

/**
 * What a month comes to if the outage ends at `end`.
 * @param into  where it is put: whoever asks for very many units keeps one
 */
export function countedMonth(
  { dicMs, fic, dmicMs, dicri, dise }: MonthIndicators,
  course: OutageCourse,
  { shares }: MonthShares,
  end: number,
  into: CountedMonth = emptyMonth(),
): CountedMonth {
  const { indicators } = into
  indicators.dicMs = dicMs
  indicators.fic = fic
  indicators.dmicMs = dmicMs
  indicators.dicri = dicri
  indicators.dise = dise
  into.dicriMs = into.diseMs = 0
  if (end < course.countsFrom) return into
  for (const share of shares) {
    const ms = countedMs(share, end)
    if (ms === 0) continue
    if (share.outageCase === 'criticalDay') into.dicriMs += ms
    else if (share.outageCase === 'emergency') into.diseMs += ms
    else {
      indicators.dicMs += ms
      if (share.begins) indicators.fic++
      if (countsInDmic(course, end)) indicators.dmicMs = Math.max(indicators.dmicMs, ms)
    }
  }
  return into
}

const emptyMonth = (): CountedMonth => ({ indicators: { ...nothing }, dicriMs: 0, diseMs: 0 })

const countsInDmic = ({ announcedUntil }: OutageCourse, end: number): boolean =>
  announcedUntil === null || end > announcedUntil

const scratch = emptyMonth()

/**
 * What an outage costs a unit if it ends at `end`: by how much it raises the compensation of the months that are not over, in
 * cents, as they are paid.
 * @returns 0 where limits or the monetary base are not known
 */
export function costCents(unit: OutageUnit, course: OutageCourse, end: number): number {
  let cents = 0
  if (end < course.countsFrom) return 0
  for (const month of course.months) {
    if (!isReached(month, end)) continue
    const terms = unit.terms(month.month)
    if (!terms) continue
    const without = unit.before(month.month)
    const { indicators, dicriMs, diseMs } = countedMonth(without, course, month, end, scratch)
    cents +=
      centsOf(exactCompensationBrl(terms, indicators, dicriMs, diseMs)) - centsOf(exactCompensationBrl(terms, without))
  }
  return cents
}

function isReached({ shares }: MonthShares, end: number): boolean {
  for (const { counts, ends } of shares) if (end > counts.from && end >= ends.from && end < ends.until) return true
  return false
}

const centsOf = (brl: number): number => Math.round(truncatedToCents(brl) * 100)

/**
 * When an outage breaks a limit of a unit, if it goes on: it has, if it ends later than that.
 * @returns UTC milliseconds; undefined where it never does, or others have before
 */
export function breakOf(unit: OutageUnit, course: OutageCourse, limit: BreakableLimit): number | undefined {
  for (const { month, shares } of course.months) {
    const terms = unit.terms(month)
    if (!terms) continue
    for (const share of shares) {
      const at = breakInShare(limit, terms, unit.before(month), course, share)
      if (at !== undefined) return at
    }
  }
  return undefined
}

function breakInShare(
  limit: BreakableLimit,
  terms: CompensationTerms,
  before: MonthIndicators,
  course: OutageCourse,
  share: Share,
): number | undefined {
  const left = leftOf(limit, terms, before, share)
  if (left === undefined) return undefined
  const { counts, ends } = share
  const reached = counts.from + left
  if (reached >= counts.until) return undefined
  const announced = limit === 'DMIC' ? (course.announcedUntil ?? 0) : 0
  const at = Math.max(reached, ends.from, course.countsFrom, announced)
  return at < ends.until ? at : undefined
}

/** How much longer a share may get, ms; undefined where it has nothing to do with the limit, or that is broken already. */
function leftOf(
  limit: BreakableLimit,
  terms: CompensationTerms,
  { dicMs, fic, dmicMs }: MonthIndicators,
  { outageCase, begins }: Share,
): number | undefined {
  const room = (most: number, used: number, counted = 0): number | undefined =>
    used > most || most === Infinity ? undefined : most - counted
  if (limit === 'DICRI') return outageCase === 'criticalDay' ? room(terms.dicriLimitMs, 0) : undefined
  if (limit === 'DISE') return outageCase === 'emergency' ? room(terms.diseLimitMs, 0) : undefined
  if (outageCase !== 'ordinary') return undefined
  if (limit === 'DIC') return room(terms.dicLimitMs, dicMs, dicMs)
  if (limit === 'DMIC') return room(terms.dmicLimitMs, dmicMs)
  return begins && fic <= terms.fic && fic + 1 > terms.fic ? 0 : undefined
}
