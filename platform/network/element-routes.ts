import { Type } from '@sinclair/typebox'
import { Instant, InstantParameter, Nullable } from '../http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { conflict, notFound } from '../http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { type Queries, queriesOf } from '../storage/queries.ts'
import { parseInstant } from '../wire/instant.ts'
import { changing, checkVersion, importLine, versionOf } from './change-registry.ts'
import { type ElementKind, elementKinds } from './element-kinds.ts'
import { type ElementRecord, findElement, listElements } from './element-record-repository.ts'
import { removeElement } from './import/element-repository.ts'
import { always, givenInstant } from './period-name.ts'
import { version } from './record-kinds.ts'

const keys = new Keyset(Type.Object({ id: Type.String(), validFrom: Nullable(instantKey) }))
const bound = (description: string, example: string) =>
  Type.Optional(Nullable(Type.String({ format: 'date-time', description, examples: [example] })))
const validTo = bound('Before when; null: without end', '2027-01-01T00:00:00-03:00')
const periodId = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}~(always|[0-9TZ:.-]{20,30})$',
  description: 'What it is of, and its beginning, joined by `~`',
  examples: ['sw-001~always'],
})
const params = Type.Object({ periodId })

/** The network between sources and units, thing by thing, each with the periods in which it is as told. */
export const elementRoutes = (services: Services): readonly ApiRoute[] =>
  elementKinds.flatMap((kind) => routesOf(kind, services))

