import assert from 'node:assert/strict'
import { lateConsumers } from './late-consumers.ts'

describe('late consumers', () => {
  const now = 10_000_000
  const late = (behindMs: number | null, { said = false, rate = 1 } = {}) =>
    lateConsumers(
      [['rollups', { batchesBehind: 3, oldestAt: behindMs === null ? null : now - behindMs, lastSuccessAt: now }]],
      () => said,
      300_000,
      rate,
      now,
    ).map(({ name, behindMs }) => [name, behindMs])

  it('are those that are behind by more than the limit', () => {
    assert.deepEqual(late(300_001), [['rollups', 300_001]])
    assert.deepEqual(late(300_000), [])
    assert.deepEqual(late(null), [])
  })
  it('are late until they are behind by less than half of it', () => {
    assert.deepEqual(late(150_001, { said: true }), [['rollups', 150_001]])
    assert.deepEqual(late(150_000, { said: true }), [])
  })
  it('are judged by the wall’s pace in simulated time', () => assert.deepEqual(late(1_000_000, { rate: 600 }), []))
})
