import assert from 'node:assert/strict'
import { backtestReport } from './backtest-report.ts'

const band = { from: 1, until: 15, days: 200, inside: 180, below: 12, above: 8, width: 0.0834 }
const crossing = { forecasts: 50, inside: 48, early: 2, late: 0, expectedShare: 0.1, seenShare: 0.08 }

describe('the report of a backtest', () => {
  it('has a line for each span ahead, and says whether the aim is reached', () => {
    const said = backtestReport({ of: 'panels', histories: 3, forecasts: 60, bands: [band], crossing })
    assert.match(said, /^Maintenance forecasts of 3 panels: 60 forecasts/)
    assert.match(said, /1 to 15 +200 +90\.0 % +6\.0 % +4\.0 % +0\.083/)
    assert.match(said, /covers 90\.0 % of 200 days, aimed at 85 to 95 %: reached\./)
    assert.match(
      said,
      /96\.0 % of 50 forecasts .* 2 crossed before it, 0 after\. 10\.0 % were expected to cross, 8\.0 % did\./,
    )
  })

  it('says where it is missed, and where nothing was held out', () => {
    const poor = { ...band, inside: 150 }
    assert.match(backtestReport({ of: 'panels', histories: 3, forecasts: 60, bands: [poor], crossing }), /: missed\./)
    const none = { ...band, days: 0, inside: 0, below: 0, above: 0 }
    assert.match(backtestReport({ of: 'panels', histories: 1, forecasts: 0, bands: [none], crossing }), /1 to 15 +0 +–/)
  })
})
