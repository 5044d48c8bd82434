import assert from 'node:assert/strict'
import { closenessOf } from './closeness.ts'

const week = {
  ...{ precariousWindows: 0, drpLimitPct: 3, drpViolated: false },
  ...{ criticalWindows: 0, drcLimitPct: 0.5, drcViolated: false },
}

describe('how close a week is to its limits', () => {
  it('goes by the limit that it is closest to: 30 precarious and 5 critical windows are allowed', () => {
    assert.equal(closenessOf(week), 'within')
    assert.equal(closenessOf({ ...week, precariousWindows: 23, criticalWindows: 3 }), 'within')
    assert.equal(closenessOf({ ...week, precariousWindows: 24 }), 'near')
    assert.equal(closenessOf({ ...week, criticalWindows: 4 }), 'near')
    assert.equal(closenessOf({ ...week, criticalWindows: 6, drcViolated: true }), 'above')
  })
})
