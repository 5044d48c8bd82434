export const phases = ['A', 'B', 'C'] as const
export type Phase = (typeof phases)[number]

/** One value for each of the phases A, B, C; null for a phase that is not there. Between phases they are AB, BC and CA. */
export type PerPhase<T> = readonly [T | null, T | null, T | null]

/** Voltages that a meter reported for the interval that ends at `at`: instant, mean and RMS values alike stand for it. */
export interface VoltageSample {
  /** End of the interval, UTC milliseconds. */
  readonly at: number
  readonly intervalMs: number
  readonly volts: PerPhase<number>
}
