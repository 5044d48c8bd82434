import assert from 'node:assert/strict'
import { closenessOf } from './closeness.ts'

const week = { drpPct: 0, drpLimitPct: 3, drpViolated: false, drcPct: 0, drcLimitPct: 0.5, drcViolated: false }

describe('how close a week is to its limits', () => {
  it('goes by the limit that it is closest to', () => {
    assert.equal(closenessOf(week), 'within')
    assert.equal(closenessOf({ ...week, drpPct: 2.39 }), 'within')
    assert.equal(closenessOf({ ...week, drpPct: 2.4 }), 'near')
    assert.equal(closenessOf({ ...week, drcPct: 0.496 }), 'near')
    assert.equal(closenessOf({ ...week, drpPct: 0.1, drcPct: 0.6, drcViolated: true }), 'above')
  })
})
