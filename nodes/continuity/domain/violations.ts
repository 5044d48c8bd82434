import type { CompensatedIndicator } from './compensation.ts'
import type { EventDuration, UnitMonth } from './individual.ts'
import type { IndividualLimits } from './individual-limits.ts'

const hourMs = 3_600_000
const limitMs = (hours: number | null): number => (hours === null ? Infinity : Math.round(hours * hourMs))

/** The limits that a month is above, in the norm's order. A value at its limit violates nothing. */
export function violatedLimits(month: UnitMonth, limits: IndividualLimits): CompensatedIndicator[] {
  const longest = (events: readonly EventDuration[]): number => Math.max(0, ...events.map(({ ms }) => ms))
  const above: readonly [CompensatedIndicator, boolean][] = [
    ['DIC', month.dicMs > limitMs(limits.dicH)],
    ['FIC', month.fic > limits.fic],
    ['DMIC', month.dmicMs > limitMs(limits.dmicH)],
    ['DICRI', longest(month.dicri) > limitMs(limits.dicriH)],
    ['DISE', longest(month.dise) > limitMs(limits.diseH)],
  ]
  return above.flatMap(([indicator, isAbove]) => (isAbove ? [indicator] : []))
}
