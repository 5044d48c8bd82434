import assert from 'node:assert/strict'
import { healthOf, type IngestCounts, rateBetween } from './health.ts'

const ingest: IngestCounts = { received: 0, stored: 0, duplicates: 0, quarantined: 0, inFlight: 0, lagMs: 0 }
const counted = (at: number, received: number) => ({ at, counts: { ...ingest, received } })

describe('the health of the system', () => {
  it('is told also while it does not serve', () => {
    for (const status of [200, 503])
      assert.equal(healthOf({ status, text: JSON.stringify({ db: 'down', ingest }) }).db, 'down')
  })

  it('is not taken from what is no such answer', () => {
    const problem = JSON.stringify({ title: 'Service Unavailable', detail: 'no answer within 30 seconds' })
    assert.throws(() => healthOf({ status: 503, text: problem }), {
      status: 503,
      message: 'no answer within 30 seconds',
    })
    assert.throws(() => healthOf({ status: 502, text: '<html>' }), { status: 502, message: 'HTTP 502' })
    assert.throws(() => healthOf({ status: 401, text: JSON.stringify({ ingest, title: 'Unauthorized' }) }), {
      status: 401,
    })
    assert.throws(() => healthOf({ status: 200, text: 'null' }), { status: 200 })
  })
})

describe('readings a second', () => {
  it('are what came between two answers', () => {
    assert.equal(rateBetween(counted(1_000, 500), counted(6_000, 25_500)), 5_000)
    assert.equal(rateBetween(counted(1_000, 500), counted(3_000, 500)), 0)
  })

  it('are unknown at the first answer, without time between, and after a restart', () => {
    assert.equal(rateBetween(undefined, counted(1_000, 500)), undefined)
    assert.equal(rateBetween(counted(1_000, 500), counted(1_000, 600)), undefined)
    assert.equal(rateBetween(counted(1_000, 500), counted(3_000, 499)), undefined)
  })
})