function routesOf(kind: ElementKind, { database, access }: Services): readonly ApiRoute[] {
  const { table, noun, operation, idField, id, fields, required, filter } = kind
  const schema = Type.Object(
    {
      ...{ periodId, [idField]: id, ...fields },
      validFrom: Nullable(Instant('From when on; null: always')),
      validTo: Nullable(Instant('Before when; null: without end')),
      version,
    },
    { $id: operation },
  )
  const path = `/api/registry/${table}` as const
  const optional = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, Type.Optional(field)]))
  const record = (event: string, { identity, address }: ApiRequest<unknown, unknown, unknown>, subject: string) =>
    access.recordAccess({ event, identity, address, subject: `${noun} ${subject}` })
  const found = async (queries: Queries, period: string): Promise<ElementRecord> => {
    const [name = '', from = ''] = period.split('~')
    const isInstant = from === always || parseInstant(from) !== undefined
    const element = isInstant && (await findElement(queries, table, name, from === always ? null : from))
    if (!element) throw notFound(noun, 'path.periodId', period)
    return element
  }
  const shown = (element: ElementRecord) => ({
    periodId: `${element[idField] as string}~${element.validFrom ?? always}`,
    ...element,
    version: versionOf(element),
  })

  return [
    defineRoute({
      method: 'GET',
      path,
      operationId: `list${operation}Periods`,
      summary: `How each ${noun} of the network was, and when`,
      tag: 'network',
      right: 'read',
      query: Type.Object({
        [idField]: Type.Optional(id),
        [filter.field]: Type.Optional(filter.schema),
        at: Type.Optional(InstantParameter('Those that are so at this instant; all there ever were unless given')),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'By identifier, and of one in the order of time', schema: pageOf(schema) } },
      csv: [idField, ...Object.keys(fields), 'validFrom', 'validTo'].map((name) => ({ name, kind: 'text' })),
      async handle(request) {
        const { cursor, limit, at, ...rest } = request.query as { cursor?: string; limit: number; at?: number }
        const given = rest as Record<string, string | undefined>
        const key = keys.after(cursor)
        const after = key && { id: key.id, validFrom: isoOf(key.validFrom) }
        const asked = { id: given[idField], within: given[filter.field], at }
        const rows = await listElements(database, table, asked, { after, limit: limit + 1 })
        return {
          body: keys.page(rows.map(shown), limit, ({ periodId, validFrom }) => ({
            ...{ id: periodId.split('~')[0]!, validFrom: validFrom === null ? null : Date.parse(validFrom) },
          })),
        }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${path}/{periodId}`,
      operationId: `get${operation}`,
      summary: `A ${noun} of the network in one period`,
      tag: 'network',
      right: 'read',
      params,
      answers: { 200: { description: 'As it is told', schema } },
      handle: async ({ params: { periodId } }) => ({ body: shown(await found(database, periodId)) }),
    }),
    defineRoute({
      method: 'POST',
      path,
      operationId: `create${operation}`,
      summary: `Register a ${noun}, or say how it is from an instant on`,
      description: 'What was known of it without end ends where this begins.',
      tag: 'network',
      right: 'administer',
      body: Type.Object({
        [idField]: id,
        ...optional,
        ...Object.fromEntries(required.map((name) => [name, fields[name]!])),
        validFrom: bound('From when on; null or not given: always', '2026-01-01T00:00:00-03:00'),
        validTo,
      }),
      answers: {
        201: { description: 'As it is told', schema },
        409: { description: 'It is told already from there on' },
      },
      async handle(request) {
        const body = request.body as Record<string, string | boolean | null>
        const validFrom = givenInstant('validFrom', body['validFrom'] as string | null | undefined)
        const validTo = givenInstant('validTo', body['validTo'] as string | null | undefined)
        const name = body[idField] as string
        const from = validFrom === null ? null : new Date(validFrom).toISOString()
        const created = await changing(database, async (client) => {
          const queries = queriesOf(client)
          if (await findElement(queries, table, name, from))
            throw conflict(`the ${noun} ${name} is told already from there on`)
          await importLine(client, table, { ...body, validFrom, validTo })
          return (await findElement(queries, table, name, from))!
        })
        const element = shown(created)
        await record('registry_created', request, element.periodId)
        return {
          ...{ status: 201, body: element },
          headers: { Location: `${path}/${encodeURIComponent(element.periodId)}` },
        }
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: `${path}/{periodId}`,
      operationId: `change${operation}`,
      summary: `Correct what is told of a ${noun} in one period, or when it ends`,
      description:
        'It counts as if it always had been told so: what was computed from it is computed again. What is otherwise from an instant on is registered from then on instead.',
      tag: 'network',
      right: 'administer',
      params,
      body: Type.Object({ ...optional, validTo, version: Type.Optional(version) }),
      answers: { 200: { description: 'As it is told', schema }, 409: { description: 'Somebody changed it meanwhile' } },
      async handle(request) {
        const { periodId } = request.params
        const { version, ...change } = request.body as Record<string, string | boolean | null>
        const changed = await changing(database, async (client) => {
          const before = await found(queriesOf(client), periodId)
          checkVersion(before, version as string | undefined)
          const after = { ...before, ...change }
          const validTo = givenInstant('validTo', after.validTo)
          const validFrom = before.validFrom === null ? null : Date.parse(before.validFrom)
          await importLine(client, table, { ...after, validFrom, validTo })
          return found(queriesOf(client), periodId)
        })
        await record('registry_changed', request, periodId)
        return { body: shown(changed) }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: `${path}/{periodId}`,
      operationId: `delete${operation}`,
      summary: `Strike out a period of a ${noun} that never was`,
      description: 'One that was and is over is given its end instead.',
      tag: 'network',
      right: 'administer',
      params,
      query: Type.Object({ version: Type.Optional(version) }),
      answers: { 204: { description: 'Gone' }, 409: { description: 'Somebody changed it meanwhile, or it is in use' } },
      async handle(request) {
        const { periodId } = request.params
        await changing(database, async (client) => {
          const queries = queriesOf(client)
          const before = await found(queries, periodId)
          checkVersion(before, request.query.version)
          const name = before[idField] as string
          await removeElement(client, table, name, before.validFrom === null ? -Infinity : Date.parse(before.validFrom))
          if (table === 'transformers') await checkUnused(queries, name)
        })
        await record('registry_deleted', request, periodId)
        return {}
      },
    }),
  ]
}

/** @throws Problem 409 where units hang on a transformer that nothing is known of any more */
async function checkUnused(queries: Queries, transformerId: string): Promise<void> {
  const page = { after: undefined, limit: 1 }
  const [known] = await listElements(queries, 'transformers', { id: transformerId }, page)
  const [supply] = known ? [] : await listElements(queries, 'supplies', { within: transformerId }, page)
  if (supply) throw conflict(`the transformer ${transformerId} supplies units, such as ${supply['unitId'] as string}`)
}

const isoOf = (at: number | null): string => (at === null ? '-infinity' : new Date(at).toISOString())
