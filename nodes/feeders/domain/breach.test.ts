import assert from 'node:assert/strict'
import { breaches } from './breach.ts'
import { feeder } from './observed-device.fixture.ts'

describe('a limit that is broken', () => {
  const feeders = [feeder('f-0', null, 100, 50), feeder('f-1', 'f-0', 30), feeder('f-2', 'f-0', 5)]
  const broken = (total: number) =>
    breaches(feeders, new Map([['f-0', { total, A: total / 3, B: total / 3, C: total / 3 }]])).map(
      ({ feederId, direction, measuredKw, limitKw }) => [feederId, direction, measuredKw, limitKw],
    )

  it('is one that a head was measured beyond, either way', () => {
    assert.deepEqual(broken(100), [])
    assert.deepEqual(broken(100.5), [['f-0', 'import', 100.5, 100]])
    assert.deepEqual(broken(-50), [])
    assert.deepEqual(broken(-51), [['f-0', 'export', 51, 50]])
  })

  it('is one of a phase, too', () => {
    const limits = [{ line: 'B', direction: 'import', limitKw: 10, source: 'limit:7', expiresAt: null } as const]
    const found = breaches([{ feederId: 'f-1', limits }], new Map([['f-1', { total: 12, A: 0, B: 12, C: 0 }]]))
    assert.deepEqual(found, [
      { feederId: 'f-1', line: 'B', direction: 'import', measuredKw: 12, limitKw: 10, source: 'limit:7' },
    ])
  })
})
