import assert from 'node:assert/strict'
import fc from 'fast-check'
import { percentile95 } from './percentile-95.ts'

/** 1, 2, 3 … */
const first = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('the value that only 5 % of the readings exceed', () => {
  for (const [count, value] of [
    // 50 of 1,008 are greater than the 958th; 51 would be 5.06 %.
    [1_008, 958],
    [1_007, 957],
    [1_000, 950],
    [20, 19],
    [19, 19],
    [1, 1],
  ] as const)
    it(`of 1 to ${count} is ${value}`, () => assert.equal(percentile95(first(count)), value))

  it('passes over 50 bad readings of 1,008, and not over 51', () => {
    const with_ = (bad: number) => percentile95([...first(1_008 - bad).map(() => 1), ...first(bad).map(() => 9)])
    assert.equal(with_(50), 1)
    assert.equal(with_(51), 9)
  })

  it('of nothing is nothing', () => assert.equal(percentile95([]), undefined))

  const readings = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 1_100 })
  const share = (of: readonly number[], above: number): number =>
    (of.filter((one) => one > above).length * 100) / of.length

  it('is a reading that at most 5 % exceed, and any smaller reading is exceeded by more (property)', () => {
    fc.assert(
      fc.property(readings, (some) => {
        const value = percentile95(some)!
        assert.ok(some.includes(value))
        assert.ok(share(some, value) <= 5)
        for (const smaller of some.filter((one) => one < value)) assert.ok(share(some, smaller) > 5)
      }),
      { numRuns: 50 },
    )
  })

  it('does not depend on their order, and changes nothing in them (property)', () => {
    fc.assert(
      fc.property(readings, (some) => {
        const before = [...some]
        assert.equal(percentile95(some), percentile95(some.toReversed()))
        assert.deepEqual(some, before)
      }),
    )
  })
})
