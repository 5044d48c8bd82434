import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import {
  health,
  isServing,
  provideConsumer,
  provideControlLoop,
  provideHealth,
  provideIngestCounts,
  provideOfflineDevices,
  type IngestCounts,
} from './health.ts'

const counts = (received: number, lagMs: number): IngestCounts => ({
  ...{ received, stored: received, duplicates: 1, quarantined: 2, inFlight: 3, lagMs },
})

describe('health', () => {
  const withdrawals: (() => void)[] = []
  afterEach(() => {
    for (const withdraw of withdrawals.splice(0)) withdraw()
  })
  const up = (part: 'db' | 'mqtt' | 'influx') => withdrawals.push(provideHealth(part, () => ({ up: true })))

  it('is ok when everything needed is there', () => {
    up('db')
    up('mqtt')
    const { status, db, mqtt, influx, uptimeS, reasons } = health(12.4)
    assert.deepEqual([status, db, mqtt, influx, uptimeS, reasons], ['ok', 'up', 'up', 'off', 12, undefined])
  })

  it('is degraded with the reason when a part is down', () => {
    up('db')
    withdrawals.push(provideHealth('mqtt', () => ({ up: false, detail: 'Connection refused: Not authorized' })))
    const { status, db, mqtt, reasons } = health(0)
    assert.deepEqual([status, db, mqtt], ['degraded', 'up', 'down'])
    assert.deepEqual(reasons, ['mqtt: Connection refused: Not authorized'])
  })

  it('is degraded when one of two brokers is down', () => {
    up('db')
    up('mqtt')
    withdrawals.push(provideHealth('mqtt', () => ({ up: false, detail: 'away' })))
    assert.deepEqual(health(0).reasons, ['mqtt: away'])
  })

  it('is degraded, and serving, while only InfluxDB is down', () => {
    up('db')
    up('mqtt')
    withdrawals.push(provideHealth('influx', () => ({ up: false, detail: 'no answer within 10 s' })))
    const state = health(0)
    assert.deepEqual(
      [state.status, state.influx, state.reasons],
      ['degraded', 'down', ['influx: no answer within 10 s']],
    )
    assert.equal(isServing(state), true)
    assert.equal(isServing({ ...state, db: 'down' }), false)
    assert.equal(isServing({ ...state, mqtt: 'down' }), false)
  })

  it('says how far each consumer of the log is behind, until it closes', () => {
    const state = { batches: 9, readings: 90, failures: 0, oldestAt: null, lastSuccessAt: null }
    const withdraw = provideConsumer('rollups', () => ({ ...state, batchesBehind: 2, readingsBehind: 20 }))
    assert.deepEqual(health(0).consumers, { rollups: { batchesBehind: 2, readingsBehind: 20 } })
    // A node that is deployed anew is there before the old one is gone.
    withdrawals.push(provideConsumer('rollups', () => ({ ...state, batchesBehind: 1, readingsBehind: 10 })))
    withdraw()
    assert.deepEqual(health(0).consumers, { rollups: { batchesBehind: 1, readingsBehind: 10 } })
  })

  it('is degraded while no node of the flows stands for a part', () => {
    up('db')
    assert.deepEqual(health(0).reasons, ['mqtt: no node of the flows stands for it'])
  })

  it('sums what the nodes have counted, with the worst lag, until they close', () => {
    const withdraw = provideIngestCounts(() => counts(10, 500))
    withdrawals.push(provideIngestCounts(() => counts(5, 70)))
    assert.deepEqual(health(0).ingest, {
      ...{ received: 15, stored: 15, duplicates: 2, quarantined: 4, inFlight: 6, lagMs: 500 },
    })
    withdraw()
    assert.equal(health(0).ingest.received, 5)
  })

  it('says how the control loop of feeders is, off where nobody runs it', () => {
    assert.deepEqual(health(0).controlLoop, { status: 'off', lastTickAt: null, stalled: false })
    const state = { status: 'stalled', lastTickAt: Date.UTC(2026, 10, 21, 12), stalled: ['f-1'], overrun: [] } as const
    const withdraw = provideControlLoop(() => state)
    assert.deepEqual(health(0).controlLoop, {
      ...{ status: 'stalled', lastTickAt: '2026-11-21T12:00:00.000Z', stalled: true },
    })
    withdrawals.push(provideControlLoop(() => ({ ...state, status: 'ok', stalled: [] })))
    withdraw()
    assert.deepEqual([health(0).controlLoop.status, health(0).controlLoop.stalled], ['ok', false])
  })

  it('does not know how many devices are offline until somebody does', () => {
    assert.equal(health(0).offlineDevices, null)
    withdrawals.push(provideOfflineDevices(() => null))
    assert.equal(health(0).offlineDevices, null)
    withdrawals.push(provideOfflineDevices(() => 4))
    assert.equal(health(0).offlineDevices, 4)
  })
})
