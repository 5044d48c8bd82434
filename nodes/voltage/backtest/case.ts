import type { WindowBudget } from '../domain/transgression.ts'
import type { WeekBefore } from '../domain/forecast-latents.ts'
import type { OffsetAt } from '../domain/forecast-slots.ts'
import { Runs, type Run, type RunWindow } from '../domain/runs.ts'

/** A measurement of which the end is known: what a forecast is tried on. */
export interface Case {
  readonly name: string
  /** From its first window on, at least until it is complete. */
  readonly windows: readonly RunWindow[]
  readonly before?: readonly (WeekBefore | undefined)[]
  readonly offsetAt: OffsetAt
}

/** What a measurement came to, counted by the rules of measurements themselves. */
export interface Outcome {
  readonly run: Run
  /** Beginnings of the windows that broke the limits, UTC milliseconds; null where they held. */
  readonly brokenAt: { readonly precarious: number | null; readonly critical: number | null }
}

/**
 * @param whole    valid windows of a measurement
 * @param allowed  of them in each band
 * @throws RangeError if the windows end before the measurement is complete
 */
export function outcomeOf(windows: readonly RunWindow[], whole: number, allowed: WindowBudget): Outcome {
  const runs = new Runs(whole)
  const brokenAt: { precarious: number | null; critical: number | null } = { precarious: null, critical: null }
  for (const window of windows) {
    const complete = runs.add(window)
    const run = complete ?? runs.unfinished
    for (const kind of ['precarious', 'critical'] as const)
      if (brokenAt[kind] === null && run?.[kind].some((count) => (count ?? 0) > allowed[kind]))
        brokenAt[kind] = window.start
    if (complete) return { run: complete, brokenAt }
  }
  throw new RangeError(`the windows end before ${whole} of them are valid`)
}
