import type { ConditionMessage } from '../wire/condition-text.ts'
import type { KindOf } from '../wire/condition-kinds.ts'
import { conditionKey, type Condition } from '../wire/condition.ts'

/** A part that the platform needs and does not have. `sinceAt`: UTC milliseconds. */
export interface LostPart {
  readonly sinceAt: number
  readonly detail: string
}

/** How full a disk is, in bytes; `available` to who runs the platform. */
export interface DiskUse {
  readonly total: number
  readonly available: number
}

export const brokerLost = ({ sinceAt, detail }: LostPart): Condition => ({
  ...of('broker-lost', 'broker', sinceAt, 'high'),
  text: text('platform.broker-lost', { sinceAt, detail: detail.slice(0, 200) }),
})

/** It can be said when it is over only: that it began, and that it ended. */
export function databaseWasLost({ sinceAt, detail }: LostPart, until: number): readonly Condition[] {
  const lost: Condition = {
    ...of('database-lost', 'database', sinceAt, 'high'),
    ...{ value: minutes(until - sinceAt), unit: 'min' },
    text: text('platform.database-lost', { sinceAt, detail: detail.slice(0, 200) }),
  }
  const back = text('platform.database-back', { minutes: minutes(until - sinceAt) })
  return [lost, { ...lost, at: Math.max(until, sinceAt + 1), state: 'normal', priority: 'low', text: back }]
}

/** From where on a disk is nearly full, and below where it is no more, %. */
const nearlyFullPct = { raise: 85, clear: 83 }

/** What is to be said of a disk. @param was  it was nearly full before */
export function diskNearlyFull(place: string, use: DiskUse, was: boolean, now: number): Condition | undefined {
  const usedPct = 100 * (1 - use.available / use.total)
  if (usedPct < (was ? nearlyFullPct.clear : nearlyFullPct.raise)) return undefined
  return {
    ...of('disk-nearly-full', place, now, 'medium'),
    ...{ value: tenth(usedPct), limit: nearlyFullPct.raise, unit: '%' },
    text: text('platform.disk-nearly-full', { place, usedPct, freeGb: tenth(use.available / 1e9) }),
  }
}

const ends: Readonly<Record<KindOf<'platform'>, Message>> = {
  'broker-lost': 'platform.broker-back',
  'database-lost': 'platform.database-back',
  'disk-nearly-full': 'platform.disk-has-room',
}

/** How a condition of the platform is taken back. */
export function platformNormal(said: Condition, at: number): Condition {
  const { value: _value, ...condition } = said
  const lasted = { minutes: minutes(Math.max(0, at - said.at)) }
  const message = ends[said.kind as KindOf<'platform'>]
  const parameters = { ...said.text.parameters, ...lasted }
  return { ...condition, at, state: 'normal', priority: 'low', text: { message, parameters } }
}

type Message = Extract<ConditionMessage, `platform.${string}`>

const of = (kind: KindOf<'platform'>, subject: string, at: number, priority: Condition['priority']) => ({
  ...{ key: conditionKey('platform', kind, subject), area: 'platform', kind, subject },
  ...{ state: 'active' as const, at: Math.round(at), priority },
})

const text = (message: Message, parameters: Condition['text']['parameters']): Condition['text'] => ({
  message,
  parameters,
})

const tenth = (value: number): number => Math.round(10 * value) / 10
const minutes = (ms: number): number => tenth(ms / 60_000)
