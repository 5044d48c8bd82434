import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Type } from '@sinclair/typebox'
import { useApi } from './api.fixture.ts'
import { defineRoute } from './route.ts'

const echo = defineRoute({
  method: 'GET',
  path: '/api/echo/{name}',
  operationId: 'echo',
  summary: 'Says what was said',
  tag: 'test',
  right: 'read',
  params: Type.Object({ name: Type.String() }),
  query: Type.Object({ count: Type.Integer({ minimum: 1, default: 2 }) }),
  answers: { 200: { description: 'Said', schema: Type.Object({ name: Type.String(), count: Type.Integer() }) } },
  handle: async ({ params: { name }, query: { count } }) => ({ body: { name, count } }),
})

describe('the API', () => {
  const test = useApi({ routes: [() => [echo]] })

  it('answers whoever may ask', async () => {
    const { status, body } = await test.as('viewer').get('/api/echo/abc?count=3')
    assert.deepEqual([status, body], [200, { name: 'abc', count: 3 }])
  })

  it('does not answer who is not logged in', async () => {
    const { status, body, headers } = await test.as().get('/api/echo/abc')
    assert.equal(status, 401)
    assert.equal(body.status, 401)
    assert.match(headers.get('content-type')!, /^application\/problem\+json/)
    assert.equal((await test.withToken('nonsense').get('/api/echo/abc')).status, 401)
  })
})
