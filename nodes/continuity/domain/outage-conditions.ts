import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import type { ConditionMessage } from '../../../platform/wire/condition-text.ts'
import { breaksWithin, type BreakStep } from './break-steps.ts'
import { breakableLimits } from './outlook.ts'
import type { ServiceCounts } from './restoration-ranking.ts'

/** From where on something is worth an alarm. */
export interface OutageThresholds {
  /** Limits that break within this time. */
  readonly withinMs: number
  /** So much of the occurrences of a critical day, or of the customer-hours of a situation of emergency, %. */
  readonly nearPct: number
}

/** An outage that lasts, as far as conditions go. */
export interface WatchedOutage {
  readonly interruptionId: number
  readonly elementId: string
  readonly feederId: string | null
  readonly startedAt: number
  readonly unitsOut: number
  readonly services: ServiceCounts
  /** As it stands; empty where they are not known. */
  readonly steps: readonly BreakStep[]
  readonly event: {
    readonly eventId: number
    readonly chiH: number
    /** Null: not known. */
    readonly limitH: number | null
    readonly reachesAt: number | null
  }
}

/** A conjunto's day against the threshold of critical days. */
export interface WatchedDay {
  readonly conjuntoId: string
  readonly name: string
  readonly day: string
  readonly occurrences: number
  readonly threshold: number
}

type Message = Extract<ConditionMessage, `continuity.${string}`>

/** What is said of outages, and nobody else says. */
export const outageConditionKinds = [
  ...(['outage', 'priority-out', 'emergency-chi', 'critical-day'] as const),
  ...(['dic-breaks', 'fic-breaks', 'dmic-breaks', 'dicri-breaks', 'dise-breaks'] as const),
] as const satisfies readonly KindOf<'continuity'>[]

/**
 * What holds now of outages and days.
 * @param at  UTC milliseconds
 */
export function outageConditions(
  outages: readonly WatchedOutage[],
  days: readonly WatchedDay[],
  thresholds: OutageThresholds,
  at: number,
): readonly Condition[] {
  return [
    ...outages.flatMap((outage) => [...breaking(outage, thresholds, at), ...priority(outage, at)]),
    ...[...Map.groupBy(outages, ({ event }) => event.eventId).values()].flatMap((ofEvent) => [
      lasting(ofEvent, at),
      ...emergency(ofEvent[0]!, thresholds, at),
    ]),
    ...days.flatMap((day) => [...criticalDay(day, thresholds, at)]),
  ]
}

/** Whether what holds is worth saying again: it says something else or is more urgent or less, or many more units are concerned. */
export const isNews = (holding: Condition, said: Condition): boolean =>
  said.text.message !== holding.text.message ||
  said.priority !== holding.priority ||
  (holding.value ?? 0) > (said.value ?? 0) * growth

/** Said again once so many times as much holds: what grows all the time is not said all the time. */
const growth = 1.1

/** From so many units on that are out an outage is so urgent, the first that fits; what hangs on single units is said of them. */
const urgency = [
  { units: 10_000, priority: 'critical' },
  { units: 1_000, priority: 'high' },
  { units: 50, priority: 'medium' },
  { units: 0, priority: 'low' },
] as const

/** That an event lasts: of all its interruptions together, at the element of the one that began first. */
function lasting(ofEvent: readonly WatchedOutage[], at: number): Condition {
  const [first] = ofEvent.toSorted((a, b) => a.startedAt - b.startedAt || a.interruptionId - b.interruptionId)
  const { elementId, feederId, startedAt, event } = first!
  const units = ofEvent.reduce((sum, { unitsOut }) => sum + unitsOut, 0)
  const isCritical = ofEvent.some(({ services: { safety, life_support } }) => safety + life_support > 0)
  return {
    ...place('outage', String(event.eventId), at),
    ...(feederId !== null && { feederId }),
    ...{ value: units, unit: 'units' },
    priority: isCritical ? 'critical' : urgency.find((step) => units >= step.units)!.priority,
    text: textOf('continuity.outage', { element: elementId, units, startedAt }),
    evidence: { eventId: event.eventId, interruptionIds: ofEvent.slice(0, 20).map((one) => one.interruptionId) },
  }
}

