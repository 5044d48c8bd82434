import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawsOf } from './draws.ts'
import { correlationOf, heightOn, trendOf, type RatioDay } from './trend.ts'

const line = (slope: number, days: number): RatioDay[] =>
  Array.from({ length: days }, (_, index) => ({ day: 100 + index, ratio: 0.95 + slope * index }))

/** A level with noise of a standard deviation that carries over from day to day. */
function noisy(seed: number, { slope = 0, days = 60, sd = 0.01, kept = 0 }): RatioDay[] {
  const draws = drawsOf(seed * 7_919)
  let off = draws.normal() * sd
  return line(slope, days).map(({ day, ratio }) => {
    off = kept * off + draws.normal() * sd * Math.sqrt(1 - kept ** 2)
    return { day, ratio: ratio + off }
  })
}

describe('the trend of daily ratios', () => {
  it('is the line that the days lie on', () => {
    const trend = trendOf(line(-0.001, 30))!
    assert.ok(Math.abs(trend.slopePerDay + 0.001) < 1e-12)
    assert.ok(Math.abs(heightOn(trend, 129) - 0.921) < 1e-12)
    assert.ok(trend.residualSd < 1e-12)
  })

  it('is the same with a quarter of bad days', () => {
    const days = noisy(1, { slope: -0.001, sd: 0.002 }).map((one, index) =>
      index % 4 === 1 ? { ...one, ratio: 0.2 } : one,
    )
    assert.ok(Math.abs(trendOf(days)!.slopePerDay + 0.001) < 0.0003)
  })

  it('is none of fewer than 5 days', () => assert.equal(trendOf(line(0, 4)), null))

  it('rests on the newest 90 days', () => {
    const bent = [...line(-0.01, 50), ...line(0, 90).map(({ day, ratio }) => ({ day: day + 50, ratio }))]
    const trend = trendOf(bent)!
    assert.deepEqual([trend.slopePerDay, trend.residuals.length], [0, 90])
  })

  it('knows its error, also where a day carries over to the next', () => {
    for (const kept of [0, 0.6]) {
      const runs = Array.from({ length: 200 }, (_, seed) => trendOf(noisy(seed + 1, { kept }))!)
      const real = Math.sqrt(runs.reduce((sum, { slopePerDay }) => sum + slopePerDay ** 2, 0) / runs.length)
      const said = runs.reduce((sum, { slopeSd }) => sum + slopeSd, 0) / runs.length
      assert.ok(said / real > 0.8 && said / real < 1.6, `${kept}: said ${said}, is ${real}`)
    }
  })

  it('moves with the days (property)', () => {
    const shift = fc.integer({ min: -1_000, max: 1_000 })
    const lift = fc.double({ min: -0.5, max: 0.5, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), shift, lift, (seed, by, up) => {
        const days = noisy(seed, { days: 20 })
        const moved = trendOf(days.map(({ day, ratio }) => ({ day: day + by, ratio: ratio + up })))!
        const trend = trendOf(days)!
        assert.ok(Math.abs(moved.slopePerDay - trend.slopePerDay) < 1e-9)
        assert.ok(Math.abs(heightOn(moved, 119 + by) - heightOn(trend, 119) - up) < 1e-9)
      }),
      { numRuns: 50 },
    )
  })
})

describe('what carries over from day to day', () => {
  const correlated = (kept: number): number => {
    const runs = Array.from({ length: 6 }, (_, seed) => {
      const days = noisy(seed + 1, { kept, days: 80 })
      return { days, residuals: trendOf(days)!.residuals }
    })
    return correlationOf(runs)
  }

  it('is found, and drawn a little towards what is usual', () => {
    assert.ok(Math.abs(correlated(0.6) - 0.6) < 0.15)
    assert.ok(correlated(0) < 0.2)
  })

  it('is of neighbours only: days with a gap between them are none', () => {
    const days = line(0, 20).map(({ day, ratio }) => ({ day: 2 * day, ratio }))
    assert.equal(correlationOf([{ days, residuals: days.map((_, index) => index % 3) }]), 0)
  })
})
