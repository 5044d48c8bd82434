import assert from 'node:assert/strict'
import fc from 'fast-check'
import { rowsOf } from './rows.ts'
import { scoreRows } from './score.ts'
import { quantileOf, trainForest } from './training.ts'

const cloud = rowsOf(
  2,
  Array.from({ length: 1_000 }, (_, n) => [Math.sin(n) + n / 1_000, Math.cos(7 * n)]),
)

describe('training', () => {
  it('takes as threshold what so many of the training rows score at most', () => {
    const { forest, threshold } = trainForest(cloud, { seed: 1, trees: 50, quantile: 0.99 })
    const above = scoreRows(forest, cloud).filter((score) => score > threshold).length
    assert.ok(above > 0 && above <= 10, `${above} of 1,000 lie above the threshold`)
    assert.ok(scoreRows(forest, rowsOf(2, [[30, 30]]))[0]! > threshold)
  })

  it('has another threshold for another quantile', () => {
    const at = (quantile: number): number => trainForest(cloud, { seed: 1, trees: 50, quantile }).threshold
    assert.ok(at(0.5) < at(0.9) && at(0.9) < at(0.999))
  })

  for (const quantile of [0, 1, NaN])
    it(`refuses the quantile ${quantile}`, () =>
      assert.throws(() => trainForest(cloud, { seed: 1, quantile }), {
        message: new RegExp(`quantile is ${quantile}`),
      }))
})

describe('a quantile', () => {
  it('is the least number that is as high as a share of them', () => {
    const numbers = Float64Array.of(4, 1, 3, 2)
    for (const [share, quantile] of [
      [0.01, 1],
      [0.25, 1],
      [0.26, 2],
      [0.75, 3],
      [0.99, 4],
    ] as const)
      assert.equal(quantileOf(numbers, share), quantile)
    assert.deepEqual([...numbers], [4, 1, 3, 2])
    assert.throws(() => quantileOf(new Float64Array(), 0.5), /nothing to take a quantile of/)
  })

  it('has at least its share at or below it (property)', () =>
    fc.assert(
      fc.property(
        fc.float64Array({ minLength: 1, noNaN: true }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (numbers, share) => {
          const quantile = quantileOf(numbers, share)
          assert.ok(numbers.filter((number) => number <= quantile).length >= share * numbers.length - 1e-9)
          assert.ok(numbers.filter((number) => number < quantile).length <= share * numbers.length)
        },
      ),
    ))
})
