import { parseInstant } from '../../../platform/wire/instant.ts'
import { bandLimitsOf } from './bands.ts'
import { disturbanceOn } from './disturbances.ts'
import type { Phase, VoltageSample } from './sample.ts'
import { usualChoices, type WindowRules } from './windows.ts'

/** Beginning of a window, UTC milliseconds. */
export const noon = parseInstant('2026-11-20T12:00:00Z')!
export const secondMs = 1_000
export const minuteMs = 60_000

/** Rules of a unit in the low-voltage network at 220 V. */
export const rulesOf = (phases: readonly Phase[] | null = ['A'], changed: Partial<WindowRules> = {}): WindowRules => ({
  ...{
    referenceV: 220,
    phases,
    leastCoverage: 0.9,
    choices: usualChoices,
    disturbance: disturbanceOn('2026-11-20').value,
  },
  limitsAt: () => bandLimitsOf(220, '2026-11-20'),
  ...changed,
})

/** A reading of phase A alone. @param at, intervalMs  from noon, ms */
export const sampleOf = (at: number, intervalMs: number, volts: number): VoltageSample => ({
  ...{ at: noon + at, intervalMs, volts: [volts, null, null] },
})

/** Readings of phase A, one after the other, from an instant on (ms from noon). */
export const seriesOf = (from: number, intervalMs: number, count: number, volts: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => sampleOf(from + (index + 1) * intervalMs, intervalMs, volts(index)))
