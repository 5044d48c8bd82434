import assert from 'node:assert/strict'
import fc from 'fast-check'
import { forestFromBytes, forestToBytes } from './forest-bytes.ts'
import { growForest } from './grow.ts'
import { forestOf } from './isolation-forest.ts'
import { rowsOf, type Rows } from './rows.ts'
import { scoreRows } from './score.ts'

/** A number as a measure may be, or a missing one. */
const cell = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null, freq: 6 })
const anyRows = (least = 2): fc.Arbitrary<Rows> =>
  fc.array(fc.tuple(cell, cell, cell), { minLength: least, maxLength: 40 }).map((rows) => rowsOf(3, rows))

const small = forestOf(5, 258, [
  [{ feature: 4, threshold: -1.5, missingRight: true }, { size: 1 }, { size: 257 }],
  [{ size: 258 }],
])

describe('a forest as bytes', () => {
  it('begins with LVIF and its version, and takes 9 bytes a split and 3 a leaf', () => {
    const hex = Buffer.from(forestToBytes(small)).toString('hex')
    assert.equal(
      hex,
      ['4c564946', '01', '05', '0102', '0002', '84bff8000000000000', '7f0001', '7f0101', '7f0102'].join(''),
    )
  })

  it('comes back as it was, and scores as it did (property)', () =>
    fc.assert(
      fc.property(anyRows(), fc.integer(), (rows, seed) => {
        const forest = growForest(rows, { trees: 7, sampleSize: 16, seed })
        const bytes = forestToBytes(forest)
        const again = forestFromBytes(bytes)
        assert.deepEqual(again, forest)
        assert.deepEqual(scoreRows(again, rows), scoreRows(forest, rows))
        // A part of a larger buffer, as a database driver hands it out.
        const within = new Uint8Array(bytes.length + 5)
        within.set(bytes, 5)
        assert.deepEqual(forestFromBytes(within.subarray(5)), forest)
      }),
    ))

  it('that are none, of another version or damaged are refused with what is wrong (property)', () => {
    const bytes = forestToBytes(small)
    const changed = (at: number, byte: number): Uint8Array => bytes.with(at, byte)
    for (const [bad, message] of [
      [new Uint8Array(), /^0 bytes are no forest/],
      [changed(0, 0), /are no forest/],
      [changed(4, 2), /of version 2: this reads version 1/],
      [changed(10, 5), /feature of node 0 of tree 0 is 5/],
      [new Uint8Array([...bytes, 0]), /1 bytes behind its last tree/],
    ] as const)
      assert.throws(() => forestFromBytes(bad), { name: 'RangeError', message })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) =>
        assert.throws(() => forestFromBytes(bytes.subarray(0, length)), RangeError),
      ),
    )
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        // Whatever a byte becomes, it is another forest, or none: never another error.
        try {
          forestFromBytes(changed(at, byte))
        } catch (error) {
          assert.ok(error instanceof RangeError)
        }
      }),
    )
  })
})
