import { bandLimitsOf, UnknownVoltage, type BandLimits } from './bands.ts'
import { phases, type Phase } from './sample.ts'

/** Between which terminals a voltage is measured, and its reference voltage stands. */
export const terminals = ['phase_neutral', 'phase_phase'] as const
export type Terminals = (typeof terminals)[number]

/** Between phases a meter reports AB as A, BC as B and CA as C. */
const betweenPhases: readonly (readonly [phase: Phase, pair: readonly [Phase, Phase]])[] = [
  ['A', ['A', 'B']],
  ['B', ['B', 'C']],
  ['C', ['C', 'A']],
]

/**
 * The voltages that a unit has, as its meter reports them.
 * @param present  phases of the unit, as `ABC`
 */
export function measuredPhases(present: string, between: Terminals): readonly Phase[] {
  if (between === 'phase_neutral') return phases.filter((phase) => present.includes(phase))
  return betweenPhases.filter(([, pair]) => pair.every((phase) => present.includes(phase))).map(([phase]) => phase)
}

/** Starts whose day is kept: a closing has few. */
const keptStarts = 2_000

/**
 * Bounds by reference voltage, on the civil day of a window.
 * @param dayOf  civil day `YYYY-MM-DD` of an instant, UTC milliseconds
 * @returns for a reference voltage (V) and a window's beginning (UTC milliseconds) its bounds; null where the norm has none
 */
export function limitsByDay(
  dayOf: (instant: number) => string,
): (referenceV: number, start: number) => BandLimits | null {
  const days = new Map<number, Map<number, BandLimits | null>>()
  const limitsOfDays = new Map<string, Map<number, BandLimits | null>>()
  function onDayOf(start: number): Map<number, BandLimits | null> {
    if (days.size >= keptStarts) {
      days.clear()
      limitsOfDays.clear()
    }
    const day = dayOf(start)
    const limits = limitsOfDays.get(day) ?? new Map<number, BandLimits | null>()
    limitsOfDays.set(day, limits)
    days.set(start, limits)
    return limits
  }
  return (referenceV, start) => {
    const limits = days.get(start) ?? onDayOf(start)
    let found = limits.get(referenceV)
    if (found === undefined) limits.set(referenceV, (found = limitsOn(referenceV, dayOf(start))))
    return found
  }
}

function limitsOn(referenceV: number, day: string): BandLimits | null {
  try {
    return bandLimitsOf(referenceV, day)
  } catch (error) {
    if (error instanceof UnknownVoltage) return null
    throw error
  }
}
