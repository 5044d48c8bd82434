import { Type } from '@sinclair/typebox'
import { IdentifierParameter, InstantParameter, OneOf } from '../../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { commandTypes } from '../../../platform/wire/command.ts'
import { commandStates } from '../domain/command.ts'
import {
  commandColumns,
  CommandId,
  CommandInFullSchema,
  CommandSchema,
  shownCommand,
  shownInFull,
  tag,
} from './command-fields.ts'
import { acksOf, findCommand, listCommands, transitionsOf } from './command-repository.ts'

const mostAcks = 1_000
const keys = new Keyset(
  Type.Object({ requestedAt: instantKey, commandId: Type.String({ pattern: '^[0-9a-f-]{36}$' }) }),
)
const several = <T extends string>(of: readonly T[], description: string) =>
  Type.Optional(Type.Array(OneOf(of, description), { minItems: 1, maxItems: of.length }))

/** Commands: listed, and one with its timeline. */
export const listRoutes = (database: Database): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/commands',
    operationId: 'listCommands',
    summary: 'Commands and where they stand, the newest first',
    ...{ tag, right: 'read' },
    query: Type.Object({
      deviceId: Type.Optional(IdentifierParameter('To this device', 'sw-001')),
      feederId: Type.Optional(IdentifierParameter('To devices on this feeder or one below it', 'feeder-01')),
      types: several(commandTypes, 'Of one of these types'),
      states: several(commandStates, 'In one of these states'),
      inFlight: Type.Optional(Type.Boolean({ description: 'That block their device; false: the others' })),
      requestedBy: Type.Optional(
        Type.String({ minLength: 1, maxLength: 100, description: 'That this user asked for' }),
      ),
      since: Type.Optional(InstantParameter('Asked for at this instant or later')),
      until: Type.Optional(InstantParameter('Asked for earlier than this')),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Commands', schema: pageOf(CommandSchema) } },
    csv: commandColumns,
    async handle({ query: { cursor, limit, ...query }, identity }) {
      const { since = null, until = null } = query
      if (since !== null && until !== null && since > until)
        throw badField('query.since', new Date(since).toISOString(), 'must not be after until')
      const {
        deviceId = null,
        feederId = null,
        types = null,
        states = null,
        inFlight = null,
        requestedBy = null,
      } = query
      const filter = { deviceId, feederId, types, states, inFlight, requestedBy, since, until }
      const rows = await listCommands(database, filter, { after: keys.after(cursor), limit: limit + 1 })
      const keyOf = ({ requestedAt, commandId }: (typeof rows)[number]) => ({ requestedAt, commandId })
      const { items, nextCursor } = keys.page(rows, limit, keyOf)
      return { body: { items: items.map((command) => shownCommand(command, identity)), nextCursor } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/commands/{commandId}',
    operationId: 'getCommand',
    summary: 'One command, with all that became of it',
    ...{ tag, right: 'read' },
    params: Type.Object({ commandId: CommandId }),
    answers: { 200: { description: 'The command', schema: CommandInFullSchema } },
    async handle({ params: { commandId }, identity }) {
      const command = await findCommand(database, commandId)
      if (!command) throw notFound('command', 'path.commandId', commandId)
      const [timeline, acks] = [await transitionsOf(database, commandId), await acksOf(database, commandId, mostAcks)]
      return { body: shownInFull(command, timeline, acks, identity) }
    },
  }),
]