function* breaking(
  { steps, ...outage }: WatchedOutage,
  { withinMs }: OutageThresholds,
  at: number,
): Generator<Condition> {
  const found = breaksWithin(steps, at, at + withinMs)
  for (const limit of breakableLimits) {
    const step = found.get(limit)
    if (!step) continue
    yield {
      ...ofOutage(outage, `${limit.toLowerCase() as Lowercase<typeof limit>}-breaks`, at),
      ...{ value: step.units, unit: 'units', priority: 'medium' },
      text: textOf('continuity.limit-breaks', {
        ...{ units: step.units, limit, withinMs, costBrl: step.cents / 100, element: outage.elementId },
      }),
      evidence: { firstAt: step.at, interruptionId: outage.interruptionId },
    }
  }
}

function* priority({ services, ...outage }: Omit<WatchedOutage, 'steps'>, at: number): Generator<Condition> {
  const { safety, life_support, essential } = services
  const units = safety + life_support + essential
  if (units === 0) return
  yield {
    ...ofOutage(outage, 'priority-out', at),
    ...{ value: units, unit: 'units', priority: safety + life_support > 0 ? 'critical' : 'high' },
    text: textOf('continuity.priority-out', { units, element: outage.elementId }),
    evidence: { interruptionId: outage.interruptionId },
  }
}

const ofOutage = (
  { interruptionId, feederId }: Pick<WatchedOutage, 'interruptionId' | 'feederId'>,
  kind: KindOf<'continuity'>,
  at: number,
) => ({
  ...place(kind, String(interruptionId), at),
  ...(feederId !== null && { feederId }),
})

const place = (kind: KindOf<'continuity'>, subject: string, at: number) => ({
  ...{ key: conditionKey('continuity', kind, subject), area: 'continuity', kind, subject, at },
  state: 'active' as const,
})

const textOf = (message: Message, parameters: Condition['text']['parameters']): Condition['text'] => ({
  message,
  parameters,
})

function* emergency({ event }: WatchedOutage, { nearPct }: OutageThresholds, at: number): Generator<Condition> {
  const { eventId, chiH, limitH, reachesAt } = event
  if (limitH === null || 100 * chiH < nearPct * limitH) return
  const parameters = { event: eventId, chi: Math.round(chiH), limit: Math.round(limitH) }
  yield {
    ...place('emergency-chi', String(eventId), at),
    ...{ value: chiH, limit: limitH, unit: 'h', priority: chiH >= limitH ? 'high' : 'medium' },
    text: textOf(chiH >= limitH ? 'continuity.emergency-reached' : 'continuity.emergency-near', {
      ...{ ...parameters, ...(reachesAt !== null && { reachesAt }) },
    }),
  }
}

function* criticalDay(watched: WatchedDay, { nearPct }: OutageThresholds, at: number): Generator<Condition> {
  const { conjuntoId, name, day, occurrences, threshold } = watched
  // Where hardly anything ever happens one occurrence is near: the day is then told of once it is critical.
  const isCritical = occurrences > threshold
  if (!isCritical && (occurrences < 2 || 100 * occurrences < nearPct * threshold)) return
  yield {
    ...place('critical-day', conjuntoId, at),
    ...{ value: occurrences, limit: threshold, priority: isCritical ? 'high' : 'medium' },
    text: textOf(isCritical ? 'continuity.critical-day-reached' : 'continuity.critical-day-near', {
      ...{ conjunto: name.slice(0, 200), occurrences, threshold },
    }),
    evidence: { day },
  }
}

const ends = {
  'continuity.outage': 'continuity.supply-restored',
  'continuity.limit-breaks': 'continuity.no-limit-breaks',
  'continuity.priority-out': 'continuity.priority-supplied',
  'continuity.critical-day-near': 'continuity.critical-day-far',
  'continuity.critical-day-reached': 'continuity.critical-day-far',
  'continuity.emergency-near': 'continuity.emergency-far',
  'continuity.emergency-reached': 'continuity.emergency-far',
} as const satisfies Partial<Record<Message, Message>>

/** How a condition is taken back. */
export function normalOf(before: Condition, at: number): Condition {
  const { value: _value, evidence: _evidence, ...condition } = before
  const message = ends[condition.text.message as keyof typeof ends]
  return { ...condition, at, state: 'normal', priority: 'low', text: { ...condition.text, message } }
}
