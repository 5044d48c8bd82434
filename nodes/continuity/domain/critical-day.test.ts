import assert from 'node:assert/strict'
import fc from 'fast-check'
import { criticalDayThreshold, historyBefore, historyOf, isCritical } from './critical-day.ts'

describe('the threshold of critical days', () => {
  const k1 = historyOf([1, 2, 3, 2, 1, 2, 3, 2, 1, 3])

  it('is mean + 3 σ of the population (vector K1)', () => {
    const threshold = criticalDayThreshold(k1, 'population')
    assert.equal(threshold.meanPerDay, 2)
    assert.equal(threshold.sigmaPerDay.toFixed(6), '0.774597')
    assert.equal(threshold.perDay.toFixed(6), '4.323790')
    assert.equal(threshold.needed, 5)
    assert.ok(!isCritical(4, threshold))
    assert.ok(isCritical(5, threshold))
  })

  it('is mean + 3 σ of the sample, where that is chosen (vector K1)', () => {
    const threshold = criticalDayThreshold(k1, 'sample')
    assert.equal(threshold.sigmaPerDay.toFixed(6), '0.816497')
    assert.equal(threshold.perDay.toFixed(6), '4.449490')
    assert.equal(threshold.needed, 5)
  })

  it('is exceeded strictly: a day that reaches it is not critical', () => {
    // Mean 1, σ 1.
    const threshold = criticalDayThreshold(historyOf([0, 2, 0, 2]), 'population')
    assert.equal(threshold.perDay, 4)
    assert.ok(!isCritical(4, threshold))
    assert.equal(threshold.needed, 5)
  })

  it('is the mean where all days are alike, and 0 where nothing ever happened', () => {
    assert.equal(criticalDayThreshold(historyOf([3, 3, 3]), 'population').perDay, 3)
    const quiet = criticalDayThreshold(historyOf(Array.from({ length: 730 }, () => 0)), 'sample')
    assert.deepEqual([quiet.perDay, quiet.needed], [0, 1])
  })

  it('is none of less than two days', () => {
    for (const counts of [[], [7]]) assert.throws(() => criticalDayThreshold(historyOf(counts), 'sample'), RangeError)
  })

  const counts = fc.array(fc.nat(2_000), { minLength: 2, maxLength: 1_000 })

  it('is that of the definition, however it is summed up (property)', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom('population' as const, 'sample' as const), (counts, sigma) => {
        const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
        const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0)
        const expected = mean + 3 * Math.sqrt(squares / (sigma === 'sample' ? counts.length - 1 : counts.length))
        const { perDay } = criticalDayThreshold(historyOf(counts), sigma)
        assert.ok(Math.abs(perDay - expected) <= 1e-9 * (1 + expected), `${perDay} and ${expected}`)
      }),
    )
  })

  it('is passed first by the count that it says is needed, and moves with the counts (property)', () => {
    fc.assert(
      fc.property(counts, fc.nat(50), (counts, more) => {
        const threshold = criticalDayThreshold(historyOf(counts), 'population')
        assert.ok(isCritical(threshold.needed, threshold))
        assert.ok(!isCritical(threshold.needed - 1, threshold))
        const moved = criticalDayThreshold(historyOf(counts.map((count) => count + more)), 'population')
        assert.ok(Math.abs(moved.perDay - threshold.perDay - more) < 1e-6)
        assert.deepEqual(criticalDayThreshold(historyOf(counts.toReversed()), 'population'), threshold)
      }),
    )
  })
})

describe('the history of a day', () => {
  for (const [day, months, from, until] of [
    ['2026-11-21', 24, '2024-01-01', '2026-01-01'],
    ['2026-01-01', 24, '2024-01-01', '2026-01-01'],
    ['2025-12-31', 24, '2023-01-01', '2025-01-01'],
    ['2026-06-01', 18, '2024-07-01', '2026-01-01'],
    ['2026-06-01', 60, '2021-01-01', '2026-01-01'],
  ] as const)
    it(`${day}, ${months} months: from ${from} to before ${until}`, () =>
      assert.deepEqual(historyBefore(day, months), { from, until }))
})
