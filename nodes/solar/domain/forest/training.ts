import { growForest, type GrowOptions } from './grow.ts'
import type { Forest } from './isolation-forest.ts'
import { type Rows } from './rows.ts'
import { scoreRows } from './score.ts'

export interface TrainingOptions extends GrowOptions {
  /** Share of the training rows whose scores lie at or below the threshold, above 0 and below 1. */
  readonly quantile: number
}

export interface TrainedForest {
  readonly forest: Forest
  /** A row that scores above it is unusual. */
  readonly threshold: number
}

/**
 * Grows a forest, and takes as the threshold of the unusual a quantile of what it makes of all rows that it may have been grown from.
 * @throws RangeError for fewer than two rows that anything is known of, or an option out of its range
 */
export function trainForest(rows: Rows, { quantile, ...options }: TrainingOptions): TrainedForest {
  if (!(quantile > 0 && quantile < 1)) throw new RangeError(`quantile is ${quantile}: it takes a share between 0 and 1`)
  const forest = growForest(rows, options)
  return { forest, threshold: quantileOf(scoreRows(forest, rows), quantile) }
}

/**
 * The least number that is at least as high as a share of all of them: one that is there, by the nearest rank.
 * @throws RangeError if there are none
 */
export function quantileOf(numbers: Float64Array, share: number): number {
  if (numbers.length === 0) throw new RangeError('there is nothing to take a quantile of')
  const sorted = numbers.toSorted()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}
