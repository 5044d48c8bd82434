import type { Rows } from './rows.ts'
import { scoreRows } from './score.ts'
import type { TrainedForest } from './training.ts'

/** Where the threshold of each forest stands on the scale of `calibratedScore`: what lies above it is unusual at its site. */
export const unusualFrom = 0.7

/**
 * A score on a scale that is the same for all forests. What one site's healthy history scores at most another one's scores often, so
 * the forest's own threshold is put at `unusualFrom`, and what lies below and above it is stretched evenly; order is kept.
 * @param score      of `scoreRows`, 0…1
 * @param threshold  of the forest, above 0 and up to 1
 */
export function calibratedScore(score: number, threshold: number): number {
  if (score <= threshold) return (unusualFrom * score) / threshold
  return unusualFrom + ((1 - unusualFrom) * (score - threshold)) / (1 - threshold)
}

/** Calibrated scores of rows, in their order; null where nothing is known of one. @throws RangeError as `scoreRows` */
export const calibratedScores = ({ forest, threshold }: TrainedForest, rows: Rows): (number | null)[] =>
  Array.from(scoreRows(forest, rows), (score) => (score === 0 ? null : calibratedScore(score, threshold)))
