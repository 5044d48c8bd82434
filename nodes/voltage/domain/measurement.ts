import { indicatorsOf, type VoltageIndicators } from './indicators.ts'
import { Runs, type Run } from './runs.ts'
import { budgetOf, transgressionOn, type WindowBudget } from './transgression.ts'
import { phases, type Phase } from './sample.ts'
import { missingWindow, windowMs, type VoltageWindow } from './windows.ts'

/** How far a measurement has come, or what it came to. Counts are of its valid windows, the first 1,008 of them. */
export interface Course extends Run, VoltageIndicators {
  /** Valid windows that make it complete. */
  readonly needed: number
  readonly complete: boolean
  /** Windows in the precarious and the critical band that DRP and DRC allow. */
  readonly allowed: WindowBudget
  /** Its end; of one that is not complete, if from now on every window is valid. UTC milliseconds. */
  readonly expectedEnd: number
}

/**
 * What the windows of a measurement come to: a function of the windows alone. Invalid ones, and those that are missing between
 * others, are replaced by following ones; what follows the last that counts does not count.
 * @param windows  each once, in any order, none before `start`
 * @param start    beginning of the measurement, UTC milliseconds
 * @param day      civil day that says which rule holds, `YYYY-MM-DD`
 */
export function courseOf(windows: readonly VoltageWindow[], start: number, day: string): Course {
  const rule = transgressionOn(day).value
  const { windows: needed } = rule
  const run = runOf(windows, start, needed)
  return {
    ...run,
    ...indicatorsOf(run, day),
    ...{ needed, complete: run.valid === needed },
    allowed: budgetOf(rule),
    expectedEnd: run.end + (needed - run.valid) * windowMs,
  }
}

function runOf(windows: readonly VoltageWindow[], start: number, needed: number): Run {
  const none = [null, null, null] as const
  const ordered = windows.toSorted((one, other) => one.start - other.start)
  const end = (ordered.at(-1)?.start ?? start - windowMs) + windowMs
  const runs = new Runs(needed)
  for (const window of withMissing(ordered, start, end)) {
    const complete = runs.add(window)
    if (complete) return complete
  }
  return runs.unfinished ?? { start, end: start, valid: 0, invalid: 0, precarious: none, critical: none }
}

/**
 * Every window of a time, those without any reading too.
 * @param windows  of that time, in their order
 * @param from     beginning of the first one, UTC milliseconds
 * @param until    end of the last one
 */
export function withMissing(windows: readonly VoltageWindow[], from: number, until: number): VoltageWindow[] {
  const all: VoltageWindow[] = []
  for (const window of windows) {
    for (let start = from + all.length * windowMs; start < window.start; start += windowMs)
      all.push(missingWindow(start))
    all.push(window)
  }
  for (let start = from + all.length * windowMs; start < until; start += windowMs) all.push(missingWindow(start))
  return all
}

/**
 * A window as a measurement takes it: of the phases of the unit all must be there, whatever the instrument reports.
 * @param unitPhases    as `ABC`
 * @param invalidPhase  the option `voltage-invalid-phase`: whether one phase invalidates the window
 */
export function takenUp(window: VoltageWindow, unitPhases: string, invalidPhase: 'unit' | 'phase'): VoltageWindow {
  const ofUnit = (index: number): boolean => unitPhases.includes(phases[index]!)
  const only = <T>(values: readonly (T | null)[]): [T | null, T | null, T | null] =>
    [0, 1, 2].map((index) => (ofUnit(index) ? values[index]! : null)) as [T | null, T | null, T | null]
  const taken = { ...window, volts: only(window.volts), bands: only(window.bands) }
  if (window.invalid) return taken
  const lacking = phases.filter((phase, index) => ofUnit(index) && window.bands[index] === null)
  const isInvalid = invalidPhase === 'unit' ? lacking.length > 0 : lacking.length === unitPhases.length
  return isInvalid ? { ...taken, invalid: { reason: 'coverage', evidence: lackOf(lacking[0]!) } } : taken
}

const lackOf = (phase: Phase) => ({ phase, coverage: 0 })
