import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import { provideHealth } from './health.ts'
import register from './http.ts'

interface Answer {
  code: number
  headers: Record<string, string>
  body: { status?: string; reasons?: string[] }
}

/** Asks as Node-RED's HTTP server would. */
function ask(path: string): Answer {
  const routes = new Map<string, (request: unknown, response: unknown) => void>()
  let plugin: { onadd(): void } | undefined
  register({
    plugins: { registerPlugin: (_id: string, given: { onadd(): void }) => (plugin = given) },
    httpNode: { get: (route: string, handler: () => void) => routes.set(route, handler) },
  } as unknown as NodeAPI)
  plugin!.onadd()
  const answer: Answer = { code: 200, headers: {}, body: {} }
  const response = {
    status: (code: number) => ((answer.code = code), response),
    set: (name: string, value: string) => ((answer.headers[name] = value), response),
    json: (body: Answer['body']) => (answer.body = body),
  }
  routes.get(path)!({}, response)
  return answer
}

describe('GET /api/health', () => {
  it('answers 200 when everything needed is there, and is never kept by a cache', () => {
    const withdrawals = (['db', 'mqtt'] as const).map((part) => provideHealth(part, () => ({ up: true })))
    const { code, headers, body } = ask('/api/health')
    for (const withdraw of withdrawals) withdraw()
    assert.equal(code, 200)
    assert.equal(body.status, 'ok')
    assert.equal(headers['Cache-Control'], 'no-store')
  })

  it('answers 503 with the reasons when something needed is down', () => {
    const { code, body } = ask('/api/health')
    assert.equal(code, 503)
    assert.equal(body.status, 'degraded')
    assert.equal(body.reasons!.length, 2)
  })
})
