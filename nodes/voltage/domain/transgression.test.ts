import assert from 'node:assert/strict'
import { indicatorsOf } from './indicators.ts'
import { budgetOf, transgressionOn, transgressionRules } from './transgression.ts'

describe('the rule of transgression', () => {
  it('is seven days of ten minutes, 3 % and 0.5 %', () => {
    const { windows, drpLimitPct, drcLimitPct } = transgressionOn('2026-11-21').value
    assert.equal(windows, 7 * 24 * 6)
    assert.deepEqual([drpLimitPct, drcLimitPct], [3, 0.5])
  })

  it('allows 30 precarious and 5 critical windows: one more violates', () => {
    const day = '2026-11-21'
    const { precarious, critical } = budgetOf(transgressionOn(day).value)
    assert.deepEqual([precarious, critical], [30, 5])
    const violated = (more: number) => {
      const one = indicatorsOf({ precarious: [precarious + more, 0, 0], critical: [critical + more, 0, 0] }, day)
      return [one.drpViolated, one.drcViolated]
    }
    assert.deepEqual(
      [violated(0), violated(1)],
      [
        [false, false],
        [true, true],
      ],
    )
  })

  it('does not lose a window to binary fractions', () => {
    const rule = { ...transgressionOn('2026-11-21').value, windows: 1_000, drpLimitPct: 2.9, drcLimitPct: 0.7 }
    assert.deepEqual(budgetOf(rule), { precarious: 29, critical: 7 })
  })

  it('holds on every day since it is known', () => {
    const [first] = transgressionRules
    assert.equal(transgressionOn(first!.validFrom), first)
    assert.throws(() => transgressionOn('1999-12-31'), { name: 'NoRule', message: /voltage transgression/ })
  })
})
