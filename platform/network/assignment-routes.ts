import { Type } from '@sinclair/typebox'
import { IdentifierParameter, Instant, Nullable } from '../http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { conflict, notFound } from '../http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { parseInstant } from '../wire/instant.ts'
import { queriesOf } from '../storage/queries.ts'
import { changing, checkVersion, importLine, versionOf } from './change-registry.ts'
import { removeAssignments } from './import/repository.ts'
import { always, givenInstant } from './period-name.ts'
import { version } from './record-kinds.ts'
import { type AssignmentRecord, findAssignment, listAssignments } from './record-repository.ts'

const unitId = IdentifierParameter('The consumer unit', 'unit-007')
const deviceId = IdentifierParameter('The meter', 'meter-107')

const assignmentId = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}~[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}~(always|[0-9TZ:.-]{20,30})$',
  description: 'Unit, meter and beginning, joined by `~`',
  examples: ['unit-007~meter-107~2025-06-01T13:00:00.000Z'],
})
const Assignment = Type.Object(
  {
    assignmentId,
    unitId,
    deviceId,
    validFrom: Nullable(Instant('From when on; null: always')),
    validTo: Nullable(Instant('Before when; null: without end')),
    version,
  },
  { $id: 'MeterAssignment' },
)
const end = Nullable(Type.String({ format: 'date-time', description: 'Before when; null: without end' }))
const params = Type.Object({ assignmentId })
const keys = new Keyset(Type.Object({ unitId: Type.String(), validFrom: Nullable(instantKey) }))

/** Which meter measures which consumer unit, and when. */
export const assignmentRoutes = ({ database, access }: Services): readonly ApiRoute[] => {
  const record = (event: string, { identity, address }: ApiRequest<unknown, unknown, unknown>, id: string) =>
    access.recordAccess({ event, identity, address, subject: `assignment ${id}` })

  return [
    defineRoute({
      method: 'GET',
      path: '/api/registry/meter-assignments',
      operationId: 'listMeterAssignments',
      summary: 'Which meter measures which unit, and when',
      tag: 'registry',
      right: 'read',
      query: Type.Object({ unitId: Type.Optional(unitId), deviceId: Type.Optional(deviceId), ...pageQuery() }),
      answers: { 200: { description: 'By unit, and of one unit in the order of time', schema: pageOf(Assignment) } },
      csv: ['unitId', 'deviceId', 'validFrom', 'validTo'].map((name) => ({ name, kind: 'text' })),
      async handle({ query: { cursor, limit, ...filter } }) {
        const after = keys.after(cursor)
        const page = { after: after && { ...after, validFrom: isoOf(after.validFrom) }, limit: limit + 1 }
        const rows = await listAssignments(database, filter, page)
        const { items, nextCursor } = keys.page(rows, limit, ({ unitId, validFrom }) => ({
          ...{ unitId, validFrom: validFrom?.getTime() ?? null },
        }))
        return { body: { items: items.map(shown), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/registry/meter-assignments/{assignmentId}',
      operationId: 'getMeterAssignment',
      summary: 'One assignment of a meter',
      tag: 'registry',
      right: 'read',
      params,
      answers: { 200: { description: 'The assignment', schema: Assignment } },
      handle: async ({ params: { assignmentId } }) => ({ body: shown(await found(database, assignmentId)) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/registry/meter-assignments',
      operationId: 'createMeterAssignment',
      summary: 'Give a unit a meter',
      description: 'An open assignment of the same unit, or the same meter, ends where this one begins.',
      tag: 'registry',
      right: 'administer',
      body: Type.Object({
        unitId,
        deviceId,
        validFrom: Type.String({ format: 'date-time', description: 'From when on' }),
        validTo: Type.Optional(end),
      }),
      answers: {
        201: { description: 'The assignment', schema: Assignment },
        409: { description: 'There is one already' },
      },
      async handle(request) {
        const { unitId, deviceId } = request.body
        const validFrom = givenInstant('validFrom', request.body.validFrom)!
        const validTo = givenInstant('validTo', request.body.validTo ?? null)
        const from = new Date(validFrom).toISOString()
        const created = await changing(database, async (client) => {
          const queries = queriesOf(client)
          if (await findAssignment(queries, unitId, deviceId, from)) throw conflict('there is this assignment already')
          await importLine(client, 'meters', { unitId, deviceId, validFrom, validTo })
          return (await findAssignment(queries, unitId, deviceId, from))!
        })
        const assignment = shown(created)
        await record('registry_created', request, assignment.assignmentId)
        const location = `/api/registry/meter-assignments/${encodeURIComponent(assignment.assignmentId)}`
        return { status: 201, headers: { Location: location }, body: assignment }
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/api/registry/meter-assignments/{assignmentId}',
      operationId: 'changeMeterAssignment',
      summary: 'Change when an assignment ends',
      tag: 'registry',
      right: 'administer',
      params,
      body: Type.Object({ validTo: end, version: Type.Optional(version) }),
      answers: {
        200: { description: 'The assignment', schema: Assignment },
        409: { description: 'Somebody changed it meanwhile' },
      },
      async handle(request) {
        const { assignmentId } = request.params
        const validTo = givenInstant('validTo', request.body.validTo)
        const changed = await changing(database, async (client) => {
          const before = await found(queriesOf(client), assignmentId)
          checkVersion(before, request.body.version)
          const { unitId, deviceId } = before
          const validFrom = before.validFrom?.getTime() ?? -Infinity
          await importLine(client, 'meters', { unitId, deviceId, validFrom, validTo })
          return found(queriesOf(client), assignmentId)
        })
        await record('registry_changed', request, assignmentId)
        return { body: shown(changed) }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/registry/meter-assignments/{assignmentId}',
      operationId: 'deleteMeterAssignment',
      summary: 'Strike out an assignment that never was',
      description: 'One that was and is over is given its end instead.',
      tag: 'registry',
      right: 'administer',
      params,
      query: Type.Object({ version: Type.Optional(version) }),
      answers: { 204: { description: 'Gone' }, 409: { description: 'Somebody changed it meanwhile' } },
      async handle(request) {
        const { assignmentId } = request.params
        await changing(database, async (client) => {
          const before = await found(queriesOf(client), assignmentId)
          checkVersion(before, request.query.version)
          const { unitId: unit_id, deviceId: device_id, validFrom, validTo } = before
          await removeAssignments(client, [
            {
              unit_id,
              device_id,
              valid_from: validFrom?.getTime() ?? -Infinity,
              valid_to: validTo?.getTime() ?? Infinity,
            },
          ])
        })
        await record('registry_deleted', request, assignmentId)
        return {}
      },
    }),
  ]
}

/** @throws Problem 404 */
async function found(queries: Parameters<typeof findAssignment>[0], id: string): Promise<AssignmentRecord> {
  const [unitId = '', deviceId = '', from = ''] = id.split('~')
  const isInstant = from === always || parseInstant(from) !== undefined
  const assignment = isInstant && (await findAssignment(queries, unitId, deviceId, from === always ? null : from))
  if (!assignment) throw notFound('assignment', 'path.assignmentId', id)
  return assignment
}

function shown(assignment: AssignmentRecord) {
  const { unitId, deviceId } = assignment
  const validFrom = assignment.validFrom?.toISOString() ?? null
  return {
    assignmentId: `${unitId}~${deviceId}~${validFrom ?? always}`,
    ...{ unitId, deviceId, validFrom, validTo: assignment.validTo?.toISOString() ?? null },
    version: versionOf(assignment),
  }
}

const isoOf = (at: number | null): string => (at === null ? '-infinity' : new Date(at).toISOString())
