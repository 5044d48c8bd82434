import type { Measures } from './measures.ts'

/** How all methods did on one scenario. */
export interface ScenarioFigures {
  readonly scenario: string
  readonly isNested: boolean
  readonly feeders: number
  readonly sessions: number
  readonly intervals: number
  readonly requestedKwh: number
  /** What the offline optimum delivers, and Jain's index of it. */
  readonly optimumKwh: number
  readonly optimumJain: number
  readonly measures: readonly Measures[]
}

/** How long one problem takes, ms: the solver's machine time, and from asking to the answer, with the way to its thread and back. */
export interface SolveTime {
  readonly mode: string
  readonly devices: number
  readonly leastMs: number
  readonly p50Ms: number
  readonly leastTotalMs: number
  readonly solves: number
  /** Of these, how many another method had to answer, and why. */
  readonly fallbacks: Readonly<Record<string, number>>
}

/** What was promised, beside what was measured. */
export interface Target {
  readonly what: string
  readonly measured: string
  readonly target: string
  readonly isReached: boolean
}

export interface AllocationFigures {
  readonly days: number
  readonly seed: number
  readonly intervalMinutes: number
  readonly leastAmperes: number
  readonly scenarios: readonly ScenarioFigures[]
  readonly solveTimes: readonly SolveTime[]
  readonly targets: readonly Target[]
}
