import { Type, type TObject } from '@sinclair/typebox'
import { IdentifierParameter, OneOf } from '../http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { notFound } from '../http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { changeRecord, createRecord, deleteRecord, versionOf } from './change-registry.ts'
import {
  changeSchema,
  creationSchema,
  type RecordKind,
  recordKinds,
  recordSchema,
  type RegistryRecord,
  statuses,
  version,
} from './record-kinds.ts'
import { findRecord, listRecords } from './record-repository.ts'

const keys = new Keyset(Type.Object({ id: Type.String() }))

/** The registry, record by record. What a device says of itself changes none of it. */
export const registryRoutes = (services: Services): readonly ApiRoute[] =>
  recordKinds.flatMap((kind) => routesOf(kind, services))

function routesOf(kind: RecordKind, { database, access }: Services): readonly ApiRoute[] {
  const { table, noun, operation, idField } = kind
  const schema = recordSchema(kind)
  const params = Type.Object({ [idField]: kind.id })
  const path = `/api/registry/${table}` as const
  const idOf = (request: ApiRequest<unknown, unknown, unknown>): string =>
    (request.params as Record<string, string>)[idField]!
  const record = (
    event: string,
    { identity, address }: ApiRequest<unknown, unknown, unknown>,
    id: string,
    detail?: string,
  ) => access.recordAccess({ event, identity, address, subject: `${noun} ${id}`, detail })

  return [
    defineRoute({
      method: 'GET',
      path,
      operationId: `list${operation}s`,
      summary: `The ${noun}s of the registry, by identifier`,
      tag: 'registry',
      right: 'read',
      query: Type.Object({ ...filtersOf(kind), ...pageQuery() }),
      answers: { 200: { description: 'Records', schema: pageOf(schema) } },
      csv: Object.entries(schema.properties).map(([name, { type }]) => ({
        ...{ name, kind: type === 'number' || isNumber(kind.fields[name]) ? 'number' : 'text' },
      })),
      async handle(request) {
        const { cursor, limit, ...filter } = request.query as { cursor?: string; limit: number }
        const page = { after: keys.after(cursor)?.id, limit: limit + 1 }
        const records = await listRecords(database, table, filter, page)
        return { body: keys.page(records.map(shown), limit, (one) => ({ id: one[idField] as string })) }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${path}/{${idField}}`,
      operationId: `get${operation}`,
      summary: `A ${noun} of the registry`,
      tag: 'registry',
      right: 'read',
      params,
      answers: { 200: { description: 'The record', schema } },
      async handle(request) {
        const found = await findRecord(database, table, idOf(request))
        if (!found) throw notFound(noun, `path.${idField}`, idOf(request))
        return { body: shown(found) }
      },
    }),
    defineRoute({
      method: 'POST',
      path,
      operationId: `create${operation}`,
      summary: `Register a ${noun}`,
      tag: 'registry',
      right: 'administer',
      body: creationSchema(kind),
      answers: { 201: { description: 'The record', schema }, 409: { description: `There is one already` } },
      async handle(request) {
        const body = request.body as RegistryRecord
        const created = await createRecord(database, kind, body)
        const id = body[idField] as string
        await record('registry_created', request, id)
        return { status: 201, headers: { Location: `${path}/${encodeURIComponent(id)}` }, body: shown(created) }
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: `${path}/{${idField}}`,
      operationId: `change${operation}`,
      summary: `Change what is given of a ${noun}`,
      description: 'What is not given stays, null unsets. With `version`, only if nobody changed it since.',
      tag: 'registry',
      right: 'administer',
      params,
      body: changeSchema(kind),
      answers: { 200: { description: 'The record', schema }, 409: { description: 'Somebody changed it meanwhile' } },
      async handle(request) {
        const id = idOf(request)
        const { before, after } = await changeRecord(database, kind, id, request.body as RegistryRecord)
        const changed = Object.keys(after).filter((field) => after[field] !== before[field])
        await record('registry_changed', request, id, changed.join(' ') || 'nothing')
        return { body: shown(after) }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: `${path}/{${idField}}`,
      operationId: `delete${operation}`,
      summary: `Strike a ${noun} off the registry`,
      description: `Only while nothing names it${table === 'devices' ? ': one that ever reported stays, and can be rejected' : ''}.`,
      tag: 'registry',
      right: 'administer',
      params,
      query: Type.Object({ version: Type.Optional(version) }),
      answers: {
        204: { description: 'Gone' },
        409: { description: 'Something names it, or somebody changed it meanwhile' },
      },
      async handle(request) {
        const id = idOf(request)
        await deleteRecord(database, kind, id, request.query.version)
        await record('registry_deleted', request, id)
        return {}
      },
    }),
  ]
}

function filtersOf({ table }: RecordKind): TObject['properties'] {
  if (table === 'conjuntos') return {}
  const feeder = table === 'feeders' ? 'Those that hang on this one' : 'Those registered on this feeder'
  return {
    feederId: Type.Optional(IdentifierParameter(feeder, 'feeder-01')),
    ...(table === 'devices' && { status: Type.Optional(OneOf(statuses, 'Those of this status')) }),
  }
}

const isNumber = (schema: TObject['properties'][string] | undefined): boolean =>
  ['number', 'integer'].includes((schema?.anyOf as { type?: string }[] | undefined)?.[0]?.type ?? '')

const shown = (record: RegistryRecord): RegistryRecord => ({ ...record, version: versionOf(record) })
