import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { CompensationBasis } from './compensation.ts'
import { explainedCost, explainedSum } from './explained-cost.ts'
import { costCents } from './outlook.ts'
import { hourMs, outageCourse, outageUnit, start } from './outlook.fixture.ts'

const basis: Omit<CompensationBasis, 'month'> = {
  ...{ voltageClass: 'BT', vrcBrl: 60 },
  limits: { dicH: 8, fic: 100, dmicH: 1_000, dicriH: 8, diseH: 24, source: 'test' },
  choices: {
    'continuity-compensated-value': 'whole',
    'continuity-compensation-cap': 'per-indicator',
    'continuity-individual-precision': 'exact',
  },
}

describe('the cost of an outage', () => {
  it('says with which indicators of which month it was calculated', () => {
    const unit = outageUnit({ before: { dicMs: 3 * hourMs } })
    const cost = explainedCost(unit, basis, outageCourse(), 7, start + 6 * hourMs)
    assert.deepEqual([cost.amountBrl, cost.inputs], [25.15, { 'with 2026-03': 25.15, 'without 2026-03': 0 }])
    const [item] = cost.months[0]!.withOutage.items
    assert.deepEqual([item!.indicator, item!.money.inputs['DICv'], item!.money.inputs['DICp']], ['DIC', 9, 8])
    assert.match(cost.rule.source, /PRODIST/)
  })

  it('names the interruption that is an event of its own', () => {
    const [month] = explainedCost(outageUnit(), basis, outageCourse('criticalDay'), 7, start + 20 * hourMs).months
    assert.equal(month!.withOutage.items[0]!.interruptionId, 7)
  })

  it('is what the list has it at (property)', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('ordinary', 'criticalDay', 'emergency'),
        fc.nat(900),
        fc.nat(20),
        (one, hours, dicH) => {
          const [unit, course] = [outageUnit({ before: { dicMs: dicH * hourMs } }), outageCourse(one)]
          const end = start + hours * hourMs
          const { amountBrl, exactBrl } = explainedCost(unit, basis, course, 7, end)
          assert.equal(Math.round(amountBrl * 100), costCents(unit, course, end))
          assert.ok(Math.abs(amountBrl - exactBrl) < 0.03, `${amountBrl} of ${exactBrl}`)
        },
      ),
    ))

  it('of all units is their sum', () =>
    assert.deepEqual(explainedSum(12_345, '2026-03', { units: 3 }).amountBrl, 123.45))
})
