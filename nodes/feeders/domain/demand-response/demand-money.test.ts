import assert from 'node:assert/strict'
import fc from 'fast-check'
import { baselineOf } from './baseline.ts'
import { hourMs, six } from './call.fixture.ts'
import { civilIn } from './civil.fixture.ts'
import { deliveredIn } from './delivered.ts'
import { demandMoney } from './demand-money.ts'

const terms = { programId: 3, version: 2, incentiveBrlPerKwh: 0.9, penaltyBrlPerKwh: 0.45 }
const money = (deliveredKwh: number, committedKwh: number | null, of = terms) =>
  demandMoney(deliveredKwh, committedKwh, of, '2026-11-01')

describe('what a program owes for an event', () => {
  for (const [delivered, committed, brl, why] of [
    [70, 70, 63, 'all that was agreed on'],
    [90, 70, 63, 'no more than was agreed on'],
    [47.777, 70, 32.99, 'the incentive for what there is, less the penalty for what is missing, truncated'],
    [0, 70, -31.5, 'a penalty where nothing was delivered'],
    [47.777, null, 42.99, 'all that was delivered where nothing was agreed on'],
    [0, 0, 0, 'nothing for nothing'],
  ] as const)
    it(`R$ ${brl}: ${why}`, () => assert.equal(money(delivered, committed).amountBrl, brl))

  for (const [hours, deliveredKwh, brl] of [
    [2, 60, 45],
    [1, 36, 30.6],
  ] as const)
    it(`the worked example of docs/demand-response.md, ended after ${hours} h: ${deliveredKwh} kWh, R$ ${brl}`, () => {
      const civil = civilIn(-3)
      const byHour: Readonly<Record<string, number>> = { 15: 80, 16: 80, 18: 100, 19: 90 }
      const baseline = baselineOf({ startsAt: six, endsAt: six + hours * hourMs, called: new Set(), civil }, (hour) =>
        civil.dayOf(hour) === '2026-11-23' ? 86 : byHour[civil.textOf(hour).slice(11, 13)],
      )
      assert.ok(!('reason' in baseline))
      const measured = [70, 72].map((actualKw) => ({ actualKw, coverage: 1 }))
      const delivered = deliveredIn(baseline.parts, measured, 'import')
      assert.ok(!('reason' in delivered))
      assert.deepEqual(
        [delivered.deliveredKwh, money(delivered.deliveredKwh, hours * 40).amountBrl],
        [deliveredKwh, brl],
      )
    })

  it('explains itself', () => {
    const { inputs, exactBrl, rule } = money(47.777, 70)
    const { incentiveBrlPerKwh, paidKwh, penaltyBrlPerKwh, missingKwh } = inputs as Record<string, number>
    assert.equal(exactBrl, incentiveBrlPerKwh! * paidKwh! - penaltyBrlPerKwh! * missingKwh!)
    assert.deepEqual(rule, { validFrom: '2026-11-01', source: 'demand response program 3, version 2' })
  })

  it('refuses energy that cannot be', () => assert.throws(() => money(-1, 70), /-1 kWh/))

  it('never falls as more is delivered (property)', () => {
    const kwh = fc.double({ min: 0, max: 1e6, noNaN: true })
    const brl = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(kwh, kwh, fc.option(kwh), brl, brl, (one, more, committed, incentiveBrlPerKwh, penaltyBrlPerKwh) => {
        const of = { ...terms, incentiveBrlPerKwh, penaltyBrlPerKwh }
        const [less, most] = [money(one, committed, of), money(one + more, committed, of)]
        assert.ok(most.exactBrl >= less.exactBrl - 1e-6 * Math.abs(less.exactBrl))
      }),
    )
  })
})
