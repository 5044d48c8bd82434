import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import { useApi, type TestApi } from './api.fixture.ts'
import type { OpenApiDocument } from './document.fixture.ts'
import { exercise, unknownPasswords, type Exercised } from './exercise.fixture.ts'
import { healthRoutes } from './health-routes.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { openMetrics } from './metrics.ts'
import { Keyset, pageOf, pageQuery } from './pages.ts'
import { notFound } from './problem.ts'
import { defineRoute, type ApiRoute } from './route.ts'

const thing = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z]{1,8}-\\d{1,4}$', examples: ['pv-001'] }),
    name: Type.String({ maxLength: 20 }),
    powerKw: Type.Number({ minimum: 0, maximum: 100 }),
    kind: Type.Union([Type.Literal('pv'), Type.Literal('ev')]),
    at: Type.String({ format: 'date-time' }),
    note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  },
  { $id: 'Thing' },
)
const params = Type.Object({ id: Type.String({ maxLength: 100 }) })
const keyset = new Keyset(Type.Object({ id: Type.String() }))
const common = { tag: 'things', summary: 'x' }

function thingRoutes(database: TestApi['services']['database']): readonly ApiRoute[] {
  const things = new Map([['pv-001', { id: 'pv-001', name: 'a', powerKw: 1, kind: 'pv', at: '2026-11-21T12:00:00Z' }]])
  return [
    defineRoute({
      ...{ ...common, method: 'GET', path: '/api/things', operationId: 'listThings', right: 'read' },
      query: Type.Object({
        ...pageQuery(),
        since: Type.Optional(Type.Unsafe<number>(Type.String({ format: 'date-time' }))),
        kind: Type.Optional(Type.Array(Type.String(), { maxItems: 3 })),
        search: Type.String({ minLength: 1, maxLength: 50, examples: ['a'] }),
      }),
      answers: { 200: { description: 'Things', schema: pageOf(thing) } },
      async handle({ query: { cursor, limit, search } }) {
        keyset.after(cursor)
        // Whatever gets here can be given to the database.
        await database.query('select $1::text', [search])
        return { body: keyset.page([...things.values()], limit, ({ id }) => ({ id })) }
      },
    }),
    defineRoute({
      ...{ ...common, method: 'PUT', path: '/api/things/{id}', operationId: 'putThing', right: 'administer' },
      params,
      body: thing,
      answers: { 200: { description: 'Kept', schema: thing } },
      async handle({ params: { id }, body }) {
        if (!things.has(id)) throw notFound('thing', 'path.id', id)
        await database.query('select $1::jsonb', [JSON.stringify(body)])
        return { body }
      },
    }),
  ]
}

const exerciseAll = async (test: TestApi, more: Partial<Parameters<typeof exercise>[0]> = {}): Promise<Exercised> =>
  exercise({
    url: test.url,
    document: (await test.as().get('/api/openapi.json')).body as OpenApiDocument,
    logIn: (role) => test.logIn(role),
    cannotSucceed: unknownPasswords,
    expiredToken: await test.expiredToken(),
    ...more,
  })

describe('exercising the API from its document', function () {
  this.timeout(180_000)
  const test = useApi({
    routes: [healthRoutes, () => metricsRoutes(openMetrics(), undefined), ({ database }) => thingRoutes(database)],
  })

  it('finds nothing wrong with routes that do what they say, and has tried everything', async () => {
    const { calls, count, faults } = await exerciseAll(test)
    assert.deepEqual(faults, [])
    assert.ok(count > 200, `${count} calls`)
    assert.deepEqual(
      new Set(calls.keys()),
      new Set(test.api.routes.filter(({ hidden }) => !hidden).map(({ operationId }) => operationId)),
    )
    const kinds = new Set([...calls.values()].flatMap((each) => [...each.keys()]))
    for (const kind of [
      ...[
        'valid',
        'valid, in full',
        'no token',
        'expired token',
        'forged token',
        'wrong role',
        'missing',
        'wrong type',
      ],
      ...['out of range', 'twice', 'unknown parameter', 'unknown field', 'unknown id', 'wrong media type', 'hostile'],
    ])
      assert.ok(kinds.has(kind), kind)
  })
})

const faulty = (operationId: string, path: `/api/${string}`, rest: Partial<ApiRoute>): ApiRoute => ({
  ...{ ...common, method: 'GET', path, operationId, right: 'read' },
  answers: { 200: { description: 'x', schema: Type.Object({ n: Type.Integer() }) } },
  handle: async () => ({ body: { n: 1 } }),
  ...rest,
})

describe('exercising an API with faults', function () {
  this.timeout(180_000)
  const test = useApi({
    routes: [
      () => [
        faulty('breaks', '/api/breaks', { handle: () => Promise.reject(new Error('broken')) }),
        faulty('breaksOnText', '/api/breaks-on-text', {
          query: Type.Object({ text: Type.String({ examples: ['a'] }) }),
          handle: ({ query }) => {
            JSON.parse((query as { text: string }).text === 'null' ? '{' : '{}')
            return Promise.resolve({ body: { n: 1 } })
          },
        }),
        faulty('lies', '/api/lies', { handle: async () => ({ body: { n: 1, secret: 2 } }) }),
        faulty('knowsAll', '/api/all/{id}', { params }),
        faulty('openToAll', '/api/open', { right: 'open', handle: async () => ({ status: 418, body: {} }) }),
      ],
    ],
  })

  it('finds each of them', async () => {
    const { faults } = await exerciseAll(test)
    test.faults.splice(0)
    const found = new Set(faults.map((fault) => /\((\w+), ([\w ]+)/.exec(fault)!.slice(1, 3).join(': ')))
    for (const expected of [
      'breaks: valid',
      'breaksOnText: hostile',
      'lies: valid',
      'knowsAll: unknown id',
      'openToAll: valid',
    ])
      assert.ok(found.has(expected), `${expected} in ${[...found].join(', ')}`)
    assert.ok(!found.has('breaksOnText: valid'))
  })
})

describe('exercising what is meant so', function () {
  this.timeout(180_000)
  const test = useApi({ routes: [() => [faulty('knowsAll', '/api/all/{id}', { params })]] })

  it('is told of it', async () => {
    const { faults } = await exerciseAll(test, { withoutUnknownId: { knowsAll: 'it is meant so' } })
    assert.deepEqual(faults, [])
  })
})
