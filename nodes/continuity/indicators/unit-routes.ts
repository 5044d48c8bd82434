import { Type } from '@sinclair/typebox'
import { may } from '../../../platform/access/identity.ts'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { IdentifierParameter, Instant, instantOrNull, Name, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { recordPersonal } from '../../../platform/network/personal-access.ts'
import type { ExplainedMoney } from '../../../platform/regulation/money.ts'
import { Explained } from '../../../platform/regulation/money-fields.ts'
import type { EventDuration } from '../domain/individual.ts'
import {
  conjunto,
  count,
  hours,
  hoursOf,
  interruption,
  Month,
  MonthParameter,
  parcel,
  reasons,
  violated,
} from './indicator-fields.ts'
import { rankedUnitMonths, unitRanks, type StoredUnitMonth, type UnitRank } from './ranked-unit-repository.ts'
import { unitAccount, type UnitAccount } from './unit-account.ts'

const unitId = Name('The consumer unit', 'unit-001')
const brl = (description: string) => Nullable(Type.Number({ description: `${description}, R$` }))
const Event = Type.Object({ interruptionId: interruption, durationH: hours('How long it was') })
const longest = (name: string) => Type.Number({ description: `Longest event of ${name}, h; 0: none` })

const RankedUnit = Type.Object(
  {
    ...{ unitId, conjuntoId: conjunto, month: Month, dicH: hours('DIC'), fic: count('FIC'), dmicH: hours('DMIC') },
    ...{ dicriH: longest('DICRI'), diseH: longest('DISE'), violated },
    compensationBrl: brl('What is due; null: it cannot be said yet, or nothing was interrupted'),
    pending: Nullable(Type.String({ description: 'What is missing for it' })),
    lasts: Type.Boolean({ description: 'An interruption lasts: figures grow' }),
    asOf: Instant('Until when what lasts is counted'),
  },
  { $id: 'ContinuityUnit' },
)

/** For those who may see what single units are charged; null for others. */
const explanation = Nullable(Explained)

const Account = Type.Object(
  {
    ...{ unitId, conjuntoId: conjunto, month: Month, dicH: hours('DIC'), fic: count('FIC'), dmicH: hours('DMIC') },
    dicri: Type.Array(Event, { description: 'DICRI, by event of a critical day' }),
    dise: Type.Array(Event, { description: 'DISE, by event of a situation of emergency' }),
    violated,
    limits: Nullable(
      Type.Object({
        ...{ dicH: hours('Of DIC'), fic: Type.Number({ description: 'Of FIC' }), dmicH: hours('Of DMIC') },
        dicriH: Nullable(hours('Of one event of DICRI; null: there is none')),
        diseH: Nullable(hours('Of one event of DISE; null: there is none')),
        source: Type.String({ description: 'Where they are written, and how sure that is' }),
      }),
    ),
    compensation: Nullable(
      Type.Object({
        amountBrl: Type.Number({ description: 'What is due, truncated to cents, R$' }),
        explained: explanation,
        items: Type.Array(
          Type.Object({
            indicator: Type.String({ description: 'Of which the limit is violated' }),
            interruptionId: Type.Optional(interruption),
            paid: Type.Boolean({ description: 'Of DIC, FIC and DMIC only the greatest is' }),
            amountBrl: Type.Number({ description: 'R$' }),
            explained: explanation,
          }),
        ),
      }),
    ),
    pending: Nullable(Type.String({ description: 'What is missing for compensation' })),
    lasts: Type.Boolean({ description: 'An interruption lasts: figures grow' }),
    asOf: Instant('Until when what lasts is counted'),
    parts: Type.Array(
      Type.Object({
        interruptionId: interruption,
        eventId: Type.Integer({ description: 'Interruptions of one root have the same' }),
        from: Instant('When the unit lost supply'),
        until: Nullable(Instant('When it had it again; null: it lasts')),
        parcel: Nullable(parcel),
        durationH: hours('What counts of it in the month'),
        counts: Type.Boolean({ description: 'It is an occurrence of the month' }),
        announced: Type.Boolean({ description: 'Programmed and announced: not in DMIC (item 179)' }),
        onCriticalDay: Type.Boolean(),
        exclusions: reasons,
      }),
      {
        description:
          'Outages that touch the month; a parcel of null: it is shorter than three minutes, of another month, or nobody’s but the user’s own',
      },
    ),
  },
  { $id: 'ContinuityUnitMonth' },
)

const rankKeys = new Keyset(
  Type.Object({ rank: OneOf(unitRanks, ''), value: Type.Number(), unitId: Type.String({ maxLength: 200 }) }),
)
const tag = 'continuity'

/** What interruptions come to for units. */
export const continuityUnitRoutes = ({ access, database, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)
  const presentMonth = (): string => days.dayOf(platformClock.now()).slice(0, 7)
  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/continuity/units',
      operationId: 'listContinuityUnits',
      summary: 'Units with interruptions in a month, the worst first',
      description: 'What lasts is counted at least once a minute.',
      ...{ tag, right: 'read' },
      query: Type.Object({
        month: Type.Optional(MonthParameter),
        conjuntoId: Type.Optional(IdentifierParameter('Those of this conjunto', '12345')),
        violated: Type.Optional(
          Type.Boolean({ description: 'Those above one of their limits; false: those above none' }),
        ),
        rank: Type.Unsafe<UnitRank>(
          Type.String({ enum: [...unitRanks], default: 'dic', description: 'By what, the greatest first' }),
        ),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Units, the worst first', schema: pageOf(RankedUnit) } },
      csv: csvColumnsOf(RankedUnit),
      async handle({ query: { month = presentMonth(), rank, cursor, limit, ...filter } }) {
        const after = rankKeys.after(cursor)
        if (after && after.rank !== rank) throw badField('query.cursor', cursor, `is of a list by ${after.rank}`)
        const rows = await rankedUnitMonths(database, month, rank, filter, { after, limit: limit + 1 })
        const { items, nextCursor } = rankKeys.page(rows, limit, ({ value, unitId }) => ({ rank, value, unitId }))
        return { body: { items: items.map(shownUnit), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/continuity/units/{unitId}',
      operationId: 'getContinuityUnit',
      summary: 'A month of a unit as of now, with each interruption that it is made up of',
      ...{ tag, right: 'read' },
      params: Type.Object({ unitId: IdentifierParameter('The consumer unit', 'unit-001') }),
      query: Type.Object({ month: Type.Optional(MonthParameter) }),
      answers: { 200: { description: 'The month', schema: Account } },
      async handle(request) {
        const { unitId } = request.params
        const { month = presentMonth() } = request.query
        const now = platformClock.now()
        const account = await unitAccount(database, unitId, month, now)
        if (!account) throw notFound('unit', 'path.unitId', unitId)
        const seesCharges = may(request.identity, 'personal')
        // The monetary base among the inputs tells of consumption.
        if (seesCharges && account.compensation) await recordPersonal(access, request, 'consumption_read', [unitId])
        return { body: shownAccount(account, now, seesCharges) }
      },
    }),
  ]
}

const longestOf = (events: readonly EventDuration[]): number =>
  hoursOf(events.reduce((most, { ms }) => Math.max(most, ms), 0))
const shownEvents = (events: readonly EventDuration[]) =>
  events.map(({ interruptionId, ms }) => ({ interruptionId, durationH: hoursOf(ms) }))

const shownUnit = ({ unitId, conjuntoId, month, dicMs, fic, dmicMs, dicri, dise, ...unit }: StoredUnitMonth) => ({
  ...{ unitId, conjuntoId, month, dicH: hoursOf(dicMs), fic, dmicH: hoursOf(dmicMs) },
  ...{ dicriH: longestOf(dicri), diseH: longestOf(dise), violated: unit.violated },
  ...{ compensationBrl: unit.compensationBrl, pending: unit.pending, lasts: unit.lasts },
  asOf: new Date(unit.computedAt).toISOString(),
})

/** @param seesCharges  whether who asks may see what single units are charged */
function shownAccount(account: UnitAccount, now: number, seesCharges: boolean) {
  const { unitId, conjuntoId, month, dicMs, fic, dmicMs, dicri, dise, violated, limits, compensation, pending } =
    account
  return {
    ...{ unitId, conjuntoId, month, dicH: hoursOf(dicMs), fic, dmicH: hoursOf(dmicMs), violated, limits, pending },
    ...{ dicri: shownEvents(dicri), dise: shownEvents(dise), lasts: account.lasts, asOf: new Date(now).toISOString() },
    compensation: compensation && {
      amountBrl: compensation.amountBrl,
      explained: seesCharges ? explained(compensation) : null,
      items: compensation.items.map(({ indicator, interruptionId, paid, money }) => ({
        ...{ indicator, paid, amountBrl: money.amountBrl, explained: seesCharges ? money : null },
        ...(interruptionId === undefined ? {} : { interruptionId }),
      })),
    },
    parts: account.parts.map(({ from, until, durationMs, ...part }) => ({
      ...part,
      ...{ from: new Date(from).toISOString(), until: instantOrNull(until), durationH: hoursOf(durationMs) },
    })),
  }
}

const explained = ({ amountBrl, exactBrl, formula, inputs, rule }: ExplainedMoney) => ({
  ...{ amountBrl, exactBrl, formula, inputs, rule },
})
