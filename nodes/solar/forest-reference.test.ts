import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { growForest } from './domain/forest/grow.ts'
import { forestOf } from './domain/forest/isolation-forest.ts'
import { rowsOf } from './domain/forest/rows.ts'
import { scoreRows } from './domain/forest/score.ts'

/** What `make_reference.py` beside it had of scikit-learn. */
interface Reference<Trees> {
  readonly library: string
  readonly sampleSize: number
  readonly trees: Trees
  readonly rows: readonly (readonly number[])[]
  readonly scores: readonly number[]
}

const folder = join(import.meta.dirname, '../../..', 'nodes/solar/domain/forest/reference')
const read = <Trees>(name: string): Reference<Trees> =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Reference<Trees>
const rowsIn = ({ rows }: Reference<unknown>) =>
  rowsOf(
    5,
    rows.map((row) => row.map(Math.fround)),
  )

describe('the isolation forest beside that of scikit-learn', () => {
  it('gives rows the same scores by the same trees, within 1e-6', () => {
    const reference = read<([number] | [number, number])[][]>('fixed-forest')
    const trees = reference.trees.map((nodes) =>
      nodes.map(([first, threshold]) =>
        threshold === undefined ? { size: first } : { feature: first, threshold, missingRight: false },
      ),
    )
    const scores = scoreRows(forestOf(5, reference.sampleSize, trees), rowsIn(reference))
    const furthest = Math.max(...reference.scores.map((score, row) => Math.abs(score - scores[row]!)))
    assert.ok(reference.scores.length >= 200)
    assert.ok(furthest < 1e-6, `a score of ${reference.library} is ${furthest} away`)
  })

  it('ranks rows as its own 2,000 trees do, with as many and other seeds: Spearman above 0.99', function () {
    this.timeout(60_000)
    const reference = read<number>('rank-order')
    const { trees, sampleSize } = reference
    const rows = rowsIn(reference)
    for (const seed of [1, 2]) {
      const correlation = spearman(reference.scores, [
        ...scoreRows(growForest(rows, { trees, sampleSize, seed }), rows),
      ])
      assert.ok(correlation > 0.99, `seed ${seed}: ${correlation}`)
    }
  })

  it('would tell an order that differs', () => {
    assert.equal(spearman([1, 2, 3], [10, 20, 90]), 1)
    assert.equal(spearman([1, 2, 3], [3, 2, 1]), -1)
    assert.ok(Math.abs(spearman([1, 2, 2, 4], [1, 3, 2, 4]) - 0.948_683) < 1e-6)
  })
})

/** Rank correlation; ranks of equal numbers are their mean. */
function spearman(one: readonly number[], other: readonly number[]): number {
  const [x, y] = [ranks(one), ranks(other)]
  const mean = (one.length + 1) / 2
  const sum = (of: (index: number) => number): number => one.reduce((total, _, index) => total + of(index), 0)
  const covariance = sum((index) => (x[index]! - mean) * (y[index]! - mean))
  return covariance / Math.sqrt(sum((index) => (x[index]! - mean) ** 2) * sum((index) => (y[index]! - mean) ** 2))
}

function ranks(numbers: readonly number[]): number[] {
  const sorted = numbers.toSorted((one, other) => one - other)
  return numbers.map((number) => (sorted.indexOf(number) + 1 + sorted.lastIndexOf(number) + 1) / 2)
}
