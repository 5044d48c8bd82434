import { instantOrNull, rounded } from '../../../platform/http/fields.ts'
import type { LiveInterruption } from '../../../platform/wire/live.ts'
import { breakableLimits } from '../domain/outlook.ts'
import type { CostByEnd } from './outage-money.ts'
import type { ListedInterruption } from './outage-repository.ts'
import type { EndedInterruption, Outlook, RankedOutage } from './outlook.ts'

/** Next breaks that are shown. */
const mostBreaks = 8

/** An interruption that lasts, as the live stream shows it. */
export function liveOutage(one: RankedOutage, { at, policy }: Pick<Outlook, 'at' | 'policy'>): LiveInterruption {
  const { outage, ends, cases, event, services } = one
  const { safety, life_support, essential } = services
  return {
    ...listed(outage.interruption),
    ...{ unitsOut: one.unitsOut, customerHours: rounded(one.customerHours, 2) },
    outlook: {
      ...{ at: isoOf(at), rank: one.rank, tier: policy.tiers[one.tier] ?? 'money' },
      ...{ services: { safety, life_support, essential }, standing: one.standing, estimatedBy: one.estimatedBy },
      ...{ restoredAt: isoOf(ends.restored), laterAt: isoOf(ends.later), avoidedBrl: one.avoidedCents / 100 },
      costs: {
        ordinary: costsOf(cases.ordinary),
        criticalDay: costsOf(cases.criticalDay),
        emergency: costsOf(cases.emergency),
      },
      pendingUnits: one.pendingUnits,
      ...breaksOf(one, at),
      event: {
        ...{ chiH: rounded(event.chiH, 2), limitH: event.judgement && rounded(event.judgement.limitH, 2) },
        ...{ reached: event.judgement?.reached ?? false, reachesAt: instantOrNull(event.reachesAt) },
      },
    },
  }
}

/** One that has ended. */
export const liveEnded = (one: EndedInterruption): LiveInterruption => ({
  ...{ ...listed(one), unitsOut: 0, customerHours: rounded(one.customerHours, 2), outlook: null },
})

/** Limits that are broken, and those that break next, as the outage stands. */
export function breaksOf({ standing, steps }: Pick<RankedOutage, 'standing' | 'steps'>, at: number) {
  const own = standing === 'uncounted' ? [] : (steps?.[standing] ?? [])
  const past = own.filter((step) => step.at < at)
  const broken = breakableLimits.flatMap((limit) => {
    const units = past.reduce((sum, step) => sum + (step.limit === limit ? step.units : 0), 0)
    return units > 0 ? [[limit, units] as const] : []
  })
  const next = own.slice(past.length, past.length + mostBreaks)
  return {
    broken: Object.fromEntries(broken),
    nextBreaks: next.map(({ cents, ...step }) => ({ ...step, at: isoOf(step.at), brl: cents / 100 })),
  }
}

const listed = (interruption: ListedInterruption) => {
  const { interruptionId, eventId, elementKind, elementId, feederId, cause, origin, programmed, units } = interruption
  return {
    ...{ interruptionId, eventId, elementKind, elementId, feederId, cause, origin, programmed, units },
    ...{ startedAt: isoOf(interruption.startedAt), endedAt: instantOrNull(interruption.endedAt) },
  }
}

const costsOf = ({ now, restored, later }: CostByEnd) => ({
  ...{ nowBrl: now / 100, restoredBrl: restored / 100, laterBrl: later / 100 },
})

const isoOf = (instant: number): string => new Date(instant).toISOString()
