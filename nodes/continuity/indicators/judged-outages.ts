import { civilDaysIn, shiftDay, type CivilDays } from '../../../platform/clock/civil-day.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { hasEvents } from '../domain/event-rules.ts'
import type { UnitBasis } from '../domain/due.ts'
import type { Hypothesis } from '../domain/hypothesis.ts'
import type { InterruptionFacts, UnitOutage } from '../domain/interruption.ts'
import { compensationBases } from '../compensation/basis-repository.ts'
import { daySpan, monthSpan, shiftMonth } from '../domain/month.ts'
import { leastOutageMs } from '../domain/outages.ts'
import type { CountingChoices, CountingRules, Span } from '../domain/outage-parts.ts'
import { chainAfter, chainBefore } from './outage-chain.ts'
import { factsOf, outagesOfEvents, outagesWithin, type UnitScope } from './outage-repository.ts'
import { civilConjuntos } from './civil-repository.ts'

/** Whose indicators of which month. */
export interface MonthScope extends UnitScope {
  /** `YYYY-MM`. */
  readonly month: string
}

/** A unit with all that its month is judged by. */
export interface UnitOutages extends UnitBasis {
  readonly outages: readonly UnitOutage[]
  readonly rules: CountingRules
}

/** What outages of units are judged by: the units with any, and each that was asked for by name. */
export interface JudgedOutages {
  readonly units: readonly UnitOutages[]
  readonly facts: ReadonlyMap<number, InterruptionFacts>
}

/** No zone is further from UTC. */
const widestZoneMs = 14 * 3_600_000

/**
 * Gathers what a month of units is computed from, a few queries whatever the number of units, with what is supposed in the
 * stead of what is stored.
 * @param now  until when what lasts is counted, UTC milliseconds
 * @throws RangeError for what is no month
 */
export async function judgedOutages(
  queries: Queries,
  scope: MonthScope,
  choices: CountingChoices,
  now: number,
  hypothesis: Hypothesis = {},
): Promise<JudgedOutages> {
  const rulesOf = await rulesByConjunto(queries, scope.month, choices, now, hypothesis)
  const outages = await outagesByUnit(queries, scope, choices, hypothesis)
  const facts = await supposedFacts(queries, outages, hypothesis)
  const unitIds = scope.unitIds ?? [...outages.keys()]
  // As long as a month lasts, the newest monetary base stands in for its own.
  const isOver = now >= monthSpan(scope.month, civilDaysIn(environment().TIME_ZONE)).until
  const ofUnits = { unitIds, conjuntoIds: scope.conjuntoIds }
  const bases = await compensationBases(queries, scope.month, ofUnits, isOver ? 'of-month' : 'newest')
  return {
    facts,
    units: [...bases.values()].map((unit) => {
      const rules = rulesOf(unit.conjuntoId, hasEvents(unit.voltageClass, scope.month))
      return { ...unit, outages: outages.get(unit.unitId) ?? [], rules }
    }),
  }
}

async function rulesByConjunto(
  queries: Queries,
  month: string,
  choices: CountingChoices,
  now: number,
  { days: supposed = [] }: Hypothesis,
): Promise<(conjuntoId: string | null, hasEvents: boolean) => CountingRules> {
  const { TIME_ZONE } = environment()
  const usual = civilDaysIn(TIME_ZONE)
  monthSpan(month, usual)
  const zones = new Map([[TIME_ZONE, usual]])
  const daysIn = (zone: string | null): CivilDays => {
    const name = zone ?? TIME_ZONE
    if (!zones.has(name)) zones.set(name, civilDaysIn(name))
    return zones.get(name)!
  }
  // Also those of the year before: an outage that began on one may go on here.
  const [first, last] = [`${shiftMonth(month, -12)}-01`, shiftDay(`${shiftMonth(month, 2)}-01`, -1)]
  const conjuntos = new Map<string | null, Omit<CountingRules, 'hasEvents'>>()
  for (const { conjuntoId, timeZone, criticalDays } of await civilConjuntos(queries, first, last)) {
    const days = daysIn(timeZone)
    const critical = new Set(criticalDays)
    for (const each of supposed)
      if (each.conjuntoId === conjuntoId) critical[each.critical ? 'add' : 'delete'](each.day)
    const spans = [...critical].sort().flatMap((day) => daySpan(day, days) ?? [])
    conjuntos.set(conjuntoId, { month: monthSpan(month, days), criticalDays: spans, choices, now })
  }
  const without = { month: monthSpan(month, usual), criticalDays: [] as Span[], choices, now }
  const kept = new Map<string, CountingRules>()
  return (conjuntoId, hasEvents) => {
    const key = `${hasEvents} ${conjuntoId}`
    const rules = kept.get(key) ?? { ...(conjuntos.get(conjuntoId) ?? without), hasEvents }
    kept.set(key, rules)
    return rules
  }
}

