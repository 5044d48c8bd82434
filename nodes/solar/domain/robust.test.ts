import assert from 'node:assert/strict'
import fc from 'fast-check'
import { median, medianOf, quantileOf, robustSd } from './robust.ts'

describe('robust figures', () => {
  it('the median is the middle, or between two', () => {
    assert.equal(medianOf([3, 1, 2]), 2)
    assert.equal(medianOf([4, 1, 2, 3]), 2.5)
    assert.deepEqual([median([4, 1, 2, 3]), median([7]), median([])], [2.5, 7, null])
  })

  it('quantiles lie between neighbours', () => {
    assert.equal(quantileOf([0, 10, 20, 30], 0.5), 15)
    assert.equal(quantileOf([0, 10], 0.05), 0.5)
    assert.equal(quantileOf([1, Infinity, Infinity], 1), Infinity)
  })

  it('refuse what has none', () => {
    assert.throws(() => medianOf([]), /no values have no quantile/)
    assert.throws(() => quantileOf([1], 1.1), /share out of range: 1\.1/)
  })

  it('half of the values cannot blow the spread up', () => {
    const calm = [-1, 0, 1, -1, 0, 1, -1, 0, 1]
    assert.ok(robustSd([...calm, 1e6, -1e6]) < 3)
    assert.equal(robustSd([]), 0)
  })

  it('a quantile is never beyond the values, and grows with its share (property)', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(values, share, share, (list, a, b) => {
        const [low, high] = [quantileOf(list, Math.min(a, b)), quantileOf(list, Math.max(a, b))]
        return low <= high && low >= Math.min(...list) && high <= Math.max(...list)
      }),
    )
  })
})
