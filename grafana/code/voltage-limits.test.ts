import assert from 'node:assert/strict'
import { lowVoltageBands } from '../../nodes/voltage/domain/bands.ts'
import { transgressionOn } from '../../nodes/voltage/domain/transgression.ts'
import { bandLimitsOfDevice, drcSteps, drpSteps, transgression } from './voltage-limits.ts'

describe('limits of voltage quality', () => {
  it('are those of the rule table', () => {
    assert.equal(transgression, transgressionOn('2026-11-22').value)
    assert.deepEqual(
      [drpSteps, drcSteps].map(([near]) => near!.from),
      [transgression.drpLimitPct / 2, transgression.drcLimitPct / 2],
    )
  })

  it('turn red with the first window beyond, not at the limit', () => {
    const { windows, drpLimitPct } = transgression
    const red = drpSteps[1]!.from
    assert.ok(red > drpLimitPct && (red * windows) / 100 < (drpLimitPct * windows) / 100 + 1.01)
  })

  it('bound each band by every row of the norm', () => {
    const { rawSql } = bandLimitsOfDevice().withLetter('A').build() as unknown as { rawSql: string }
    for (const [nominal, { criticalLow, adequateLow, adequateHigh, criticalHigh }] of Object.entries(
      lowVoltageBands[0]!.value,
    ))
      assert.ok(
        rawSql.includes(`, ${nominal}, true, false, ${criticalLow}, ${adequateLow}, ${adequateHigh}, ${criticalHigh})`),
      )
  })
})
