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

/** What was said last, by key: keep it from one time to the next. */
export type Said = ReadonlyMap<string, Condition>

/**
 * What holds now that was not said before, and what was said and holds no more. It is said again where more units are concerned.
 * @param before  what was said last
 * @param at      UTC milliseconds
 */
export function outageConditions(
  outages: readonly WatchedOutage[],
  days: readonly WatchedDay[],
  thresholds: OutageThresholds,
  before: Said,
  at: number,
): { readonly conditions: readonly Condition[]; readonly said: Said } {
  const events = new Map(outages.map((outage) => [outage.event.eventId, outage]))
  const holding = [
    ...outages.flatMap((outage) => [...breaking(outage, thresholds, at), ...priority(outage, at)]),
    ...[...events.values()].flatMap((outage) => [...emergency(outage, thresholds, at)]),
    ...days.flatMap((day) => [...criticalDay(day, thresholds, at)]),
  ]
  const begun = holding.filter((condition) => isNews(condition, before.get(condition.key)))
  const said = new Map(holding.map(({ key }) => [key, before.get(key)!]))
  for (const condition of begun) said.set(condition.key, condition)
  const ended = [...before.values()].filter(({ key }) => !said.has(key)).map((condition) => normalOf(condition, at))
  return { conditions: [...ended, ...begun], said }
}

const isNews = (condition: Condition, before: Condition | undefined): boolean =>
  !before || before.text.message !== condition.text.message || (condition.value ?? 0) > (before.value ?? 0) * growth

/** Said again once so many times as much holds: what grows all the time is not said all the time. */
const growth = 1.1

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
      ...ofOutage(outage, `${limit.toLowerCase()}-breaks`, at),
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
  kind: string,
  at: number,
) => ({
  ...place(kind, String(interruptionId), at),
  ...(feederId !== null && { feederId }),
})

const place = (kind: string, subject: string, at: number) => ({
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
  'continuity.limit-breaks': 'continuity.no-limit-breaks',
  'continuity.priority-out': 'continuity.priority-supplied',
  'continuity.critical-day-near': 'continuity.critical-day-far',
  'continuity.critical-day-reached': 'continuity.critical-day-far',
  'continuity.emergency-near': 'continuity.emergency-far',
  'continuity.emergency-reached': 'continuity.emergency-far',
} as const satisfies Partial<Record<Message, Message>>

function normalOf(before: Condition, at: number): Condition {
  const { value: _value, evidence: _evidence, ...condition } = before
  const message = ends[condition.text.message as keyof typeof ends]
  return { ...condition, at, state: 'normal', priority: 'low', text: { ...condition.text, message } }
}
