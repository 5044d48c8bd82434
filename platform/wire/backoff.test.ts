import assert from 'node:assert/strict'
import fc from 'fast-check'
import { backoffMs } from './backoff.ts'

describe('the pause before another attempt', () => {
  it('is anything up to half a second at first, and up to half a minute in the end', () => {
    assert.deepEqual(
      [0, 1, 2, 5, 6, 7].map((attempt) => backoffMs(attempt, 1)),
      [500, 1_000, 2_000, 16_000, 30_000, 30_000],
    )
    assert.equal(backoffMs(3, 0.5), 2_000)
  })

  it('never gets longer than that, however often it was tried (property)', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const ms = backoffMs(attempt, random)
        assert.ok(ms >= 0 && ms <= 30_000)
      }),
    )
  })
})
