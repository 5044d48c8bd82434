import { Type } from '@sinclair/typebox'
import { Instant, instantOrNull, Name, Nullable, OneOf, rounded } from '../../../platform/http/fields.ts'
import { voltageClasses } from '../../../platform/regulation/voltage-class.ts'
import { elementKinds } from '../domain/element.ts'
import { breakableLimits } from '../domain/outlook.ts'
import { outageCases } from '../domain/outage-course.ts'
import { priorityServices } from '../domain/restoration-policy.ts'
import { breaksOf } from './live-interruption.ts'
import type { UnitOutlook } from './outage-units.ts'
import type { Outlook, RankedOutage } from './outlook.ts'

const hourMs = 3_600_000
const brl = (description: string) => Type.Number({ description: `${description}, R$` })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const hours = (description: string) => Type.Number({ minimum: 0, description: `${description}, h` })
const tiers = [...priorityServices, 'money'] as const
const standings = [...outageCases, 'uncounted'] as const

/** An outage in its place among all that last. */
export const Outage = Type.Object(
  {
    rank: Type.Integer({ minimum: 1, description: 'Whom to restore first' }),
    interruptionId: Type.Integer({ description: 'The interruption' }),
    eventId: Type.Integer({ description: 'The same for interruptions of one root' }),
    elementKind: OneOf(elementKinds, 'What supply was lost through'),
    elementId: Name('Its name', 'sw-001'),
    feederId: Nullable(Name('The feeder that it is on', 'feeder-01')),
    startedAt: Instant('Since when'),
    unitsOut: count('Units without supply now'),
    customerHours: hours('Customer-hours so far, also of units that have supply again'),
    tier: Nullable(OneOf(tiers, 'Why it stands there; null for whom may not see it')),
    standing: OneOf(standings, 'As what the most of its units count by what is decided so far'),
    restoredAt: Instant('When it will be restored: as estimated, else by the policy'),
    estimatedBy: Nullable(Type.String({ description: 'Who estimated it; null: the policy' })),
    laterAt: Instant('When it would be if it were restored later'),
    avoidedBrl: brl('Saved by restoring it then and not later'),
    costNowBrl: brl('If it ends now'),
    costRestoredBrl: brl('If it ends as estimated'),
    costLaterBrl: brl('If it ends later'),
    unitsWithCost: count('Units that it costs anything if it ends later'),
    pendingUnits: count('Units whose limits or monetary base are not known: no R$ of them is in it'),
    nextBreakAt: Nullable(Instant('When units break a limit next')),
    nextBreakLimit: Nullable(OneOf(breakableLimits, 'Which')),
    nextBreakUnits: count('How many, of one minute'),
    chiH: hours('Customer-hours of the whole event'),
    chiLimitH: Nullable(hours('From where on it is a situation of emergency; null: not known')),
  },
  { $id: 'RankedOutage' },
)

/** @param personal  whether who asks may see whose life depends on supply */
export function shownOutage(one: RankedOutage, { at, policy }: Pick<Outlook, 'at' | 'policy'>, personal: boolean) {
  const { interruptionId, eventId, elementKind, elementId, feederId, startedAt } = one.outage.interruption
  const [next] = breaksOf(one, at).nextBreaks
  const { now, restored, later } = one.asItStands
  return {
    ...{ rank: one.rank, interruptionId, eventId, elementKind, elementId, feederId },
    ...{ startedAt: isoOf(startedAt), unitsOut: one.unitsOut, customerHours: rounded(one.customerHours, 2) },
    ...{ tier: personal ? (policy.tiers[one.tier] ?? 'money') : null, standing: one.standing },
    ...{ restoredAt: isoOf(one.ends.restored), estimatedBy: one.estimatedBy, laterAt: isoOf(one.ends.later) },
    ...{ avoidedBrl: one.avoidedCents / 100, costNowBrl: now / 100, costRestoredBrl: restored / 100 },
    ...{ costLaterBrl: later / 100, unitsWithCost: one.unitsWithCost, pendingUnits: one.pendingUnits },
    ...{ nextBreakAt: next?.at ?? null, nextBreakLimit: next?.limit ?? null, nextBreakUnits: next?.units ?? 0 },
    ...{ chiH: rounded(one.event.chiH, 2), chiLimitH: limitOf(one) },
  }
}

