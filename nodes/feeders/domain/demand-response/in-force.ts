import type { FeederLimit } from '../allocation/problem.ts'
import { endOf, everInForce, isInForce, snapbackSourceOf, sourceOf, type DemandCall } from './call.ts'
import { snapbackAt, snapbackLimitKw, snapbackShedKw } from './snapback.ts'

/** A limit of demand response on a feeder. */
export interface DemandLimit extends FeederLimit {
  readonly feederId: string
  readonly eventId: number
  /** It is of the return after the event. */
  readonly isSnapback: boolean
}

/** What is steered below the feeder takes so much less than it wants. */
export interface ShedCall {
  readonly feederId: string
  readonly eventId: number
  readonly targetShedKw: number
  readonly source: string
  readonly expiresAt: number
  readonly isSnapback: boolean
}

/** A price below the feeder. */
export interface PriceCall {
  readonly feederId: string
  readonly eventId: number
  readonly priceBrlPerKwh: number
  readonly elasticity: number
  readonly source: string
  readonly expiresAt: number
}

/** What demand response asks for at an instant. */
export interface DemandInForce {
  readonly limits: readonly DemandLimit[]
  readonly sheds: readonly ShedCall[]
  readonly prices: readonly PriceCall[]
}

/** A feeder, as far as demand response needs it. */
export interface CalledFeeder {
  readonly feederId: string
  readonly parentFeederId: string | null
  /** Its own limit, or the default, which the return after an event leads to; without one what all DERs at it and below can do, kW. */
  readonly normalKw: number
  /** Whether it has a limit; where it has none, it returns by `normalKw` above that of the event. */
  readonly isLimited: boolean
}

/**
 * What is in force at an instant: all that overlaps, each with its source. Of several limits on one feeder the least holds: the
 * allocation takes the least of all limits, whoever set them.
 * @param at  UTC milliseconds
 */
export function demandInForce(
  calls: readonly DemandCall[],
  feeders: readonly CalledFeeder[],
  at: number,
): DemandInForce {
  const limits: DemandLimit[] = []
  const sheds: ShedCall[] = []
  const prices: PriceCall[] = []
  for (const call of calls) {
    const { action, eventId } = call
    const snapback = snapbackAt(call, at)
    if (!isInForce(call, at) && !snapback) continue
    const said = {
      eventId,
      source: snapback ? snapbackSourceOf(call) : sourceOf(call),
      expiresAt: snapback ? snapback.until : endOf(call),
    }
    const isSnapback = snapback !== undefined
    for (const { feederId, normalKw, isLimited } of calledFeeders(call, feeders)) {
      if (action.mode === 'limit') {
        const towardsKw = isLimited ? normalKw : action.limitKw + normalKw
        const limitKw = snapback ? snapbackLimitKw(action.limitKw, towardsKw, snapback) : action.limitKw
        limits.push({ feederId, line: 'total', direction: action.direction, limitKw, isSnapback, ...said })
      } else if (action.mode === 'shed') {
        const targetShedKw = snapback ? snapbackShedKw(action.targetShedKw, snapback) : action.targetShedKw
        sheds.push({ feederId, targetShedKw, isSnapback, ...said })
      } else if (!snapback) {
        const { priceBrlPerKwh, elasticity } = action
        prices.push({ feederId, priceBrlPerKwh, elasticity, ...said })
      }
    }
  }
  return { limits, sheds, prices }
}

/** The feeders that a call is on: the one it names, or each root. */
export const calledFeeders = (
  { feederId }: Pick<DemandCall, 'feederId'>,
  feeders: readonly CalledFeeder[],
): readonly CalledFeeder[] =>
  feeders.filter((feeder) => (feederId === null ? feeder.parentFeederId === null : feeder.feederId === feederId))

/**
 * When what is in force changes next by these calls: a beginning, an end, a step of a return.
 * @param at  UTC milliseconds
 * @returns null: never
 */
export function nextChangeAfter(calls: readonly DemandCall[], at: number): number | null {
  const next = Math.min(
    ...calls.flatMap((call) => {
      if (!everInForce(call)) return []
      if (at < call.startsAt) return [call.startsAt]
      const end = endOf(call)
      if (at < end) return [end]
      const step = call.action.mode === 'price' ? undefined : snapbackAt(call, at)
      return step ? [step.until] : []
    }),
  )
  return next === Infinity ? null : next
}
