import type { Regulated } from '../../../platform/regulation/regulated.ts'

/** Beyond `hz` the frequency may stay for `mostS` at a time; 0: never. */
export interface FrequencyLimit {
  readonly side: 'above' | 'below'
  readonly hz: number
  readonly mostS: number
}

export interface FrequencyRule {
  /** Where it is under normal conditions, both ends included, Hz. */
  readonly normalLowHz: number
  readonly normalHighHz: number
  readonly limits: readonly FrequencyLimit[]
}

export const frequencyRules: readonly Regulated<FrequencyRule>[] = [
  {
    validFrom: '2008-01-01',
    source: 'PRODIST Módulo 8, Seção 8.1, frequency (normal: two sources; back within 30 s, and extremes: one source)',
    value: {
      ...{ normalLowHz: 59.9, normalHighHz: 60.1 },
      limits: [
        { side: 'above', hz: 60.5, mostS: 30 },
        { side: 'above', hz: 62, mostS: 30 },
        { side: 'above', hz: 63.5, mostS: 10 },
        { side: 'above', hz: 66, mostS: 0 },
        { side: 'below', hz: 59.5, mostS: 30 },
        { side: 'below', hz: 58.5, mostS: 10 },
        { side: 'below', hz: 57.5, mostS: 5 },
        { side: 'below', hz: 56.5, mostS: 0 },
      ],
    },
  },
]

/** A frequency that held for the interval that ends at `at`, as far as a reading tells. */
export interface FrequencySample {
  /** UTC milliseconds. */
  readonly at: number
  readonly intervalMs: number
  readonly hz: number
}

/** The longest time without a break beyond a limit. */
export interface FrequencyExcursion extends FrequencyLimit {
  readonly longestMs: number
  /** When the longest one began, UTC milliseconds. */
  readonly since: number
  readonly violated: boolean
}

/**
 * How long the frequency stays beyond each limit. A reading says nothing of what went on within its interval: a mean over a
 * minute beyond a limit counts as a minute, and hides what was shorter. What lies between two readings is not known, and ends a
 * time beyond a limit.
 */
export class FrequencyWatch {
  readonly #beyond: readonly Beyond[]

  constructor(rule: FrequencyRule) {
    this.#beyond = rule.limits.map((limit) => ({ limit, since: NaN, until: NaN, longestMs: 0, longestSince: NaN }))
  }

  /** The next reading: later than the one before. */
  take(sample: FrequencySample): void {
    for (const beyond of this.#beyond) extend(beyond, sample)
  }

  /** The longest time beyond each limit that the frequency was beyond at all. */
  excursions(): FrequencyExcursion[] {
    return this.#beyond.flatMap(({ limit, longestMs, longestSince: since }) =>
      longestMs > 0 ? [{ ...limit, longestMs, since, violated: longestMs > limit.mostS * 1_000 }] : [],
    )
  }
}

/** What is known of one limit: the time beyond it that goes on, not a number where none does, and the longest. */
interface Beyond {
  readonly limit: FrequencyLimit
  since: number
  until: number
  longestMs: number
  longestSince: number
}

function extend(beyond: Beyond, { at, intervalMs, hz }: FrequencySample): void {
  const { side, hz: bound } = beyond.limit
  if (side === 'above' ? hz <= bound : hz >= bound) {
    beyond.until = NaN
    return
  }
  if (!(at - intervalMs <= beyond.until)) beyond.since = at - intervalMs
  beyond.until = at
  const lastsMs = at - beyond.since
  if (lastsMs > beyond.longestMs) Object.assign(beyond, { longestMs: lastsMs, longestSince: beyond.since })
}
