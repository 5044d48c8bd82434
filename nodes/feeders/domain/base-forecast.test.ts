import assert from 'node:assert/strict'
import fc from 'fast-check'
import { boundsOf, largestMarginKw, withMeasurement, type ForecastState } from './base-forecast.ts'
import { eachLine, onPhases } from './by-line.ts'

const minute = 60_000
const hour = 60 * minute

/** Measured every minute, from an instant on. */
function measured(
  powers: readonly number[],
  from = 0,
  state?: ForecastState,
  everyMs = minute,
  forgetMs = 4 * everyMs,
): ForecastState {
  for (const [index, kw] of powers.entries()) {
    const baseKw = onPhases(kw, ['A', 'B', 'C'])
    state = withMeasurement(
      state,
      { feederId: 'f', by: 'head', at: from + index * everyMs, baseKw, steered: [] },
      forgetMs,
    )
  }
  return state!
}
const total = (state: ForecastState, lost = 0): [number, number] => {
  const { lowKw, highKw } = boundsOf(state, lost)
  return [lowKw.total, highKw.total].map((kw) => Math.round(kw * 1_000) / 1_000) as [number, number]
}

describe('a forecast of what nobody steers', () => {
  it('is what it was, give or take a tenth, until it knows better', () => {
    assert.deepEqual(total(measured([60])), [54, 66])
    assert.deepEqual(total(measured([-60])), [-66, -54])
    assert.equal(boundsOf(measured([60]), 0).highKw.B, 22)
  })

  it('is as wrong as the last ones were, upwards and downwards', () => {
    const saw = Array.from({ length: 40 }, (_, index) => 60 + [0, 3, 1][index % 3]!)
    // From 60 to 63 by 3, on by −2 and −1: it ends on 60.
    assert.deepEqual(total(measured(saw)), [58, 63])
  })

  it('takes little from what is to be shared for one step', () => {
    const flat = Array.from({ length: 30 }, () => 60)
    assert.deepEqual(total(measured([...flat, 80, ...flat])), [59.4, 60.6])
    assert.equal(largestMarginKw(measured([...flat, 80, ...flat])), 0.6)
  })

  it('learns nothing from measurements far apart', () => {
    const before = measured([60])
    assert.deepEqual(measured([90], hour, before).errorsKw.total, [])
    assert.deepEqual(measured([90], minute, before).errorsKw.total, [30])
  })

  it('grows towards the highest and lowest of the day before it was lost, and no further', () => {
    const day = measured([10, 100, 40], 0, undefined, hour, 0)
    assert.deepEqual(total(day, 0), [36, 44])
    assert.deepEqual(total(day, 0.5), [23, 72])
    assert.deepEqual(total(day, 1), [10, 100])
    assert.deepEqual(total(measured([40, 39, 41], 0, undefined, hour, 0), 1), [36.9, 45.1])
  })

  it('forgets what was more than a day ago, and what has not been yet', () => {
    const before = measured([500], 0)
    assert.deepEqual(total(measured([40], 23 * hour, before), 1), [36, 500])
    assert.deepEqual(total(measured([40], 24 * hour, before), 1), [36, 44])
    assert.deepEqual(total(measured([40], 0, measured([500], 5 * hour)), 1), [36, 44])
  })

  it('never has less of a margin the longer nothing is heard (property)', () => {
    const power = fc.double({ min: -100, max: 200, noNaN: true })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(power, { minLength: 1, maxLength: 60 }), share, share, (powers, one, other) => {
        const state = measured(powers, 0, undefined, 7 * minute)
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((lost) => boundsOf(state, lost))
        eachLine((line) => {
          assert.ok(more!.highKw[line] >= less!.highKw[line] - 1e-9 && more!.lowKw[line] <= less!.lowKw[line] + 1e-9)
          assert.ok(less!.lowKw[line] <= state.baseKw[line] && less!.highKw[line] >= state.baseKw[line])
          return 0
        })
        assert.ok(state.errorsKw.total.length <= 40 && state.hours.length <= 25)
      }),
    )
  })
})
