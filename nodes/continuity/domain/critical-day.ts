import type { RegulationChoices } from '../../../platform/regulation/options.ts'
import { shiftMonth } from './month.ts'

/** Which standard deviation, and how long a history. */
export interface ThresholdChoices {
  readonly sigma: RegulationChoices['continuity-critical-day-sigma']
  readonly months: number
}

/** Counts of emergency occurrences of the days of a history. */
export interface DailyHistory {
  /** Days, those without any occurrence among them. */
  readonly days: number
  readonly sum: number
  readonly sumOfSquares: number
}

/** What a conjunto's day must exceed to be critical: mean + 3 σ of the daily counts. */
export interface CriticalDayThreshold {
  readonly meanPerDay: number
  readonly sigmaPerDay: number
  /** Occurrences a day; a day with more is critical. */
  readonly perDay: number
  /** Fewest occurrences that make a day critical. */
  readonly needed: number
}

/**
 * The days whose counts make the threshold of a day: so many months before the beginning of its year, civil days of the
 * conjunto.
 * @param day  `YYYY-MM-DD`
 * @returns the first day, and the first one after the last
 */
export function historyBefore(day: string, months: number): { readonly from: string; readonly until: string } {
  const january = `${day.slice(0, 4)}-01`
  return { from: `${shiftMonth(january, -months)}-01`, until: `${january}-01` }
}

/** Sums up daily counts. @param counts  of each day of the history, 0 where there was no occurrence */
export const historyOf = (counts: readonly number[]): DailyHistory => ({
  days: counts.length,
  sum: counts.reduce((sum, count) => sum + count, 0),
  sumOfSquares: counts.reduce((sum, count) => sum + count * count, 0),
})

/**
 * Mean + 3 standard deviations of daily counts (Módulo 1, Dia Crítico, as remembered; one specification of a distributor).
 * Exact where it is a whole number: a day that just reaches it must not become critical by floating point.
 * @throws RangeError for a history of fewer than two days
 */
export function criticalDayThreshold(
  { days, sum, sumOfSquares }: DailyHistory,
  sigma: ThresholdChoices['sigma'],
): CriticalDayThreshold {
  if (!(days >= 2)) throw new RangeError(`a history of ${days} days has no standard deviation`)
  // Whole numbers up to here: days² × variance.
  const spread = days * sumOfSquares - sum * sum
  const sigmaTimesDays = Math.sqrt(sigma === 'population' ? spread : (days * spread) / (days - 1))
  const perDay = (sum + 3 * sigmaTimesDays) / days
  return { meanPerDay: sum / days, sigmaPerDay: sigmaTimesDays / days, perDay, needed: Math.floor(perDay) + 1 }
}

/** Whether a day with so many occurrences is critical: strictly more than the threshold. */
export const isCritical = (occurrences: number, { perDay }: CriticalDayThreshold): boolean => occurrences > perDay
