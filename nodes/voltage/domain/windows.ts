import type { VoltageBand } from './bands.ts'

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
