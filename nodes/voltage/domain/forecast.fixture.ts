import type { VoltageBand } from './bands.ts'
import type { RunWindow } from './runs.ts'
import { windowMs } from './windows.ts'

/** 2026-11-02T03:00Z: midnight of a Monday in São Paulo. */
export const monday = 1_793_588_400_000
export const saoPaulo = () => -3 * 3_600_000
export const perDay = 144

const bandOf = { a: 'adequate', p: 'precarious', c: 'critical' } as const

/**
 * Windows from Monday on.
 * @param phases  a letter a window, for each phase: a, p, c; x in the first one: invalid
 */
export const windowsFrom = (...phases: readonly string[]): RunWindow[] =>
  Array.from(phases[0]!, (letter, index) => {
    const bands = [0, 1, 2].map((phase) => bandOf[phases[phase]?.[index] as 'a'] ?? null)
    const [a, b, c] = bands as [VoltageBand | null, VoltageBand | null, VoltageBand | null]
    const window = { start: monday + index * windowMs, bands: [a, b, c] as const }
    return letter === 'x' ? { ...window, invalid: { reason: 'coverage', evidence: {} } } : window
  })

/** Days of which so many windows, from 19:00 on, lie in a band; the others are adequate. */
export const evenings = (counts: readonly number[], letter: 'p' | 'c' = 'p'): string =>
  counts.map((count) => 'a'.repeat(114) + letter.repeat(count) + 'a'.repeat(perDay - 114 - count)).join('')
