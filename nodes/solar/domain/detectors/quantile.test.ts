import assert from 'node:assert/strict'
import fc from 'fast-check'
import { quantile } from './quantile.ts'

describe('a quantile', () => {
  it('lies between order statistics', () => {
    assert.equal(quantile([], 0.5), null)
    assert.equal(quantile([7], 0.9), 7)
    assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5)
    assert.equal(quantile([1, 2, 3, 4, 5], 0.75), 4)
  })

  it('lies within the values and grows with its share (property)', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = quantile(values, share)!
          assert.ok(found >= Math.min(...values) && found <= quantile(values, 1)!)
        },
      ),
    ))
})
