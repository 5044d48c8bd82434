import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, InstantParameter } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { badField, conflict, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { changeProgram, enterProgram } from './enter-program.ts'
import { ProgramId, tag } from './event-fields.ts'
import {
  NewProgramRequest,
  programAsked,
  ProgramRequest,
  ProgramSchema,
  ProgramUtilisationSchema,
  shownProgram,
  shownProgramUtilisation,
} from './program-fields.ts'
import { deleteProgram, findProgram, listPrograms, lockProgram } from './program-repository.ts'
import { programUtilisation } from './result-repository.ts'

const keys = new Keyset(Type.Object({ programId: serialKey }))
const deviceKeys = new Keyset(Type.Object({ deviceId: Type.String({ maxLength: 64 }) }))
const params = Type.Object({ programId: ProgramId })
const path = '/api/dr-programs/{programId}' as const
/** Utilisation is summed over so long at most. */
const longestMs = 400 * 86_400_000
const example = {
  ...{ name: 'Ponta', mode: 'shed', feederId: 'feeder-01', targetShedKw: 40 },
  window: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '18:00', to: '21:00' },
  ...{ incentiveBrlPerKwh: 0.9, penaltyBrlPerKwh: 0.45 },
}

/** Programs of demand response. */
export const programRoutes = ({
  database,
  environment: { TIME_ZONE },
}: Pick<Services, 'database' | 'environment'>): readonly ApiRoute[] => [
  defineRoute({
    method: 'POST',
    path: '/api/dr-programs',
    operationId: 'enterDemandProgram',
    summary: 'Enter a program',
    description: 'With a window it calls by itself; without one only events that name it do.',
    ...{ tag, right: 'administer' as const },
    body: Type.Object(NewProgramRequest.properties, { examples: [example] }),
    answers: {
      201: { description: 'It is entered', schema: ProgramSchema },
      200: { description: 'It was entered before, with the same key', schema: ProgramSchema },
      409: { description: 'The key was used for another one, or there are too many' },
    },
    async handle({ body: { idempotencyKey: externalId = null, ...asked }, identity }) {
      const { username } = identity!
      const program = programAsked(asked, TIME_ZONE)
      const origin = {
        ...{ source: `api:${username}`, externalId, whenChanged: 'refuse' as const },
        requestHash: sha256Of(canonicalJson(asked)),
      }
      const { programId, outcome } = await database.transaction((client) =>
        enterProgram(queriesOf(client), program, origin, username, platformClock.now()),
      )
      const entered = (await findProgram(database, programId))!
      return { status: outcome === 'repeated' ? 200 : 201, body: shownProgram(entered) }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/dr-programs',
    operationId: 'listDemandPrograms',
    summary: 'Programs',
    ...{ tag, right: 'read' as const },
    query: Type.Object({
      active: Type.Optional(Type.Boolean({ description: 'Those that are active; false: the others' })),
      feederId: Type.Optional(IdentifierParameter('Those of this feeder itself, and of each root', 'feeder-01')),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'By number', schema: pageOf(ProgramSchema) } },
    async handle({ query: { cursor, limit, active = null, feederId = null } }) {
      const after = keys.after(cursor)?.programId
      const rows = await listPrograms(database, { active, feederId }, { after, limit: limit + 1 })
      const page = keys.page(rows, limit, ({ programId }) => ({ programId }))
      return { body: { ...page, items: page.items.map(shownProgram) } }
    },
  }),
  defineRoute({
    method: 'GET',
    path,
    operationId: 'getDemandProgram',
    summary: 'A program',
    ...{ tag, right: 'read' as const, params },
    answers: { 200: { description: 'The program', schema: ProgramSchema } },
    async handle({ params: { programId } }) {
      const program = await findProgram(database, programId)
      if (!program) throw notFound('program', 'path.programId', programId)
      return { body: shownProgram(program) }
    },
  }),
  defineRoute({
    method: 'PUT',
    path,
    operationId: 'putDemandProgram',
    summary: 'Change a program',
    description:
      'What it has called for and is in force ends, and begins anew as the program is now. What is over stays what it was.',
    ...{ tag, right: 'administer' as const, params },
    body: Type.Object(ProgramRequest.properties, { examples: [example] }),
    answers: { 200: { description: 'The program', schema: ProgramSchema } },
    async handle({ params: { programId }, body, identity }) {
      const program = programAsked(body, TIME_ZONE)
      const hash = sha256Of(canonicalJson(body))
      const isThere = await database.transaction((client) =>
        changeProgram(queriesOf(client), programId, program, hash, identity!.username, platformClock.now()),
      )
      if (!isThere) throw notFound('program', 'path.programId', programId)
      return { body: shownProgram((await findProgram(database, programId))!) }
    },
  }),
  defineRoute({
    method: 'DELETE',
    path,
    operationId: 'deleteDemandProgram',
    summary: 'Strike out a program that was never used',
    description: 'One that has called, or that somebody is enrolled in, is set inactive instead.',
    ...{ tag, right: 'administer' as const, params },
    answers: { 204: { description: 'It is gone' }, 409: { description: 'It was used' } },
    async handle({ params: { programId } }) {
      await database.transaction(async (client) => {
        const queries = queriesOf(client)
        if (!(await lockProgram(queries, programId))) throw notFound('program', 'path.programId', programId)
        if (!(await deleteProgram(queries, programId)))
          throw conflict(`program ${programId} has events or participants: set it inactive`)
      })
      return {}
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/dr-programs/{programId}/utilisation',
    operationId: 'listDemandProgramUtilisation',
    summary: 'What each device took and gave up in the events of a program',
    description: 'What a device at a home takes is personal data.',
    ...{ tag, right: 'personal' as const, params },
    query: Type.Object({
      since: InstantParameter('Events that began at this instant or later'),
      until: InstantParameter('Events that began before this', '2026-12-01T00:00:00Z'),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'By device', schema: pageOf(ProgramUtilisationSchema) } },
    async handle({ params: { programId }, query: { cursor, limit, since, until } }) {
      const iso = new Date(since).toISOString()
      if (since >= until) throw badField('query.since', iso, 'must be before until')
      if (until - since > longestMs) throw badField('query.since', iso, 'must be within 400 days of until')
      if (!(await findProgram(database, programId))) throw notFound('program', 'path.programId', programId)
      const after = deviceKeys.after(cursor)?.deviceId
      const rows = await programUtilisation(database, { programId, since, until }, { after, limit: limit + 1 })
      const page = deviceKeys.page(rows, limit, ({ deviceId }) => ({ deviceId }))
      return { body: { ...page, items: page.items.map(shownProgramUtilisation) } }
    },
  }),
]
