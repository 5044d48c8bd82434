import { medianOf, robustSd } from '../robust.ts'

/** A day's energy by the energy expected of it at the measured temperature. */
export interface RatioDay {
  /** Days since 1 January 1970 by the calendar of the site. */
  readonly day: number
  /** Temperature-corrected performance ratio, as a share of 1 (IEC 61724-1). */
  readonly ratio: number
}

/** A straight line through days, and how sure it is. */
export interface Trend {
  /** Of the ratio, a day. */
  readonly slopePerDay: number
  /** Standard deviation of the slope, with the days' residuals correlated as they are. */
  readonly slopeSd: number
  /** Where slope and height are independent of each other: the mean of the days. */
  readonly centreDay: number
  /** On the line, at the centre. */
  readonly centreRatio: number
  readonly centreSd: number
  /** What each day is off the line, in the days' order. */
  readonly residuals: readonly number[]
  readonly residualSd: number
  /** Of residuals of consecutive days, 0…`highestCorrelation`. */
  readonly correlation: number
}

/** A line through fewer says nothing of its own error. */
const leastDays = 5
/** A line through more would cost the square of them; older days are of another season. */
const mostDays = 90
/** Above that a line and a wandering level cannot be told apart on any history that there is. */
const highestCorrelation = 0.9
/** Weather carries over from day to day: what is so of most histories counts as so many pairs of days. */
const usualCorrelation = { value: 0.35, pairs: 40 }
/** Of the variance of Theil–Sen by that of least squares, where residuals are normal (Wilcox 2010, §10.2). */
const theilSenVariance = 1.1

/**
 * The trend of days by Theil and Sen: the median of the slopes of all pairs, which a quarter of bad days does not move. Its
 * standard deviation counts correlated residuals as the fewer independent ones that they stand for.
 * @param days         in their order, each once; of more than 400 the newest
 * @param correlation  known from elsewhere; of these days unless given
 * @returns null of fewer than 5 days
 */
export function trendOf(days: readonly RatioDay[], correlation?: number): Trend | null {
  const taken = days.slice(-mostDays)
  if (taken.length < leastDays) return null
  const slopePerDay = medianOf(pairSlopes(taken))
  const centreDay = taken.reduce((sum, { day }) => sum + day, 0) / taken.length
  const centreRatio = medianOf(taken.map(({ day, ratio }) => ratio - slopePerDay * (day - centreDay)))
  const residuals = taken.map(({ day, ratio }) => ratio - centreRatio - slopePerDay * (day - centreDay))
  const rho = correlation ?? correlationOf([{ days: taken, residuals }])
  const residualSd = robustSd(residuals)
  const spread = taken.reduce((sum, { day }) => sum + (day - centreDay) ** 2, 0)
  // As many independent days as weigh as much: of an autoregressive process of first order.
  const effective = Math.max(3, (taken.length * (1 - rho)) / (1 + rho))
  // A scale that is estimated from few is itself uncertain, as Student has it.
  const studentised = Math.sqrt(effective / Math.max(1, effective - 2))
  const sd = residualSd * studentised * Math.sqrt((theilSenVariance * taken.length) / effective)
  return {
    ...{ slopePerDay, slopeSd: sd / Math.sqrt(spread) },
    ...{ centreDay, centreRatio, centreSd: sd / Math.sqrt(taken.length) },
    ...{ residuals, residualSd, correlation: rho },
  }
}

function pairSlopes(days: readonly RatioDay[]): Float64Array {
  const slopes = new Float64Array((days.length * (days.length - 1)) / 2)
  let next = 0
  for (let later = 1; later < days.length; later++)
    for (let earlier = 0; earlier < later; earlier++)
      slopes[next++] = (days[later]!.ratio - days[earlier]!.ratio) / (days[later]!.day - days[earlier]!.day)
  return slopes
}

/** The height of a trend on a day. */
export const heightOn = ({ slopePerDay, centreDay, centreRatio }: Trend, day: number): number =>
  centreRatio + slopePerDay * (day - centreDay)

/**
 * Correlation of residuals of consecutive days, robustly: from how far sums and differences of neighbours spread (Gnanadesikan and
 * Kettenring 1972), over several runs together, and set right for the lines that were taken out (Marriott and Pope 1954).
 */
export function correlationOf(
  runs: readonly { readonly days: readonly RatioDay[]; readonly residuals: readonly number[] }[],
): number {
  const sums: number[] = []
  const differences: number[] = []
  for (const { days, residuals } of runs)
    for (let index = 1; index < days.length; index++) {
      if (days[index]!.day - days[index - 1]!.day !== 1) continue
      sums.push(residuals[index]! + residuals[index - 1]!)
      differences.push(residuals[index]! - residuals[index - 1]!)
    }
  if (sums.length < leastDays) return 0
  const [together, apart] = [robustSd(sums) ** 2, robustSd(differences) ** 2]
  if (together + apart === 0) return 0
  const found = (together - apart) / (together + apart)
  const corrected = found + (runs.length * (2 + 4 * found)) / (sums.length + runs.length)
  const shrunk =
    (sums.length * corrected + usualCorrelation.pairs * usualCorrelation.value) / (sums.length + usualCorrelation.pairs)
  return Math.min(highestCorrelation, Math.max(0, shrunk))
}
