import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, InstantParameter, OneOf } from '../../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { enterAsked } from './enter-asked.ts'
import { cancelEvent } from './enter-event.ts'
import {
  EventId,
  EventInFullSchema,
  EventRequest,
  EventSchema,
  ProgramId,
  reason,
  shownEvent,
  shownResult,
  shownUtilisation,
  tag,
  UtilisationSchema,
} from './event-fields.ts'
import { eventStates, findEvent, listEvents } from './event-repository.ts'
import { resultsOf, utilisationOf } from './result-repository.ts'

const keys = new Keyset(Type.Object({ startsAt: instantKey, eventId: serialKey }))
const deviceKeys = new Keyset(Type.Object({ deviceId: Type.String({ maxLength: 64 }) }))
const params = Type.Object({ eventId: EventId })

/** Events of demand response: calling for them, what is there, and what came of them. */
export const eventRoutes = ({
  database,
  environment,
}: Pick<Services, 'database' | 'environment'>): readonly ApiRoute[] => [
  defineRoute({
    method: 'POST',
    path: '/api/events',
    operationId: 'enterDemandEvent',
    summary: 'Call for an event',
    description:
      'A limit of a feeder, a shed target or a price, from `tsStart` to `tsEnd`, or for `durationMinutes` from now. Of all limits in force on a feeder the smallest holds.',
    ...{ tag, right: 'operate' as const },
    body: Type.Object(EventRequest.properties, {
      examples: [
        { limitKw: 120, durationMinutes: 30, feederId: 'feeder-01' },
        { tsStart: '2026-11-23T21:00:00Z', tsEnd: '2026-11-23T23:00:00Z', limitKw: 120, type: 'peak' },
      ],
    }),
    answers: {
      201: { description: 'It is entered', schema: EventSchema },
      200: { description: 'It was entered before, with the same key', schema: EventSchema },
      409: { description: 'The key was used for another one, or too many are open' },
    },
    async handle({ body, identity }) {
      const { username } = identity!
      const at = platformClock.now()
      const source = `api:${username}`
      const { eventId, outcome } = await database.transaction((client) =>
        enterAsked(queriesOf(client), body, { source, username, at, defaultFeederId: environment.DEFAULT_FEEDER_ID }),
      )
      const event = (await findEvent(database, eventId))!
      return { status: outcome === 'repeated' ? 200 : 201, body: shownEvent(event, at) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/events',
    operationId: 'listDemandEvents',
    summary: 'Events, to come, in force and past, the newest first',
    ...{ tag, right: 'read' as const },
    query: Type.Object({
      state: Type.Optional(OneOf(eventStates, 'Those that are so now')),
      feederId: Type.Optional(IdentifierParameter('Those on this feeder itself, and on each root', 'feeder-01')),
      programId: Type.Optional(ProgramId),
      since: Type.Optional(InstantParameter('Over at this instant or later')),
      until: Type.Optional(InstantParameter('Begun before this')),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Events', schema: pageOf(EventSchema) } },
    async handle({ query: { cursor, limit, state, feederId = null, programId = null, since = null, until = null } }) {
      if (since !== null && until !== null && since > until)
        throw badField('query.since', new Date(since).toISOString(), 'must not be after until')
      const at = platformClock.now()
      const filter = { feederId, programId, states: state === undefined ? null : [state], at, since, until }
      const rows = await listEvents(database, filter, { after: keys.after(cursor), limit: limit + 1 })
      const page = keys.page(rows, limit, ({ startsAt, eventId }) => ({ startsAt, eventId }))
      return { body: { ...page, items: page.items.map((event) => shownEvent(event, at)) } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/events/{eventId}',
    operationId: 'getDemandEvent',
    summary: 'An event, with what came of it',
    description:
      'Results come a quarter of an hour after its end, and once more, for good, a day after it. They say how they were computed.',
    ...{ tag, right: 'read' as const, params },
    answers: { 200: { description: 'The event', schema: EventInFullSchema } },
    async handle({ params: { eventId } }) {
      const event = await findEvent(database, eventId)
      if (!event) throw notFound('event', 'path.eventId', eventId)
      const results = await resultsOf(database, eventId)
      return { body: { ...shownEvent(event, platformClock.now()), results: results.map(shownResult) } }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/events/{eventId}/cancel',
    operationId: 'cancelDemandEvent',
    summary: 'Cancel an event',
    description:
      'One in force ends now, and the feeder returns in steps; one to come never was. Once: again changes nothing.',
    ...{ tag, right: 'operate' as const, params },
    body: Type.Object({ reason: Type.Optional(reason) }),
    answers: { 200: { description: 'It is cancelled', schema: EventSchema }, 409: { description: 'It is over' } },
    async handle({ params: { eventId }, body, identity }) {
      const by = { username: identity!.username, reason: body.reason ?? null }
      const at = platformClock.now()
      const event = await database.transaction((client) => cancelEvent(queriesOf(client), eventId, by, at))
      if (!event) throw notFound('event', 'path.eventId', eventId)
      return { body: shownEvent(event, at) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/events/{eventId}/utilisation',
    operationId: 'listDemandUtilisation',
    summary: 'What each device took and gave up in an event',
    description: 'What a device at a home takes is personal data.',
    ...{ tag, right: 'personal' as const, params },
    query: Type.Object(pageQuery()),
    answers: { 200: { description: 'By device', schema: pageOf(UtilisationSchema) } },
    async handle({ params: { eventId }, query: { cursor, limit } }) {
      const event = await findEvent(database, eventId)
      if (!event) throw notFound('event', 'path.eventId', eventId)
      const after = deviceKeys.after(cursor)?.deviceId
      const rows = await utilisationOf(database, event, { after, limit: limit + 1 })
      const page = deviceKeys.page(rows, limit, ({ deviceId }) => ({ deviceId }))
      return { body: { ...page, items: page.items.map(shownUtilisation) } }
    },
  }),
]
