import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { describe, it } from 'mocha'
import { waitUntil } from '../node/waiting.fixture.ts'
import { CallerGone, send } from './answer.ts'
import type { ApiAnswer, ApiRoute } from './route.ts'

const route = {
  operationId: 'list',
  answers: { 200: { description: '' }, 201: { description: '', type: 'text/plain' } },
  csv: [{ name: 'id', kind: 'number' }],
} as unknown as ApiRoute

async function answered<T>(answer: ApiAnswer, ask: (url: string) => Promise<T>, format: 'json' | 'csv' = 'json') {
  let failed: unknown
  const server = express()
    .get('/', (request, response) => {
      send(request, response, route, answer, format).catch((error: unknown) => {
        failed = error
        response.destroy()
      })
    })
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return { got: await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), failed: () => failed }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('an answer', () => {
  const get =
    (headers: Record<string, string> = {}) =>
    async (url: string) => {
      const response = await fetch(url, { headers })
      return [response.status, response.headers.get('content-type'), await response.text()]
    }

  for (const [what, answer, ...expected] of [
    ['JSON', { body: { a: 1 } }, 200, 'application/json; charset=utf-8', '{"a":1}'],
    ['nothing', {}, 204, null, ''],
    ['a status of its own', { status: 202, body: [] }, 202, 'application/json; charset=utf-8', '[]'],
    ['null', { body: null }, 200, 'application/json; charset=utf-8', 'null'],
    ['a text as it is', { status: 201, body: 'a,b' }, 201, 'text/plain', 'a,b'],
  ] as const)
    it(`is ${what}`, async () => assert.deepEqual((await answered(answer, get())).got, expected))

  it('is parts as they are, where it has a media type of its own', async () => {
    const rows = [Buffer.from('S\xe3o', 'latin1'), ';1\r\n']
    const { got } = await answered({ status: 201, rows }, async (url) => {
      const response = await fetch(url)
      return [response.headers.get('content-type'), Buffer.from(await response.arrayBuffer()).toString('latin1')]
    })
    assert.deepEqual(got, ['text/plain', 'São;1\r\n'])
  })

  it('that a caller has already is not sent again', async () => {
    const answer = { body: 'x', headers: { ETag: '"v1"', 'Cache-Control': 'no-cache' } }
    const again = get({ 'if-none-match': '"v1"', 'cache-control': '' })
    assert.deepEqual((await answered(answer, again)).got, [304, null, ''])
    assert.equal((await answered(answer, get({ 'if-none-match': '"v0"', 'cache-control': '' }))).got[0], 200)
  })

  it('that fails before its first row has begun nothing', async () => {
    const next = () => Promise.reject(new Error('the database is away'))
    const rows = { [Symbol.asyncIterator]: () => ({ next }) }
    const { failed } = await answered({ rows }, (url) => assert.rejects(fetch(url)), 'csv')
    assert.match(String(failed()), /is away/)
  })

  it('that nobody waits for any more is no fault', async () => {
    const rows = async function* () {
      for (let id = 0; ; id++) yield { id }
    }
    const leave = async (url: string): Promise<void> => {
      const stop = new AbortController()
      await fetch(url, { signal: stop.signal })
      stop.abort()
    }
    const { failed } = await answered({ rows: rows() }, leave, 'csv')
    await waitUntil('the end of the stream', () => failed() !== undefined)
    assert.ok(failed() instanceof CallerGone)
  })

  it('that fails half way does not look like a whole one', async () => {
    const rows = async function* () {
      yield { id: 1 }
      throw new Error('the database went away')
    }
    const { failed } = await answered(
      { rows: rows() },
      (url) => assert.rejects(fetch(url).then((each) => each.text())),
      'csv',
    )
    assert.match(String(failed()), /went away/)
  })
})
