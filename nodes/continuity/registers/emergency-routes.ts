import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import {
  IdentifierParameter,
  Instant,
  InstantParameter,
  Nullable,
  OneOf,
  rounded,
  roundedOrNull,
} from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { conflict, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { month } from './columns.ts'
import { listSituations } from './emergency-repository.ts'
import { emergencyServiceMonths } from './emergency-services.ts'
import { eventChi } from './emergency-situations.ts'

const tag = 'continuity registers'
const base = '/api/quality/continuity'

const minutes = (description: string) =>
  Nullable(Type.Number({ description: `${description}, minutes; null: of no service` }))
const count = (description: string) => Type.Integer({ minimum: 0, description })
const Service = Type.Object(
  {
    conjuntoId: Type.String(),
    month: Type.String(),
    tmpMin: minutes('TMP, mean from opening to dispatch'),
    tmdMin: minutes('TMD, mean from dispatch to arrival'),
    tmeMin: minutes('TME, mean from arrival to close'),
    tmaeMin: minutes('TMAE, their sum'),
    numOcorr: count('Emergency occurrences that were opened in the month'),
    nie: count('Of these, those with an interruption'),
    served: count('Of these, those whose four instants are known: the means are of them'),
    ndiacri: count('Critical days'),
  },
  { $id: 'EmergencyServiceMonth' },
)
const Situation = Type.Object(
  {
    situationId: Type.String(),
    basis: OneOf(['decree', 'chi'], 'A decree, or the customer-hours of its event'),
    decree: Nullable(Type.String()),
    conjuntoIds: Type.Array(Type.String()),
    municipalityCodes: Type.Array(Type.Integer(), { description: 'Codes of IBGE' }),
    startsAt: Instant('Its beginning'),
    endsAt: Instant('Its end'),
    description: Type.String(),
    evidence: Type.String(),
    approvalId: Type.Integer({ description: 'The approval by which two persons decided' }),
  },
  { $id: 'EmergencySituation' },
)
const Chi = Type.Object(
  {
    eventId: Type.Integer(),
    startedAt: Instant('Beginning of its first outage'),
    lasts: Type.Boolean({ description: 'Whether units are out still' }),
    units: count('Units that were out in it'),
    chiH: Type.Number({ description: 'Customer-hours interrupted (CHI) so far' }),
    limitH: Type.Number({
      description: '2,612 × N^0.35: from so many on it is a situation of emergency without a decree',
    }),
    reached: Type.Boolean(),
    distributorUnits: count('N: units of the distributor'),
    unitsMonth: Type.String({ description: 'The month that N is of' }),
    rule: Type.Object({ validFrom: Type.String(), source: Type.String() }),
  },
  { $id: 'EventCustomerHours' },
)
const keys = new Keyset(Type.Object({ situationId: Type.String() }))

/** Emergency service by month, situations of emergency, and what an event's customer-hours make of it. */
export const emergencyRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: `${base}/emergency-service`,
    operationId: 'listEmergencyService',
    summary: 'TMP, TMD, TME, NumOcorr, NIE and NDIACRI of a month',
    description:
      'Of all conjuntos, or of one. An occurrence is of the month in which it was opened, in the zone of its conjunto.',
    ...{ tag, right: 'read' },
    query: Type.Object({
      month: month('The month').schema,
      conjuntoId: Type.Optional(IdentifierParameter('The conjunto', '12345')),
    }),
    answers: { 200: { description: 'By conjunto', schema: Type.Object({ items: Type.Array(Service) }) } },
    csv: csvColumnsOf(Service),
    async handle({ query }) {
      const wanted = query.month as string
      const ids = query.conjuntoId === undefined ? undefined : [query.conjuntoId]
      const months = await emergencyServiceMonths(database, { month: wanted, conjuntoIds: ids })
      const items = months.map(({ conjuntoId, tmpMin, tmdMin, tmeMin, tmaeMin, ...counts }) => ({
        ...{ conjuntoId, month: wanted, tmpMin: roundedOrNull(tmpMin), tmdMin: roundedOrNull(tmdMin) },
        ...{ tmeMin: roundedOrNull(tmeMin), tmaeMin: roundedOrNull(tmaeMin), ...counts },
      }))
      return { body: { items } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${base}/emergency-situations`,
    operationId: 'listEmergencySituations',
    summary: 'Situations of emergency, once two persons have said so',
    ...{ tag, right: 'read' },
    query: Type.Object({
      from: Type.Optional(InstantParameter('Those that ended after')),
      to: Type.Optional(InstantParameter('Those that began before')),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'By identifier', schema: pageOf(Situation) } },
    async handle({ query: { from, to, cursor, limit } }) {
      const page = { after: keys.after(cursor)?.situationId, limit: limit + 1 }
      const rows = await listSituations(database, { from, to }, page)
      const items = rows.map(({ startsAt, endsAt, ...situation }) => ({
        ...{ ...situation, startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString() },
      }))
      return { body: keys.page(items, limit, ({ situationId }) => ({ situationId })) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${base}/events/{eventId}/customer-hours`,
    operationId: 'getEventCustomerHours',
    summary: "An event's customer-hours against what makes it a situation of emergency",
    ...{ tag, right: 'read' },
    params: Type.Object({ eventId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
    answers: {
      200: { description: 'So far', schema: Chi },
      409: { description: 'No unit of the registry is in a conjunto: N is not known' },
    },
    async handle({ params: { eventId } }) {
      const chi = await eventChi(database, eventId, platformClock.now())
      if (chi === undefined) throw notFound('event', 'path.eventId', eventId)
      if (chi === null) throw conflict('no unit of the registry is in a conjunto: N of the formula is not known')
      const { startedAt, chiH, limitH, ...rest } = chi
      const hours = { chiH: rounded(chiH), limitH: rounded(limitH) }
      return { body: { ...rest, ...hours, startedAt: new Date(startedAt).toISOString() } }
    },
  }),
]
