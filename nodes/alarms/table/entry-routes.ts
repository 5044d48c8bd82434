import { Type } from '@sinclair/typebox'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import type { AlarmScope } from '../domain/definition.ts'
import { scopeKey, scopeOf } from '../domain/master-table.ts'
import { differencesOf, nothingChanged } from '../domain/table-overrides.ts'
import { changeTable } from './change-table.ts'
import { storedTable } from './stored-table.ts'
import { changing } from './table-audit.ts'
import { tableColumns } from './table-csv.ts'
import { Definition, Entry, entryOf } from './table-fields.ts'
import { changeAnswers, changed, Made, ofVersion, tableAt, tablePath as path, tag } from './table-parameters.ts'
import { defaultDefinitions } from '../domain/default-table.ts'

const params = Type.Object({
  entryId: Type.String({
    ...{ minLength: 7, maxLength: 300, examples: ['telemetry~device-silent~*~*'] },
    description: 'area~kind~feeder~subject, * for any',
  }),
})
const { scope: _scope, ...exampleDefinition } = defaultDefinitions.find(
  ({ scope }) => scopeKey(scope) === 'telemetry~device-silent~*~*',
)!

/** The master alarm table: what holds, and changes of an entry. */
export const entryRoutes = ({ database, access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path,
    operationId: 'getAlarmTable',
    summary: 'The master alarm table: why each alarm is there and what to do about it',
    description:
      'What is shipped, and what this installation says in its place or beyond it, by whom and why. As CSV it has the columns that an import takes.',
    ...{ tag, right: 'read' as const, query: ofVersion },
    answers: {
      200: {
        description: 'Entries, by their key',
        schema: Type.Object({ version: Type.Integer(), items: Type.Array(Entry) }),
      },
    },
    csv: tableColumns,
    async handle({ query }) {
      const stored = await tableAt(database, query.version)
      const { version, definitions } = stored.table
      return {
        body: { version, items: definitions.map((definition) => entryOf(definition, stored)) },
        rows: definitions,
      }
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${path}/entries/{entryId}`,
    operationId: 'getAlarmTableEntry',
    summary: 'One entry of the master alarm table',
    ...{ tag, right: 'read' as const, params, query: ofVersion },
    answers: { 200: { description: 'The entry', schema: Entry } },
    async handle({ params: { entryId }, query }) {
      const stored = await tableAt(database, query.version)
      const found = stored.table.definitions.find(({ scope }) => scopeKey(scope) === entryId)
      if (!found) throw notFound('entry', 'path.entryId', entryId)
      return { body: entryOf(found, stored) }
    },
  }),
  defineRoute({
    method: 'PUT',
    path: `${path}/entries/{entryId}`,
    operationId: 'putAlarmTableEntry',
    summary: 'Say what an entry is to be, in place of what is shipped or beyond it',
    description:
      'Makes a version. Alarms that stand follow at once. What is so already makes no version. Every change and every refused one is in the access log.',
    ...{ tag, right: 'configure-alarms' as const, refusesItself: true as const, params },
    body: Type.Object(
      { ...changed, definition: Definition },
      { examples: [{ version: 0, reason: 'As it is shipped, on purpose', definition: exampleDefinition }] },
    ),
    answers: {
      200: {
        description: 'The entry as it is now',
        schema: Type.Composite([Made, Type.Object({ entry: Entry })]),
      },
      ...changeAnswers,
    },
    async handle(request) {
      const { body } = request
      const { entryId } = request.params
      const { version } = await changing(
        access,
        request,
        {
          ...{ subject: `alarm ${entryId}`, base: body.version, reason: body.reason },
          placeOf: ({ of, field }) =>
            of !== entryId
              ? `${of}.${field}`
              : field.startsWith('scope.')
                ? 'path.entryId'
                : `body.definition.${field}`,
        },
        (by) => {
          const definition = { scope: keyed(entryId), ...body.definition }
          return changeTable(database, body.version, by, ({ table }) => {
            const before = table.definitions.find(({ scope }) => scopeKey(scope) === entryId)
            const same = before && differencesOf(before, definition).length === 0
            return same ? nothingChanged : { ...nothingChanged, definitions: new Map([[entryId, definition]]) }
          })
        },
      )
      const stored = await storedTable(database, version)
      const definition = stored.table.definitions.find(({ scope }) => scopeKey(scope) === entryId)!
      return { body: { version, entry: entryOf(definition, stored) } }
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${path}/entries/{entryId}`,
    operationId: 'deleteAlarmTableEntry',
    summary: 'Take back what was said of an entry: what is shipped holds again, or there is none',
    ...{ tag, right: 'configure-alarms' as const, refusesItself: true as const, params },
    query: Type.Object(changed),
    answers: { 200: { description: 'Taken back', schema: Made }, ...changeAnswers },
    async handle(request) {
      const { entryId } = request.params
      const { version: base, reason } = request.query
      const { version } = await changing(
        access,
        request,
        { subject: `alarm ${entryId}`, base, reason, placeOf: ({ of, field }) => `${of}.${field}` },
        async (by) => {
          const { entries } = await storedTable(database)
          if (!entries.has(entryId)) throw notFound('override of an entry', 'path.entryId', entryId)
          const definitions = new Map([[entryId, null]])
          return changeTable(database, base, by, () => ({ ...nothingChanged, definitions }))
        },
      )
      return { body: { version } }
    },
  }),
]

function keyed(entryId: string): AlarmScope {
  const scope = scopeOf(entryId)
  if (!scope) throw badField('path.entryId', entryId, 'must be area~kind~feeder~subject, * for any')
  return scope
}
