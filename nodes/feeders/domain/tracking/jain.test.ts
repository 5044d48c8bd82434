import assert from 'node:assert/strict'
import fc from 'fast-check'
import { jainIndex } from './jain.ts'

// What is smaller than any share vanishes by itself when it is scaled.
const share = fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))

describe("Jain's index", () => {
  for (const [shares, index] of [
    [[1, 1, 1, 1], 1],
    [[5, 0, 0, 0], 0.25],
    [[1, 2, 3], 36 / 42],
    [[0, 0], 1],
    [[], null],
  ] as const)
    it(`of ${JSON.stringify(shares)} is ${index}`, () => {
      const found = jainIndex(shares)
      assert.ok(found === index || Math.abs(found! - index!) < 1e-12, `${found}`)
    })

  it('refuses what is no share', () => {
    for (const wrong of [-1, NaN, Infinity]) assert.throws(() => jainIndex([1, wrong]), /share out of range/)
  })

  it('lies between 1/n and 1, and does not know the unit (property)', () => {
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 1, maxLength: 50 }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (shares, by) => {
          const index = jainIndex(shares)!
          assert.ok(index >= 1 / shares.length - 1e-9 && index <= 1 + 1e-9, `${index}`)
          assert.ok(Math.abs(jainIndex(shares.map((one) => one * by))! - index) < 1e-9)
        },
      ),
    )
  })
})
