import type { BandCounts } from './indicators.ts'
import type { PerPhase } from './sample.ts'
import { windowMs, type VoltageWindow } from './windows.ts'

/** What a run needs to know of a window. */
export type RunWindow = Pick<VoltageWindow, 'start' | 'bands' | 'invalid'>

/** Consecutive windows that make up one measurement, or have begun to. */
export interface Run extends BandCounts {
  /** Beginning of its first window and end of its last, UTC milliseconds. */
  readonly start: number
  readonly end: number
  readonly valid: number
  readonly invalid: number
}

/**
 * Divides windows, in their order, into runs of so many valid ones. Every window from the first on is of exactly one run: a run
 * starts where the one before ended, whatever its first window is, and ends with its last valid one. A window that is not told
 * of between two that are is invalid. Constant memory.
 */
export class Runs {
  readonly #length: number
  #start: number | undefined
  #end = 0
  #valid = 0
  #invalid = 0
  #precarious: Counts = [null, null, null]
  #critical: Counts = [null, null, null]

  /** @param length  valid windows of a run */
  constructor(length: number) {
    this.#length = length
  }

  /**
   * Takes the next window.
   * @returns the run that it completes
   * @throws RangeError where the window is not aligned, or not after the one before
   */
  add({ start, bands, invalid }: RunWindow): Run | undefined {
    if (start % windowMs !== 0) throw new RangeError(`a window starts at ${start}: no whole ten minutes`)
    if (this.#start === undefined) this.#start = this.#end = start
    if (start < this.#end) throw new RangeError(`a window starts at ${start}, before the end of the last, ${this.#end}`)
    this.#invalid += (start - this.#end) / windowMs
    this.#end = start + windowMs
    if (invalid) {
      this.#invalid++
      return undefined
    }
    this.#valid++
    for (const [phase, band] of bands.entries()) {
      if (band === null) continue
      this.#precarious[phase] = (this.#precarious[phase] ?? 0) + (band === 'precarious' ? 1 : 0)
      this.#critical[phase] = (this.#critical[phase] ?? 0) + (band === 'critical' ? 1 : 0)
    }
    return this.#valid === this.#length ? this.#complete() : undefined
  }

  /** The run under way; undefined where it has no window yet. */
  get unfinished(): Run | undefined {
    if (this.#start === undefined || this.#start === this.#end) return undefined
    return {
      start: this.#start,
      end: this.#end,
      valid: this.#valid,
      invalid: this.#invalid,
      precarious: perPhase(this.#precarious),
      critical: perPhase(this.#critical),
    }
  }

  #complete(): Run {
    const run = this.unfinished!
    this.#start = this.#end
    this.#valid = this.#invalid = 0
    this.#precarious = [null, null, null]
    this.#critical = [null, null, null]
    return run
  }
}

/** The runs of windows in their order; the last one may be unfinished. */
export function* runsOf(windows: Iterable<RunWindow>, length: number): Generator<Run> {
  const runs = new Runs(length)
  for (const window of windows) {
    const complete = runs.add(window)
    if (complete) yield complete
  }
  if (runs.unfinished) yield runs.unfinished
}

type Counts = (number | null)[]

const perPhase = ([a = null, b = null, c = null]: Counts): PerPhase<number> => [a, b, c]
