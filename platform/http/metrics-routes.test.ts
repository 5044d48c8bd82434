import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from './api.fixture.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { openMetrics } from './metrics.ts'

describe('GET /metrics', () => {
  const token = 'a token of the scraper'
  const test = useApi({ routes: [() => metricsRoutes(openMetrics(), token.replaceAll(' ', '-'))] })

  it('answers Prometheus text that no cache keeps, to a scraper with its token and to who may read', async () => {
    for (const caller of [test.withToken(token.replaceAll(' ', '-')), test.as('viewer')]) {
      const { status, headers, text } = await caller.get('/metrics')
      assert.equal(status, 200)
      assert.match(headers.get('content-type')!, /^text\/plain; version=/)
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.match(text, /^# HELP linhaviva_up /m)
    }
  })

  it('answers nobody else', async () => {
    for (const caller of [test.as(), test.withToken('another'), test.withToken('undefined')])
      assert.equal((await caller.get('/metrics')).status, 401)
  })
})

describe('GET /metrics of an installation without a token', () => {
  const test = useApi({ routes: [() => metricsRoutes(openMetrics(), undefined)] })

  it('answers users only', async () => {
    assert.equal((await test.as('viewer').get('/metrics')).status, 200)
    for (const guess of ['undefined', 'null', '-'])
      assert.equal((await test.withToken(guess).get('/metrics')).status, 401)
  })
})
