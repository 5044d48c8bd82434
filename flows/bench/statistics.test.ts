import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { percentile, slope } from './statistics.ts'

describe('percentile', () => {
  it('is the value at the nearest rank', () => {
    const sample = [15, 20, 35, 40, 50]
    assert.deepEqual(
      [0, 0.05, 0.3, 0.4, 0.5, 0.99, 1].map((share) => percentile(sample, share)),
      [15, 15, 20, 20, 35, 50, 50],
    )
    assert.equal(percentile([7], 0.99), 7)
    assert.equal(percentile([], 0.5), undefined)
  })

  it('is one of the values, with that share of them at or below it (property)', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sample, share) => {
          const value = percentile(sample, share)!
          assert.ok(sample.includes(value))
          assert.ok(sample.filter((one) => one <= value).length >= share * sample.length)
        },
      ),
    ))
})

describe('slope', () => {
  it('is that of the line through the points', () => {
    assert.equal(slope([0, 1, 2, 3].map((x) => ({ x, y: 400 + 2.5 * x }))), 2.5)
    assert.equal(slope([1, 2, 3].map((x) => ({ x, y: 9 }))), 0)
  })

  it('goes through the midst of what scatters', () => {
    assert.ok(Math.abs(slope([10, 14, 13, 17].map((y, x) => ({ x, y }))) - 2) < 1e-12)
  })

  it('is none where one point is all there is', () => {
    assert.equal(slope([{ x: 1, y: 5 }]), 0)
    assert.equal(slope([]), 0)
  })
})
