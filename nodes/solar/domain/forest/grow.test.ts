import assert from 'node:assert/strict'
import fc from 'fast-check'
import { forestToBytes } from './forest-bytes.ts'
import { growForest } from './grow.ts'
import { leaf, type Forest } from './isolation-forest.ts'
import { rowsOf, type Rows } from './rows.ts'
import { scoreRows } from './score.ts'

/** A number as a measure may be, or a missing one. */
const cell = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null, freq: 6 })
const anyRows = (least = 2): fc.Arbitrary<Rows> =>
  fc.array(fc.tuple(cell, cell, cell), { minLength: least, maxLength: 40 }).map((rows) => rowsOf(3, rows))

const threeRows = rowsOf(1, [[0], [1], [10]])

describe('a forest that is grown', () => {
  it('is the same for the same seed, and another one for another (property)', () =>
    fc.assert(
      fc.property(anyRows(8), fc.integer(), (rows, seed) => {
        const grown = (of: number): Uint8Array =>
          forestToBytes(growForest(rows, { trees: 20, sampleSize: 8, seed: of }))
        assert.deepEqual(grown(seed), grown(seed))
        const vary = [0, 1, 2].some((feature) => new Set(valuesOf(rows, feature)).size > 2)
        if (vary) assert.notDeepEqual(grown(seed), grown(seed + 1))
      }),
    ))

  it('leaves all rows of a sample in its leaves, none deeper than a balanced tree of them (property)', () =>
    fc.assert(
      fc.property(anyRows(), fc.integer({ min: 2, max: 50 }), fc.integer(), (rows, sampleSize, seed) => {
        const forest = growForest(rows, { trees: 5, sampleSize, seed })
        const size = Math.min(sampleSize, rows.present.length)
        assert.equal(forest.sampleSize, size)
        for (const [tree, root] of forest.roots.entries()) {
          const until = forest.roots[tree + 1] ?? forest.feature.length
          assert.equal(
            forest.size.subarray(root, until).reduce((sum, one) => sum + one, 0),
            size,
          )
          assert.ok(depthOf(forest, root) <= Math.ceil(Math.log2(size)))
        }
      }),
    ))

  it('tells what lies apart by shorter paths than what lies among others (property)', () =>
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), fc.integer({ min: 0, max: 2 }), (seed, above, feature) => {
        const cloud = Array.from({ length: 300 }, (_, n) => [Math.sin(n), Math.cos(3 * n), Math.sin(7 * n) / 2])
        const far = [0, 0, 0].map((centre, at) => (at === feature ? (above ? 8 : -8) : centre))
        const rows = rowsOf(3, [...cloud, far])
        const scores = scoreRows(growForest(rows, { trees: 60, seed }), rowsOf(3, [far, [0, 0, 0]]))
        assert.ok(scores[0]! > 0.6 && scores[0]! > scores[1]! + 0.1, `${scores[0]} is not far above ${scores[1]}`)
      }),
      { numRuns: 8 },
    ))

  it('makes no row rarer by what is missing of it, and tells it by what is not', () => {
    const cloud = Array.from({ length: 300 }, (_, n) => [Math.sin(n), Math.cos(3 * n), Math.sin(7 * n)])
    const forest = growForest(rowsOf(3, [...cloud, [9, 0, 0]]), { seed: 3 })
    const rows = [
      [0, 0, 0],
      [0, null, 0],
      [9, 0, 0],
      [9, null, 0],
    ]
    const [common, commonWithGap, far, farWithGap] = scoreRows(forest, rowsOf(3, rows))
    assert.ok(commonWithGap! <= common! && farWithGap! <= far!)
    assert.ok(farWithGap! > common! + 0.1, `${farWithGap} is not far above ${common}`)
  })

  it('grows of history with gaps, of a feature that nobody has, and of rows that are all the same', () => {
    const gaps = rowsOf(2, [
      [1, null],
      [2, null],
      [null, null],
      [4, null],
    ])
    assert.ok(growForest(gaps, { trees: 20, seed: 1 }).feature.every((feature) => feature === 0 || feature === leaf))
    const same = growForest(
      rowsOf(
        2,
        Array.from({ length: 9 }, () => [1, 2]),
      ),
      { trees: 3, seed: 1 },
    )
    assert.deepEqual([...same.feature], [leaf, leaf, leaf])
    assert.equal(scoreRows(same, rowsOf(2, [[1, 2]]))[0], 0.5)
  })

  it('parts neighbours among the numbers', () => {
    const next = 1 + Number.EPSILON
    const forest = growForest(rowsOf(1, [[1], [next]]), { trees: 50, seed: 5 })
    assert.ok(forest.value.every((value, node) => forest.feature[node] === leaf || value === 1))
  })

  for (const [rows, options, message] of [
    [rowsOf(1, [[1]]), { seed: 1 }, /grows of two rows or more: there are 1/],
    [threeRows, { seed: 0.5 }, /seed is 0.5/],
    [threeRows, { seed: 1, trees: 0 }, /trees is 0: it takes a whole number from 1 to 2000/],
    [threeRows, { seed: 1, sampleSize: 1 }, /sampleSize is 1/],
  ] as const)
    it(`is refused: ${message.source}`, () =>
      assert.throws(() => growForest(rows, options), { name: 'RangeError', message }))
})

const valuesOf = (rows: Rows, feature: number): number[] =>
  [...rows.present.keys()]
    .filter((row) => (rows.present[row]! >> feature) & 1)
    .map((row) => rows.values[row * rows.width + feature]!)

function depthOf(forest: Forest, node: number): number {
  if (forest.feature[node] === leaf) return 0
  return 1 + Math.max(depthOf(forest, node + 1), depthOf(forest, forest.right[node]!))
}
