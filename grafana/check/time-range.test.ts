import assert from 'node:assert/strict'
import { instantOf, intervalMs, intervalOf } from './time-range.ts'

const now = Date.parse('2026-11-22T12:00:00Z')

describe('time that is looked at', () => {
  it('is said as Grafana takes it', () => {
    assert.equal(instantOf('now', now), now)
    assert.equal(instantOf('now-6h', now), now - 6 * 3_600_000)
    assert.equal(instantOf('2026-11-22T11:00:00Z', now), now - 3_600_000)
    assert.equal(instantOf(String(now), 0), now)
    for (const none of ['yesterday', 'now-6', '']) assert.throws(() => instantOf(none, now), RangeError)
  })

  it('is divided into intervals that are round', () => {
    const last = (text: string, least?: string) =>
      intervalOf({ from: instantOf(`now-${text}`, now), to: now }, 1_000, least)
    assert.deepEqual([last('6h'), last('24h'), last('7d'), last('30d')], ['20s', '1m', '10m', '30m'])
    assert.equal(last('6h', '10m'), '10m')
    assert.equal(intervalMs('1.5h'), 5_400_000)
  })
})
