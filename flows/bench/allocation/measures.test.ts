import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { session } from './cases.samples.ts'
import { jainsIndex, measure } from './measures.ts'

describe("Jain's index", () => {
  it('is 1 where all have the same, 1/n where one has all', () => {
    assert.equal(jainsIndex([0.5, 0.5, 0.5]), 1)
    assert.equal(jainsIndex([0, 0, 0, 1]), 0.25)
    assert.equal(jainsIndex([]), 1)
  })
  it('of 1 and ½ is 0.9', () => assert.equal(jainsIndex([1, 0.5]), 0.9))
})

describe('the measures of a method', () => {
  it('compare with what was asked for and with the optimum, and count by the hour', () => {
    const measures = measure(
      'm',
      {
        deliveredKwh: new Map([
          ['a', 4],
          ['b', 1],
        ]),
        ...{
          violations: 0,
          violationsBeforeRounding: null,
          switches: 3,
          carHours: 2,
          shareMs: [1, 2, 3, 9],
          fallbacks: {},
        },
      },
      [session('a', [0, 4], 4, 7), session('b', [0, 4], 4, 7)],
      6,
    )
    assert.deepEqual(
      [measures.deliveredKwh, measures.ofRequested, measures.ofOptimum, measures.switchesPerHour],
      [5, 0.625, 5 / 6, 1.5],
    )
    assert.equal(measures.jain, 1.25 ** 2 / (2 * 1.0625))
    assert.deepEqual([measures.p50Ms, measures.p99Ms], [2, 9])
  })
})
