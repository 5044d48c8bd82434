import assert from 'node:assert/strict'
import fc from 'fast-check'
import { reachesLimit, type TrendPoint } from './overload-trend.ts'

const now = Date.UTC(2026, 5, 1, 18)
const minuteMs = 60_000
const points = (...powers: number[]): TrendPoint[] =>
  powers.map((powerKw, index) => ({ at: now - (powers.length - index) * minuteMs, powerKw }))

describe('a load that goes on as it did', () => {
  it('reaches its limit where its line does', () => {
    const found = reachesLimit(points(50, 52, 54, 56, 58), 80, now, 30)!
    assert.ok(Math.abs(found.nowKw - 60) < 1e-9 && Math.abs(found.kwPerMinute - 2) < 1e-9)
    assert.ok(Math.abs(found.inMinutes - 10) < 1e-9)
  })

  it('does not where it is beyond the horizon, falls, is there already, or is known too little', () => {
    const cases = [
      reachesLimit(points(50, 52, 54, 56, 58), 80, now, 9),
      reachesLimit(points(58, 56, 54, 52, 50), 80, now, 30),
      reachesLimit(points(82, 84, 86, 88, 90), 80, now, 30),
      reachesLimit(points(50, 60, 70), 80, now, 30),
      reachesLimit([], 80, now, 30),
    ]
    assert.deepEqual(cases, [undefined, undefined, undefined, undefined, undefined])
  })

  it('does not where its trend is lost in its unrest', () => {
    assert.equal(reachesLimit(points(50, 70, 40, 72, 48, 71, 52, 74), 80, now, 30), undefined)
  })

  it('reaches a higher limit later (property)', () => {
    const kw = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(fc.array(kw, { minLength: 5, maxLength: 15 }), kw, kw, (powers, limit, more) => {
        const higher = reachesLimit(points(...powers), limit + more, now, 60)
        const lower = reachesLimit(points(...powers), limit, now, 60)
        if (lower && higher) assert.ok(higher.inMinutes >= lower.inMinutes - 1e-9)
      }),
    )
  })
})