async function outagesByUnit(
  queries: Queries,
  scope: MonthScope,
  choices: CountingChoices,
  { outages: supposed }: Hypothesis,
): Promise<Map<string, readonly UnitOutage[]>> {
  const utc = civilDaysIn('UTC')
  const { from, until } = monthSpan(scope.month, utc)
  const range = { from: from - widestZoneMs, until: until + widestZoneMs }
  const found = await outagesWithin(queries, scope, range.from, range.until)
  const byUnit = new Map<string, UnitOutage[]>()
  const add = (pieces: readonly UnitOutage[]): void => {
    for (const piece of pieces) {
      const others = byUnit.get(piece.unitId)
      if (others) others.push(piece)
      else byUnit.set(piece.unitId, [piece])
    }
  }
  add(found)
  add(await chainBefore(queries, found, range.from + leastOutageMs))
  add(await chainAfter(queries, found, range.until - leastOutageMs))
  if (choices['continuity-event-duration'] === 'root-together') add(await ofSameRoots(queries, byUnit))
  const asked = scope.unitIds && new Set(scope.unitIds)
  for (const [unitId, pieces] of supposed ?? []) if (!asked || asked.has(unitId)) byUnit.set(unitId, [...pieces])
  return byUnit
}

async function ofSameRoots(queries: Queries, byUnit: Map<string, readonly UnitOutage[]>): Promise<UnitOutage[]> {
  const known = [...byUnit.values()].flat()
  const facts = await factsOf(queries, [...new Set(known.map(({ interruptionId }) => interruptionId))])
  const eventIds = [...new Set(facts.map(({ eventId }) => eventId))]
  const seen = new Set(known.map(({ unitId, from }) => `${from} ${unitId}`))
  const all = await outagesOfEvents(queries, [...byUnit.keys()], eventIds)
  return all.filter(({ unitId, from }) => !seen.has(`${from} ${unitId}`))
}

/** What is known of interruptions, and what is supposed of them. */
async function supposedFacts(
  queries: Queries,
  outages: ReadonlyMap<string, readonly UnitOutage[]>,
  hypothesis: Hypothesis,
): Promise<Map<number, InterruptionFacts>> {
  const firstSeen = new Map<number, number>()
  for (const pieces of outages.values())
    for (const { interruptionId, from } of pieces)
      firstSeen.set(interruptionId, Math.min(from, firstSeen.get(interruptionId) ?? Infinity))
  const without = new Set(hypothesis.withoutExclusions)
  const facts = new Map<number, InterruptionFacts>()
  for (const { exclusions, ...known } of await factsOf(queries, [...firstSeen.keys()]))
    facts.set(known.interruptionId, {
      ...known,
      exclusions: exclusions.filter(({ exclusionId }) => !without.has(exclusionId)),
    })
  for (const [interruptionId, supposed] of hypothesis.facts ?? []) {
    const startedAt = firstSeen.get(interruptionId)
    if (startedAt === undefined) continue
    const known = facts.get(interruptionId) ?? unknown(interruptionId, startedAt)
    facts.set(interruptionId, { ...known, ...supposed })
  }
  for (const { interruptionId, unitId, reason } of hypothesis.exclusions ?? []) {
    const known = facts.get(interruptionId)
    if (known) facts.set(interruptionId, { ...known, exclusions: [...known.exclusions, { unitId, reason }] })
  }
  return facts
}

const unknown = (interruptionId: number, startedAt: number): InterruptionFacts => ({
  ...{ interruptionId, eventId: interruptionId, startedAt, origin: 'internal' as const, programmed: false },
  ...{ announced: null, exclusions: [] },
})
