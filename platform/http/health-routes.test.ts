import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { useApi } from './api.fixture.ts'
import { healthRoutes } from './health-routes.ts'
import { provideConsumer, provideHealth, provideOfflineDevices } from './health.ts'

describe('GET /api/health', () => {
  const test = useApi({ routes: [healthRoutes] })
  const withdrawals: (() => void)[] = []
  afterEach(() => {
    for (const withdraw of withdrawals.splice(0)) withdraw()
  })
  const up = (part: 'db' | 'mqtt' | 'influx') => withdrawals.push(provideHealth(part, () => ({ up: true })))

  it('says words only to whoever is not logged in', async () => {
    up('db')
    withdrawals.push(provideHealth('mqtt', () => ({ up: false, detail: 'connect ECONNREFUSED 10.0.0.9:1883' })))
    for (const caller of [test.as(), test.withToken('nonsense')]) {
      const { status, body, headers } = await caller.get('/api/health')
      assert.equal(status, 503)
      assert.deepEqual(body, { status: 'degraded', db: 'up', mqtt: 'down', influx: 'off' })
      assert.equal(headers.get('cache-control'), 'no-store')
    }
  })

  it('says all to who may read', async () => {
    up('db')
    up('mqtt')
    const state = { batches: 9, readings: 90, failures: 0, oldestAt: null, lastSuccessAt: null }
    withdrawals.push(provideConsumer('rollups', () => ({ ...state, batchesBehind: 2, readingsBehind: 20 })))
    withdrawals.push(provideOfflineDevices(() => 3))
    const { status, body } = await test.as('viewer').get('/api/health')
    assert.deepEqual([status, body.status, body.offlineDevices, body.clock.source], [200, 'ok', 3, 'wall'])
    assert.deepEqual(body.controlLoop, { status: 'off', lastTickAt: null, stalled: false })
    assert.deepEqual(body.consumers, { rollups: { batchesBehind: 2, readingsBehind: 20 } })
  })

  it('answers 503 when something needed is down, with the reasons', async () => {
    const { status, body } = await test.as('viewer').get('/api/health')
    assert.deepEqual([status, body.status, body.reasons.length], [503, 'degraded', 2])
  })

  it('answers 200, degraded, when InfluxDB is away: nothing else needs it', async () => {
    up('db')
    up('mqtt')
    withdrawals.push(provideHealth('influx', () => ({ up: false, detail: 'connect ECONNREFUSED' })))
    const { status, body } = await test.as('viewer').get('/api/health')
    assert.deepEqual([status, body.status, body.reasons], [200, 'degraded', ['influx: connect ECONNREFUSED']])
  })
})
