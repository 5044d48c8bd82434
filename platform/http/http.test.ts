import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import { provideHealth } from './health.ts'
import register from './http.ts'

interface Answer {
  code: number
  headers: Record<string, string>
  body: { status?: string; reasons?: string[] }
  text: string
}

/** Asks as Node-RED's HTTP server would. */
async function ask(path: string): Promise<Answer> {
  const routes = new Map<string, (request: unknown, response: unknown) => void>()
  let plugin: { onadd(): void } | undefined
  register({
    plugins: { registerPlugin: (_id: string, given: { onadd(): void }) => (plugin = given) },
    httpNode: { get: (route: string, handler: () => void) => routes.set(route, handler) },
  } as unknown as NodeAPI)
  plugin!.onadd()
  const answer: Answer = { code: 200, headers: {}, body: {}, text: '' }
  const { promise: answered, resolve } = Promise.withResolvers<void>()
  const response = {
    status: (code: number) => ((answer.code = code), response),
    set: (name: string, value: string) => ((answer.headers[name] = value), response),
    json: (body: Answer['body']) => ((answer.body = body), resolve()),
    send: (text: string) => ((answer.text = text), resolve()),
  }
  routes.get(path)!({}, response)
  await answered
  return answer
}

describe('GET /api/health', () => {
  it('answers 200 when everything needed is there, and is never kept by a cache', async () => {
    const withdrawals = (['db', 'mqtt'] as const).map((part) => provideHealth(part, () => ({ up: true })))
    const { code, headers, body } = await ask('/api/health')
    for (const withdraw of withdrawals) withdraw()
    assert.equal(code, 200)
    assert.equal(body.status, 'ok')
    assert.equal(headers['Cache-Control'], 'no-store')
  })

  it('answers 503 with the reasons when something needed is down', async () => {
    const { code, body } = await ask('/api/health')
    assert.equal(code, 503)
    assert.equal(body.status, 'degraded')
    assert.equal(body.reasons!.length, 2)
  })
  it('answers 200, degraded, when InfluxDB is away: nothing else needs it', async () => {
    const withdrawals = (['db', 'mqtt'] as const).map((part) => provideHealth(part, () => ({ up: true })))
    withdrawals.push(provideHealth('influx', () => ({ up: false, detail: 'connect ECONNREFUSED' })))
    const { code, body } = await ask('/api/health')
    for (const withdraw of withdrawals) withdraw()
    assert.equal(code, 200)
    assert.deepEqual([body.status, body.reasons], ['degraded', ['influx: connect ECONNREFUSED']])
  })
})

describe('GET /api/metrics', () => {
  it('answers Prometheus text that no cache keeps', async () => {
    const { code, headers, text } = await ask('/api/metrics')
    assert.equal(code, 200)
    assert.match(headers['Content-Type']!, /^text\/plain; version=/)
    assert.equal(headers['Cache-Control'], 'no-store')
    assert.match(text, /^# HELP linhaviva_up /m)
  })
})
