import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import type { ConditionMessage } from '../../../platform/wire/condition-text.ts'
import type { Forecast, LimitForecast } from './forecast.ts'

/** From where on a forecast is worth an alarm, and below where it is none any more: the gap between is the dead band. */
export interface ConditionThresholds {
  /** Share of the budget that is used, %. */
  readonly usedPct: { readonly raise: number; readonly clear: number }
  /** That the limit breaks, %. */
  readonly probabilityPct: { readonly raise: number; readonly clear: number }
}

/** So far it must fall before what was raised is cleared; of what is raised early, half. */
const deadBandsPct = { used: 10, probability: 15 }

/** @param raised  from where on each is raised, % */
export function thresholdsFrom(raised: {
  readonly usedPct: number
  readonly probabilityPct: number
}): ConditionThresholds {
  const threshold = (raise: number, deadBand: number) => ({ raise, clear: raise - Math.min(deadBand, raise / 2) })
  return {
    usedPct: threshold(raised.usedPct, deadBandsPct.used),
    probabilityPct: threshold(raised.probabilityPct, deadBandsPct.probability),
  }
}

/** What a measurement is of. */
export interface MeasuredUnit {
  readonly unitId: string
  readonly feederId?: string
  readonly measurementId: number
}

type Message = Extract<ConditionMessage, `voltage.${string}`>

/** What was said last of each limit: keep it from one forecast to the next. */
export type Said = Readonly<Partial<Record<'drp' | 'drc', Message>>>

/**
 * What a forecast says that was not said before. With nothing remembered, at the first forecast and after a restart, all is said, what is
 * normal too: it takes back what may have been said before.
 * @param before  what was said last
 * @param at      instant of the forecast, UTC milliseconds
 */
export function voltageConditions(
  forecast: Forecast,
  unit: MeasuredUnit,
  before: Said,
  thresholds: ConditionThresholds,
  at: number,
): { readonly conditions: readonly Condition[]; readonly said: Said } {
  const conditions: Condition[] = []
  const said: Partial<Record<'drp' | 'drc', Message>> = {}
  for (const name of ['drp', 'drc'] as const) {
    const message = messageOf(forecast[name], before[name], thresholds)
    said[name] = message
    if (message === before[name]) continue
    conditions.push(conditionOf(name, message, forecast, unit, at))
  }
  return { conditions, said }
}

/** A measurement that came to no end says nothing any more: what it had said is taken back. */
export function withdrawn(forecast: Forecast, unit: MeasuredUnit, before: Said, at: number): readonly Condition[] {
  return (['drp', 'drc'] as const).flatMap((name) =>
    before[name] === 'voltage.limit-holds' ? [] : [conditionOf(name, 'voltage.limit-holds', forecast, unit, at)],
  )
}

/** What is said of a unit that is measured no more, nor ever was as far as is known: what stands is taken back. */
export const withoutMeasurement = (standing: Condition, at: number): Condition => ({
  ...standing,
  ...{ at, state: 'normal', priority: 'low' },
  text: { ...standing.text, message: 'voltage.limit-holds' satisfies Message },
})

function messageOf(limit: LimitForecast, before: Message | undefined, thresholds: ConditionThresholds): Message {
  if (limit.brokenAt !== null) return 'voltage.limit-broken'
  const passes = ({ raise, clear }: { raise: number; clear: number }, value: number, was: boolean): boolean =>
    value >= (was ? clear : raise)
  if (limit.breaks && passes(thresholds.probabilityPct, 100 * limit.probability, before === 'voltage.limit-at-risk'))
    return 'voltage.limit-at-risk'
  // What can break no more is no risk, however much of it is used.
  if (limit.probability > 0 && passes(thresholds.usedPct, usedPctOf(limit), isRaised(before)))
    return 'voltage.budget-used'
  return 'voltage.limit-holds'
}

const isRaised = (message: Message | undefined): boolean => message !== undefined && message !== 'voltage.limit-holds'

const usedPctOf = ({ used, budget }: LimitForecast): number => (100 * used) / budget

const priorities = {
  'voltage.limit-broken': 'high',
  'voltage.limit-at-risk': 'medium',
  'voltage.budget-used': 'low',
  'voltage.limit-holds': 'low',
} as const satisfies Record<Message, Condition['priority']>

function conditionOf(
  name: 'drp' | 'drc',
  message: Message,
  forecast: Forecast,
  { unitId, feederId, measurementId }: MeasuredUnit,
  at: number,
): Condition {
  const limit = forecast[name]
  const kind = `${name}-budget` as const
  const { breaks, brokenAt, probability, used, budget } = limit
  return {
    ...{ key: conditionKey('voltage', kind, unitId), area: 'voltage', kind, subject: unitId, unitId, at },
    ...(feederId !== undefined && { feederId }),
    state: message === 'voltage.limit-holds' ? 'normal' : 'active',
    ...{ value: used, limit: budget, unit: 'windows', priority: priorities[message] },
    text: {
      message,
      parameters: {
        indicator: name.toUpperCase(),
        usedPct: usedPctOf(limit),
        probabilityPct: 100 * probability,
        ...(breaks && { medianAt: breaks.medianAt, withinMs: (breaks.untilAt - breaks.fromAt) / 2 }),
        ...(brokenAt !== null && { brokenAt }),
        ...(forecast.compensation && { expectedBrl: forecast.compensation.amountBrl }),
      },
    },
    evidence: {
      ...{ measurementId, valid: forecast.valid, remaining: forecast.remaining, usedByPhase: limit.usedByPhase },
      ...{ probability, breaks, brokenAt, expectedUsed: limit.expectedUsed, compensation: forecast.compensation },
    },
  }
}
