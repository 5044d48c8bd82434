import { Type } from '@sinclair/typebox'
import { instantOrNull, Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { tag } from '../demand-response/event-fields.ts'
import { countObjects, notTakenObjects, readPolling, refusedReports } from './openadr-repository.ts'

const most = 200
const kinds = ['program', 'event'] as const
const states = ['taken', 'partly', 'refused', 'withdrawn'] as const

const StatusSchema = Type.Object(
  {
    enabled: Type.Boolean({ description: 'Whether OPENADR_URL names a VTN' }),
    vtn: Nullable(Type.String({ description: 'Its address' })),
    lastPollAt: Nullable(Instant('When it was asked last')),
    lastSuccessAt: Nullable(Instant('When it answered last')),
    nextPollAt: Nullable(Instant('When it is asked next')),
    failures: Type.Integer({ description: 'Polls that have failed since' }),
    error: Nullable(Type.String({ description: 'Why the last one did' })),
    objects: Type.Array(
      Type.Object({
        ...{ kind: OneOf(kinds, 'What it is'), state: OneOf(states, 'What came of it here') },
        count: Type.Integer(),
      }),
    ),
    notTaken: Type.Array(
      Type.Object({
        ...{ kind: OneOf(kinds, 'What it is'), objectId: Type.String(), name: Type.String() },
        ...{ state: OneOf(states, 'partly: the rest of it is followed'), reasons: Type.Array(Type.String()) },
        at: Instant('When it was found so'),
      }),
      { description: `What cannot be followed, the newest first, ${most} at most` },
    ),
    reportsNotTaken: Type.Array(
      Type.Object({ eventId: Type.String(), error: Type.String(), attempts: Type.Integer() }),
      { description: `Reports that the VTN has not taken, ${most} at most` },
    ),
  },
  { $id: 'OpenadrStatus' },
)

/** How the OpenADR client does. */
export const openadrRoutes = ({
  database,
  environment,
}: Pick<Services, 'database' | 'environment'>): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/openadr/status',
    operationId: 'openadrStatus',
    summary: 'How polling the VTN goes, and what of it cannot be followed',
    ...{ tag, right: 'read' as const },
    answers: { 200: { description: 'Status', schema: StatusSchema } },
    async handle() {
      const [polling, objects, notTaken, reports] = await Promise.all([
        readPolling(database),
        countObjects(database),
        notTakenObjects(database, most),
        refusedReports(database, most),
      ])
      const { OPENADR_URL: vtn = null } = environment
      return {
        status: 200,
        body: {
          ...{ enabled: vtn !== null, vtn, failures: polling.failures, error: polling.error, objects: [...objects] },
          lastPollAt: instantOrNull(polling.attemptedAt),
          lastSuccessAt: instantOrNull(polling.succeededAt),
          nextPollAt: instantOrNull(polling.nextAt),
          notTaken: notTaken.map(({ notTaken: reasons, changedAt, ...rest }) => ({
            ...{ ...rest, reasons: [...reasons], at: new Date(changedAt).toISOString() },
          })),
          reportsNotTaken: reports.map(({ eventObjectId, error, attempts }) => ({
            ...{ eventId: eventObjectId, error, attempts },
          })),
        },
      }
    },
  }),
]
