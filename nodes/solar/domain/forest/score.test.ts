import assert from 'node:assert/strict'
import fc from 'fast-check'
import { growForest } from './grow.ts'
import { averagePathLength, forestOf } from './isolation-forest.ts'
import { rowsOf, type Rows } from './rows.ts'
import { scoreRows } from './score.ts'

/** A number as a measure may be, or a missing one. */
const cell = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null, freq: 6 })
const anyRows = (least = 2): fc.Arbitrary<Rows> =>
  fc.array(fc.tuple(cell, cell, cell), { minLength: least, maxLength: 40 }).map((rows) => rowsOf(3, rows))

/** Some of the rows, by their numbers and in that order. */
const pickRows = ({ width, values, present }: Rows, chosen: readonly number[]): Rows => ({
  width,
  values: Float64Array.from(chosen.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)])),
  present: Uint8Array.from(chosen, (row) => present[row]!),
})

/** One split by feature 0 at 5: one row of eight is above it. */
const one = forestOf(2, 8, [[{ feature: 0, threshold: 5, missingRight: false }, { size: 7 }, { size: 1 }]])

describe('scores', () => {
  const scale = averagePathLength(8)
  for (const [what, row, path] of [
    ['up to the threshold', [5, 0], 1 + averagePathLength(7)],
    ['above it', [5.000_001, 0], 1],
    ['whose feature is missing, as most are', [null, 0], 1 + averagePathLength(7)],
  ] as const)
    it(`of a row ${what} are 2^(−path / c(8))`, () =>
      assert.equal(scoreRows(one, rowsOf(2, [row]))[0], 2 ** (-path / scale)))

  it('of a row that nothing is known of are 0', () => assert.equal(scoreRows(one, rowsOf(2, [[null, null]]))[0], 0))

  it('follow the way of what is missing', () => {
    const right = forestOf(2, 8, [[{ feature: 0, threshold: 5, missingRight: true }, { size: 1 }, { size: 7 }]])
    const [missing, above] = scoreRows(
      right,
      rowsOf(2, [
        [null, 1],
        [9, 1],
      ]),
    )
    assert.equal(missing, above)
  })

  it('are refused to rows of another width', () =>
    assert.throws(() => scoreRows(one, rowsOf(3, [[1, 2, 3]])), {
      message: /rows have 3 features: the forest judges 2/,
    }))

  it('lie above 0 and up to 1, but for rows that nothing is known of (property)', () =>
    fc.assert(
      fc.property(anyRows(), anyRows(), fc.integer(), (train, rows, seed) => {
        const scores = scoreRows(growForest(train, { trees: 10, sampleSize: 16, seed }), rows)
        for (const [row, score] of scores.entries())
          assert.ok(rows.present[row] === 0 ? score === 0 : score > 0 && score <= 1, `${score}`)
      }),
    ))

  it('do not depend on the order of rows, or on the others (property)', () =>
    fc.assert(
      fc.property(
        anyRows().chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows.present.keys()], { minLength: 1 }), fc.integer()),
        ),
        ([rows, chosen, seed]) => {
          const forest = growForest(rows, { trees: 10, sampleSize: 16, seed })
          const all = scoreRows(forest, rows)
          assert.deepEqual(
            [...scoreRows(forest, pickRows(rows, chosen))],
            chosen.map((row) => all[row]),
          )
        },
      ),
    ))
})
