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
    source:
      'PRODIST Módulo 8, Seção 8.1, frequency (normal: two sources; back within 30 s, and extremes: one source)',
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
 * How long the frequency stayed beyond each limit that it was beyond at all. A reading says nothing of what went on within its
 * interval: a mean over a minute beyond a limit counts as a minute, and hides what was shorter.
 * @param samples  each instant once, oldest first; what lies between two of them is not known, and ends a time beyond a limit
 */
export const frequencyExcursions = (samples: readonly FrequencySample[], rule: FrequencyRule): FrequencyExcursion[] =>
  rule.limits.flatMap((limit) => {
    const longest = longestBeyond(samples, limit)
    return longest ? [{ ...limit, ...longest, violated: longest.longestMs > limit.mostS * 1_000 }] : []
  })

function longestBeyond(samples: readonly FrequencySample[], { side, hz: bound }: FrequencyLimit) {
  let longest: { longestMs: number; since: number } | undefined
  let [since, until] = [NaN, NaN]
  for (const { at, intervalMs, hz } of samples) {
    if (side === 'above' ? hz <= bound : hz >= bound) {
      until = NaN
      continue
    }
    // Not (NaN) where the last sample was within the limit.
    if (!(at - intervalMs <= until)) since = at - intervalMs
    until = at
    if (until - since > (longest?.longestMs ?? 0)) longest = { longestMs: until - since, since }
  }
  return longest
}