const limitOf = ({ event: { judgement } }: RankedOutage): number | null => judgement && rounded(judgement.limitH, 2)

/** One unit of an outage; flat, so that it is a line of a spreadsheet. */
export const Unit = Type.Object(
  {
    unitId: Name('The consumer unit', 'unit-001'),
    conjuntoId: Nullable(Name('Its conjunto', '12345')),
    since: Instant('Since when it is out'),
    service: Nullable(OneOf(priorityServices, 'What others depend on')),
    standing: OneOf(standings, 'As what its outage counts so far'),
    voltageClass: OneOf(voltageClasses, 'Low, medium, high voltage'),
    vrcBrl: Nullable(brl('Monetary base; null: not known')),
    dicLimitH: Nullable(hours('Limit of DIC; null: not known')),
    ficLimit: Nullable(Type.Number({ description: 'Limit of FIC' })),
    dmicLimitH: Nullable(hours('Limit of DMIC')),
    dicriLimitH: Nullable(hours('Limit of DICRI')),
    diseLimitH: Nullable(hours('Limit of DISE')),
    limitsSource: Nullable(Type.String({ description: 'Where the limits are written' })),
    dicBeforeH: hours('DIC of the month before the outage'),
    ficBefore: count('FIC of the month before the outage'),
    dmicBeforeH: hours('DMIC of the month before the outage'),
    dicBreaksAt: Nullable(Instant('When it breaks DIC if it goes on; null: it does not, or that is broken already')),
    ficBreaksAt: Nullable(Instant('The same of FIC')),
    dmicBreaksAt: Nullable(Instant('The same of DMIC')),
    dicriBreaksAt: Nullable(Instant('The same of DICRI')),
    diseBreaksAt: Nullable(Instant('The same of DISE')),
    costNowBrl: Nullable(brl('If it ends now; null: not known')),
    costRestoredBrl: Nullable(brl('If it ends as estimated')),
    costLaterBrl: Nullable(brl('If it ends later')),
    avoidedBrl: brl('Saved by restoring it as estimated and not later'),
  },
  { $id: 'OutageUnit' },
)

export function shownUnit({ limits, before, breaks, cost, since, avoidedCents, ...unit }: UnitOutlook) {
  return {
    ...{ ...unit, since: isoOf(since), avoidedBrl: avoidedCents / 100 },
    ...{ dicLimitH: limits?.dicH ?? null, ficLimit: limits?.fic ?? null, dmicLimitH: limits?.dmicH ?? null },
    ...{ dicriLimitH: limits?.dicriH ?? null, diseLimitH: limits?.diseH ?? null },
    limitsSource: limits?.source ?? null,
    ...{
      dicBeforeH: rounded(before.dicMs / hourMs),
      ficBefore: before.fic,
      dmicBeforeH: rounded(before.dmicMs / hourMs),
    },
    ...{ dicBreaksAt: instantOrNull(breaks.DIC ?? null), ficBreaksAt: instantOrNull(breaks.FIC ?? null) },
    ...{ dmicBreaksAt: instantOrNull(breaks.DMIC ?? null), dicriBreaksAt: instantOrNull(breaks.DICRI ?? null) },
    diseBreaksAt: instantOrNull(breaks.DISE ?? null),
    ...{ costNowBrl: cost && cost.now / 100, costRestoredBrl: cost && cost.restored / 100 },
    costLaterBrl: cost && cost.later / 100,
  }
}

const isoOf = (instant: number): string => new Date(instant).toISOString()
