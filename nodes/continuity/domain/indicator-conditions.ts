import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import type { ConditionMessage } from '../../../platform/wire/condition-text.ts'
import type { LimitUse } from './ranking.ts'

/** A unit's month, as it stands to its limits. */
export interface UnitStanding {
  readonly unitId: string
  readonly feederId: string | null
  /** `YYYY-MM`. */
  readonly month: string
  readonly violated: readonly string[]
  readonly compensationBrl: number | null
  /** UTC milliseconds. */
  readonly at: number
}

/** What is said of a unit that is above a limit of the month, or is so no more. */
export function unitCondition({ unitId, feederId, month, violated, compensationBrl, at }: UnitStanding): Condition {
  const active = violated.length > 0
  const message: ConditionMessage = active ? 'continuity.unit-above-limit' : 'continuity.unit-within-limits'
  return {
    ...{
      key: conditionKey('continuity', 'unit-limit', unitId),
      area: 'continuity',
      kind: 'unit-limit',
      subject: unitId,
    },
    ...{ unitId, at, state: active ? 'active' : 'normal', priority: 'medium' },
    ...(feederId !== null && { feederId }),
    text: {
      message,
      parameters: {
        ...{ month, indicators: violated.join(', ') },
        ...(compensationBrl !== null && { dueBrl: compensationBrl }),
      },
    },
  }
}

/** A conjunto's year so far, as it stands to its limits. */
export interface ConjuntoStanding extends Pick<LimitUse, 'decShare' | 'fecShare'> {
  readonly conjuntoId: string
  readonly year: number
}

/** What was said last of each limit of a conjunto: keep it from one time to the next. */
export type SaidOfConjunto = Readonly<Partial<Record<'dec' | 'fec', Message>>>
type Message = Extract<ConditionMessage, `continuity.conjunto-${string}`>

/** So far what is used must fall below the threshold before it is said to hold again, of 1. */
const deadBand = 0.02

/**
 * What is to be said of a conjunto that was not said before. With nothing remembered, as after a restart, all is said, what is
 * normal too.
 * @param raiseShare  from where on of a yearly limit it is worth saying, of 1
 * @param at          UTC milliseconds
 */
export function conjuntoConditions(
  standing: ConjuntoStanding,
  before: SaidOfConjunto,
  raiseShare: number,
  at: number,
): { readonly conditions: readonly Condition[]; readonly said: SaidOfConjunto } {
  const conditions: Condition[] = []
  const said: Partial<Record<'dec' | 'fec', Message>> = {}
  for (const name of ['dec', 'fec'] as const) {
    const share = standing[`${name}Share`]
    const message = messageOf(share, before[name], raiseShare)
    said[name] = message
    if (message !== before[name]) conditions.push(conjuntoCondition(name, message, share, standing, at))
  }
  return { conditions, said }
}

/** What is said of a conjunto of whose year nothing is known: what stands is taken back. */
export const conjuntoGone = (standing: Condition, at: number): Condition => ({
  ...standing,
  ...{ at, state: 'normal', priority: 'low' },
  text: { ...standing.text, message: 'continuity.conjunto-limit-holds' satisfies Message },
})

function messageOf(share: number | null, before: Message | undefined, raiseShare: number): Message {
  if (share === null) return 'continuity.conjunto-limit-holds'
  if (share > 1) return 'continuity.conjunto-above-limit'
  const wasRaised = before !== undefined && before !== 'continuity.conjunto-limit-holds'
  return share >= raiseShare - (wasRaised ? deadBand : 0)
    ? 'continuity.conjunto-limit-used'
    : 'continuity.conjunto-limit-holds'
}

const priorities = {
  'continuity.conjunto-above-limit': 'high',
  'continuity.conjunto-limit-used': 'medium',
  'continuity.conjunto-limit-holds': 'low',
} as const satisfies Record<Message, Condition['priority']>

const conjuntoCondition = (
  name: 'dec' | 'fec',
  message: Message,
  share: number | null,
  { conjuntoId, year }: ConjuntoStanding,
  at: number,
): Condition => ({
  ...{
    key: conditionKey('continuity', `${name}-limit` as const, conjuntoId),
    area: 'continuity',
    kind: `${name}-limit`,
  },
  ...{ subject: conjuntoId, at, state: message === 'continuity.conjunto-limit-holds' ? 'normal' : 'active' },
  priority: priorities[message],
  text: { message, parameters: { indicator: name.toUpperCase(), year: String(year), usedPct: 100 * (share ?? 0) } },
})
