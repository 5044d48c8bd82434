import assert from 'node:assert/strict'
import fc from 'fast-check'
import { calibratedScore, calibratedScores, unusualFrom } from './calibration.ts'
import { rowsOf } from './rows.ts'
import { scoreRows } from './score.ts'
import { trainForest } from './training.ts'

describe('a calibrated score', () => {
  for (const [score, threshold, calibrated] of [
    [0, 0.6, 0],
    [0.3, 0.6, 0.35],
    [0.6, 0.6, unusualFrom],
    [0.8, 0.6, 0.85],
    [1, 0.6, 1],
    [1, 1, unusualFrom],
  ] as const)
    it(`of ${score} by a forest of threshold ${threshold} is ${calibrated}`, () =>
      assert.ok(Math.abs(calibratedScore(score, threshold) - calibrated) < 1e-12))

  it('is given to each row that anything is known of', () => {
    const rows = rowsOf(1, [[1], [2], [3], [null], [90]])
    const trained = trainForest(rows, { seed: 1, trees: 20, quantile: 0.5 })
    const scores = scoreRows(trained.forest, rows)
    const expected = [0, 1, 2, 4].map((row) => calibratedScore(scores[row]!, trained.threshold))
    assert.deepEqual(calibratedScores(trained, rows), [...expected.slice(0, 3), null, expected[3]])
    assert.ok(expected[3]! > unusualFrom)
  })

  it('keeps the order of scores, in (0, 1], and which lie above the threshold (property)', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true })
    fc.assert(
      fc.property(share, share, share, (one, other, threshold) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map((score) =>
          calibratedScore(score, threshold),
        )
        assert.ok(low! <= high! && low! > 0 && high! <= 1 + 1e-12)
        if (one > threshold * (1 + 1e-9)) assert.ok(calibratedScore(one, threshold) > unusualFrom)
        if (one <= threshold) assert.ok(calibratedScore(one, threshold) <= unusualFrom + 1e-12)
      }),
    )
  })
})
