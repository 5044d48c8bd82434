import { Type } from '@sinclair/typebox'
import { may } from '../../../platform/access/identity.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { IdentifierParameter, Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { notFound, Problem } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { recordPersonal } from '../../../platform/network/personal-access.ts'
import { Explained } from '../../../platform/regulation/money-fields.ts'
import { explainedSum } from '../domain/explained-cost.ts'
import { outageCases, type OutageCase } from '../domain/outage-course.ts'
import { breakableLimits } from '../domain/outlook.ts'
import { calendarIn } from './civil-calendar.ts'
import { Outage, shownOutage, shownUnit, Unit } from './outage-fields.ts'
import { explainedUnit, unitsOfOutage } from './outage-units.ts'
import type { OutlookKeeper } from './outlook-keeper.ts'
import type { RankedOutage } from './outlook.ts'
import { runningOutlook } from './running-outlook.ts'
import type { UnitProfiles } from './unit-profiles.ts'

const tag = 'outages'
const base = '/api/quality/continuity/outages'
const mostSteps = 500

const rankKeys = new Keyset(Type.Object({ rank: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }) }))
const unitKeys = new Keyset(Type.Object({ unitId: Type.String({ maxLength: 64 }) }))
const params = Type.Object({ interruptionId: Type.Integer({ minimum: 1, examples: [4711] }) })

const brl = (description: string) => Type.Number({ description: `${description}, R$` })
const Step = Type.Object({
  at: Instant('When the first of them does: it has, if the outage ends later'),
  limit: OneOf(breakableLimits, 'Which limit'),
  units: Type.Integer({ description: 'Units that break it in this minute' }),
  brl: brl('What that costs at once'),
})
const Case = Type.Object({
  nowBrl: Explained,
  restoredBrl: Explained,
  laterBrl: Explained,
  steps: Nullable(Type.Array(Step, { description: `The next ${mostSteps} at most; null: they are being found` })),
})
const Greatest = Type.Object({
  unitId: Type.String(),
  avoidedBrl: brl('Saved by restoring it as estimated and not later'),
  later: Nullable(
    Type.Composite([
      Explained,
      Type.Object({
        months: Type.Array(Type.Object({ month: Type.String(), withOutage: Type.Unknown(), without: Type.Unknown() }), {
          description: 'What would be due with the outage in it and what is without, indicator by indicator',
        }),
      }),
    ]),
  ),
})
const Detail = Type.Composite(
  [
    Outage,
    Type.Object({
      at: Instant('Of which moment all this is'),
      cases: Type.Object(
        { ordinary: Case, criticalDay: Case, emergency: Case },
        { description: 'Counted in DIC, FIC and DMIC; if its day is critical; if it is of a situation of emergency' },
      ),
      greatest: Nullable(
        Type.Array(Greatest, {
          description: 'The units with most, with their reasons; null for whom may not see what is personal',
        }),
      ),
    }),
  ],
  { $id: 'OutageOutlook' },
)

