import type { InterruptionFacts, UnitOutage } from './interruption.ts'
import type { CountingChoices, CountingRules } from './outage-parts.ts'

export const hourMs = 3_600_000
const defaultCounting: CountingChoices = {
  'continuity-month-crossing': 'split',
  'continuity-event-month-crossing': 'start-month',
  'continuity-event-duration': 'each-interruption',
  'continuity-dicri-programmed': 'counts',
  'continuity-critical-day-crossing': 'start',
  'continuity-emergency-on-critical-day': 'emergency',
  'continuity-programmed-warning-hours': 72,
  'continuity-short-outages': 'contiguous-whole',
  'continuity-restored-briefly': 'separate',
}
/** March of 2026 in São Paulo. */
export const march = { from: 1_772_334_000_000, until: 1_775_012_400_000 }

export const rules = (choices: Partial<CountingChoices> = {}, others: Partial<CountingRules> = {}): CountingRules => ({
  ...{ month: march, criticalDays: [], hasEvents: true, now: march.until + 90 * 24 * hourMs },
  choices: { ...defaultCounting, ...choices },
  ...others,
})

export const interruption = (interruptionId: number, facts: Partial<InterruptionFacts> = {}): InterruptionFacts => ({
  ...{ interruptionId, eventId: interruptionId, startedAt: march.from, origin: 'internal', programmed: false },
  ...{ announced: null, exclusions: [], ...facts },
})

/** Some interruptions, by number. */
export const known = (...all: InterruptionFacts[]): ReadonlyMap<number, InterruptionFacts> =>
  new Map(all.map((facts) => [facts.interruptionId, facts]))

/** A piece from so many hours after March has begun. @param untilH  null: it lasts */
export const piece = (interruptionId: number, fromH: number, untilH: number | null): UnitOutage => ({
  ...{ unitId: 'unit-1', interruptionId, from: march.from + fromH * hourMs },
  until: untilH === null ? null : march.from + untilH * hourMs,
})
