import assert from 'node:assert/strict'
import { transgressionOn, transgressionRules } from './transgression.ts'

describe('the rule of transgression', () => {
  it('is seven days of ten minutes, 3 % and 0.5 %', () => {
    const { windows, drpLimitPct, drcLimitPct } = transgressionOn('2026-11-21').value
    assert.equal(windows, 7 * 24 * 6)
    assert.deepEqual([drpLimitPct, drcLimitPct], [3, 0.5])
    // 30 and 5 windows are allowed, one more is not.
    assert.ok((100 * 30) / windows < drpLimitPct && (100 * 31) / windows > drpLimitPct)
    assert.ok((100 * 5) / windows < drcLimitPct && (100 * 6) / windows > drcLimitPct)
  })

  it('holds on every day since it is known', () => {
    const [first] = transgressionRules
    assert.equal(transgressionOn(first!.validFrom), first)
    assert.throws(() => transgressionOn('1999-12-31'), { name: 'NoRule', message: /voltage transgression/ })
  })
})
