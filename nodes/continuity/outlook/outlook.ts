import { defaultPolicy, type RestorationPolicy } from '../domain/restoration-policy.ts'
import type { ChiJudgement } from '../domain/emergency-situation.ts'
import type { OutageOutlook } from './outage-money.ts'
import type { CustomerTime, ListedInterruption } from './outage-repository.ts'

/** An outage that lasts, in its place among all. */
export interface RankedOutage extends OutageOutlook {
  /** From 1. */
  readonly rank: number
  /** The tier of the policy that it is of; the number of tiers: by money alone. */
  readonly tier: number
  /** Who said when it will be restored; null: the policy. */
  readonly estimatedBy: string | null
  /** So far, also of units that have supply again. */
  readonly customerHours: number
  readonly event: EventChi
}

/** The customer-hours of an event so far, against what they must reach for a situation of emergency. */
export interface EventChi {
  readonly eventId: number
  readonly chiH: number
  /** Null where the distributor's units are not known. */
  readonly judgement: ChiJudgement | null
  /** When it reaches the limit if those that are out stay so; null where it has, or never will. UTC milliseconds. */
  readonly reachesAt: number | null
}

/** What outages that last cost, and whom to restore first. */
export interface Outlook {
  /** UTC milliseconds. */
  readonly at: number
  readonly policy: RestorationPolicy
  /** How long it took from looking at the database to this list, ms of the machine. */
  readonly tookMs: number
  /** The first ones first. */
  readonly outages: readonly RankedOutage[]
  /** Interruptions that ended lately. */
  readonly ended: readonly EndedInterruption[]
  readonly unitsOutByConjunto: ReadonlyMap<string, number>
}

export interface EndedInterruption extends ListedInterruption {
  readonly endedAt: number
  readonly customerHours: number
}

export const emptyOutlook: Outlook = {
  at: 0,
  policy: defaultPolicy,
  tookMs: 0,
  outages: [],
  ended: [],
  unitsOutByConjunto: new Map(),
}

const hourMs = 3_600_000

export const customerHoursOf = (time: CustomerTime | undefined, now: number): number =>
  time ? (time.endedMs + time.open * now - time.openFromSum) / hourMs : 0
