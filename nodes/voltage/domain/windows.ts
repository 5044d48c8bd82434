import { classify, type BandLimits, type VoltageBand } from './bands.ts'

/** Windows are aligned to the clock: ten minutes. */
export const windowMs = 600_000

/** Beginning of the window that an instant is of, UTC milliseconds. */
export const windowStart = (at: number): number => Math.floor(at / windowMs) * windowMs

export const phases = ['A', 'B', 'C'] as const
export type Phase = (typeof phases)[number]

/** One value for each of the phases A, B, C; null for a phase that is not there. */
export type PerPhase<T> = readonly [T | null, T | null, T | null]

/** Voltages that a meter reported for the interval that ends at `at`. */
export interface VoltageSample {
  /** End of the interval, UTC milliseconds. */
  readonly at: number
  readonly intervalMs: number
  readonly volts: PerPhase<number>
}

/** Why a window counts in no measurement. */
export type InvalidReason = 'interruption' | 'vtcd' | 'coverage'

/** What shows it: a voltage and when, an event, or how much of the window was covered. */
export interface InvalidEvidence {
  readonly phase?: Phase
  readonly at?: number
  readonly volts?: number
  readonly durationMs?: number
  readonly eventId?: string
  readonly coverage?: number
}

/** A 10-minute window of one meter. */
export interface VoltageWindow {
  /** Its beginning, UTC milliseconds. */
  readonly start: number
  /** RMS over what is covered, V; null for a phase without any. */
  readonly volts: PerPhase<number>
  /** Share of the ten minutes that readings cover, least of the phases that the unit has, 0 to 1. */
  readonly coverage: number
  /** By the bounds of the reference voltage; null for a phase without voltage. */
  readonly bands: PerPhase<VoltageBand>
  readonly invalid?: { readonly reason: InvalidReason; readonly evidence: InvalidEvidence }
}

/** What decides about the windows of a meter. */
export interface WindowRules {
  readonly limits: BandLimits
  /** Phases that the unit has. */
  readonly phases: readonly Phase[]
  /** Less than this share of a window covered: it is invalid. */
  readonly leastCoverage: number
}

/**
 * The windows of one meter that its readings touch, oldest first. A window's voltage is the quadratic mean over what readings
 * cover of it, weighted by time (PRODIST Módulo 8, Seção 8.1: RMS values integrated over ten minutes).
 * @param samples  in any order, each instant once
 * @param from     windows that begin from here on, UTC milliseconds
 * @param until    and before this
 */
export function windowsOf(
  samples: readonly VoltageSample[],
  rules: WindowRules,
  from: number,
  until: number,
): VoltageWindow[] {
  const sums = new Map<number, PhaseSums[]>()
  for (const sample of samples) addTo(sums, sample, from, until)
  return [...sums]
    .toSorted(([one], [other]) => one - other)
    .map(([start, phaseSums]) => windowOf(start, phaseSums, rules))
}

interface PhaseSums {
  squares: number
  coveredMs: number
}

function addTo(sums: Map<number, PhaseSums[]>, sample: VoltageSample, from: number, until: number): void {
  const begin = sample.at - sample.intervalMs
  for (let start = Math.max(windowStart(begin), from); start < Math.min(sample.at, until); start += windowMs) {
    const coveredMs = Math.min(sample.at, start + windowMs) - Math.max(begin, start)
    if (coveredMs <= 0) continue
    let window = sums.get(start)
    if (!window) sums.set(start, (window = phases.map(() => ({ squares: 0, coveredMs: 0 }))))
    sample.volts.forEach((volts, index) => {
      if (volts === null) return
      window[index]!.squares += volts * volts * coveredMs
      window[index]!.coveredMs += coveredMs
    })
  }
}

function windowOf(start: number, sums: readonly PhaseSums[], rules: WindowRules): VoltageWindow {
  const volts = sums.map(({ squares, coveredMs }) => (coveredMs > 0 ? Math.sqrt(squares / coveredMs) : null))
  const coverage = Math.min(
    ...rules.phases.map((phase) => Math.min(1, sums[phases.indexOf(phase)]!.coveredMs / windowMs)),
  )
  const bands = volts.map((value) => (value === null ? null : classify(value, rules.limits)))
  return {
    ...{ start, coverage },
    volts: volts as unknown as PerPhase<number>,
    bands: bands as unknown as PerPhase<VoltageBand>,
    ...(coverage < rules.leastCoverage && { invalid: { reason: 'coverage', evidence: { coverage } } as const }),
  }
}