/** What outages that last cost, and whom to restore first. */
export const outageRoutes = ({ access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: base,
    operationId: 'listOutages',
    summary: 'Outages that last, in the order in which to restore them',
    description:
      'Safety, life support and essential services first, as the policy says, then by the R$ that restoring now saves against later, jumps at limits and caps included. R$ are by what is decided of each outage so far, of the months that are not over.',
    ...{ tag, right: 'read' as const },
    query: Type.Object({
      feederId: Type.Optional(IdentifierParameter('Those on this feeder', 'feeder-01')),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Outages, the first to restore first', schema: pageOf(Outage) } },
    csv: csvColumnsOf(Outage),
    async handle({ query: { cursor, limit, feederId }, identity }) {
      const { outlook } = running()
      const after = rankKeys.after(cursor)?.rank ?? 0
      const rows = outlook.outages.filter(
        ({ rank, outage }) => rank > after && (!feederId || outage.interruption.feederId === feederId),
      )
      const { items, nextCursor } = rankKeys.page(rows.slice(0, limit + 1), limit, ({ rank }) => ({ rank }))
      const personal = may(identity!, 'personal')
      return { body: { items: items.map((one) => shownOutage(one, outlook, personal)), nextCursor } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${base}/{interruptionId}`,
    operationId: 'getOutage',
    summary: 'What an outage costs by its end and by what it is counted as, and when it breaks limits',
    description: 'Every amount says how it came about; that of all units is their sum, and those with most are named.',
    ...{ tag, right: 'read' as const },
    params,
    answers: { 200: { description: 'The outage', schema: Detail } },
    async handle(request) {
      const keeper = running()
      const one = found(keeper, request.params.interruptionId)
      const { outlook, profiles } = keeper
      const personal = may(request.identity!, 'personal')
      const named = one.greatest.map(({ unitId }) => unitId)
      if (personal) await recordPersonal(access, request, 'personal_read', named)
      return {
        body: {
          ...{ ...shownOutage(one, outlook, personal), at: isoOf(outlook.at) },
          cases: Object.fromEntries(outageCases.map((outageCase) => [outageCase, caseOf(one, outageCase, outlook.at)])),
          greatest: personal ? greatestOf(one, profiles!) : null,
        },
      }
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${base}/{interruptionId}/units`,
    operationId: 'listOutageUnits',
    summary: 'The units of an outage: limits, what the month had come to, when which limit breaks, R$',
    ...{ tag, right: 'personal' as const },
    params,
    query: Type.Object(pageQuery(100, 5_000)),
    answers: { 200: { description: 'Units by their place in the registry', schema: pageOf(Unit) } },
    csv: csvColumnsOf(Unit),
    async handle(request) {
      const { cursor, limit } = request.query
      const keeper = running()
      const { outage, ends } = found(keeper, request.params.interruptionId)
      const rows = unitsOfOutage(outage, keeper.profiles!, ends, unitKeys.after(cursor)?.unitId, limit + 1)
      const { items, nextCursor } = unitKeys.page(rows, limit, ({ unitId }) => ({ unitId }))
      const seen = items.map(({ unitId }) => unitId)
      await recordPersonal(access, request, 'personal_read', seen)
      return { body: { items: items.map(shownUnit), nextCursor } }
    },
  }),
]

/** @throws Problem 503 where nothing has been read yet */
function running(): OutlookKeeper {
  const keeper = runningOutlook()?.outages
  if (!keeper || keeper.outlook.at === 0)
    throw new Problem(503, undefined, {
      detail: 'outages have not been looked at yet',
      headers: { 'Retry-After': '5' },
    })
  return keeper
}

function found({ outlook }: OutlookKeeper, interruptionId: number): RankedOutage {
  const one = outlook.outages.find(({ outage }) => outage.interruption.interruptionId === interruptionId)
  if (!one) throw notFound('outage that lasts', 'path.interruptionId', interruptionId)
  return one
}

function caseOf(one: RankedOutage, outageCase: OutageCase, at: number) {
  const { ends, unitsOut, pendingUnits } = one
  const costs = one.cases[outageCase]
  const month = calendarOfOutage(one).monthOf(ends.now)
  const explained = (of: 'now' | 'restored' | 'later') =>
    explainedSum(costs[of], month, { units: unitsOut, pendingUnits, end: isoOf(ends[of]), countedAs: outageCase })
  const steps = one.steps?.[outageCase].filter((step) => step.at >= at).slice(0, mostSteps)
  return {
    ...{ nowBrl: explained('now'), restoredBrl: explained('restored'), laterBrl: explained('later') },
    steps: steps?.map(({ cents, ...step }) => ({ ...step, at: isoOf(step.at), brl: cents / 100 })) ?? null,
  }
}

const calendarOfOutage = ({ outage: { groups } }: RankedOutage) => groups[0]?.calendar ?? calendarIn('UTC')

function greatestOf({ outage, greatest, ends, standing }: RankedOutage, profiles: UnitProfiles) {
  return greatest.map(({ unitId, avoidedCents }) => {
    const outageCase = standing === 'uncounted' ? 'ordinary' : standing
    const later = explainedUnit(outage, profiles, unitId, outageCase, ends.now, ends.later)
    return { unitId, avoidedBrl: avoidedCents / 100, later }
  })
}

const isoOf = (instant: number): string => new Date(instant).toISOString()
