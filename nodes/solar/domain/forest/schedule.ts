const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** When forests are grown, and from how much. */
export const forestSchedule = {
  /** A site's forest is grown anew so long after the last one. */
  everyMs: 7 * dayMs,
  /** From healthy samples of so long. */
  historyMs: 30 * dayMs,
  /** And only where there are so many of them, */
  leastSamples: 2_000,
  /** of so many days of UTC: one kind of weather says nothing of the others. */
  leastDays: 5,
  /** Where there were not, it is looked again after that time, */
  againAfterMs: dayMs,
  /** and where it failed, or whoever began did not end, after that. */
  retryAfterMs: hourMs,
} as const

/** What became of the last attempt at a site's forest. */
export type ForestOutcome = 'begun' | 'trained' | 'too_little_history' | 'failed'

export interface LastAttempt {
  /** UTC milliseconds. */
  readonly at: number
  readonly outcome: ForestOutcome
}

const restMs: Readonly<Record<ForestOutcome, number>> = {
  trained: forestSchedule.everyMs,
  too_little_history: forestSchedule.againAfterMs,
  failed: forestSchedule.retryAfterMs,
  begun: forestSchedule.retryAfterMs,
}

/**
 * Whether it is time to grow a site's forest. An attempt of the future is one of another time-line: a clock that was set back as far
 * as it rests begins anew.
 * @param last  null: there was none
 * @param now   UTC milliseconds
 */
export const isForestDue = (last: LastAttempt | null, now: number): boolean =>
  last === null || Math.abs(now - last.at) >= restMs[last.outcome]
