import assert from 'node:assert/strict'
import { backtestOf, coverageOf, usualChoices, type MaintenanceBacktest } from './backtest.ts'
import { simulatedHistory } from './simulated-history.ts'

/** Seeds that nobody looked at while the forecast was built. */
const judgingSeed = 700_000

describe('the forecast of maintenance against days that it has not seen', function () {
  this.timeout(60_000)
  const histories = Array.from({ length: 60 }, (_, index) => simulatedHistory(judgingSeed + index))
  let result: MaintenanceBacktest

  before(() => {
    result = backtestOf('simulated panels', histories, usualChoices)
  })

  it('its 90 % band covers 85 to 95 % of them', () => {
    const { days, share } = coverageOf(result)
    assert.ok(days > 10_000, `${days} days`)
    assert.ok(share > 0.85 && share < 0.95, `covers ${share}`)
  })

  it('and no less of those that are far ahead', () => {
    for (const { from, days, inside } of result.bands) {
      const share = inside / days
      assert.ok(share > 0.85 && share < 0.95, `from day ${from}: ${share}`)
    }
  })

  it('is narrow enough to say something', () =>
    assert.ok(result.bands.every(({ width }) => width > 0.02 && width < 0.2)))

  it('crossings come within their interval', () => {
    const { forecasts, inside, expectedShare, seenShare } = result.crossing
    assert.ok(inside / forecasts >= 0.9, `${inside} of ${forecasts}`)
    assert.ok(Math.abs(expectedShare - seenShare) < 0.06, `${expectedShare} expected, ${seenShare} seen`)
  })

  it('can fail: a band that is made of nothing but the last day covers less', () => {
    const still = histories.slice(0, 3).map(({ days, ...history }) => ({
      ...history,
      // Every forecast sees a past without weather, and is held against days that have it.
      days: days.map((one, index) => (index % usualChoices.everyDays < 15 ? one : { ...one, ratio: one.ratio * 0.9 })),
    }))
    const { share } = coverageOf(backtestOf('bent', still, usualChoices))
    assert.ok(share < 0.85, `${share}`)
  })

  it('holds nothing against a forecast once somebody came or something broke', () => {
    const [history] = histories
    const everyDay = { ...history!, faults: history!.days.map(({ day }) => day) }
    const { bands, crossing, forecasts } = backtestOf('visited', [everyDay], usualChoices)
    assert.ok(forecasts > 0)
    assert.deepEqual([bands.every(({ days }) => days === 0), crossing.forecasts], [true, 0])
  })
})
