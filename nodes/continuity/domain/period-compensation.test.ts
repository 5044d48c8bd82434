import assert from 'node:assert/strict'
import fc from 'fast-check'
import { periodCompensationOf, type PeriodFacts, type PeriodMonth } from './period-compensation.ts'

const hourMs = 3_600_000
const inMonth = (hours: number, fic = 0, paidBrl = 0): PeriodMonth => ({
  ...{ dicMs: Math.round(hours * hourMs), fic, paidBrl, limits: { dicH: 8, fic: 5 } },
})
const due = (months: readonly PeriodMonth[], of: Partial<PeriodFacts> = {}) =>
  periodCompensationOf({
    ...{ period: 'quarter', month: '2021-12', voltageClass: 'BT', limits: { dicH: 16, fic: 10 }, eusdBrl: 60, months },
    ...of,
  })

describe('the compensation of a quarter or a year until 2021', () => {
  it('is the excess in the share of months that were within their limit', () => {
    // (20 − 16) h · 60/730 · 15 is 4.93151, of which months within their limit have 10 of 20 hours.
    const [dic, ...others] = due([inMonth(10, 0, 2.46), inMonth(7), inMonth(3)])
    assert.deepEqual([dic!.money.exactBrl.toFixed(6), dic!.money.amountBrl, dic!.paid], ['2.465753', 2.46, true])
    assert.match(dic!.money.formula, /· share of months within their limit$/)
    assert.equal(dic!.money.inputs['share of months within their limit'], 0.5)
    assert.deepEqual(others, [])
  })

  it('is what exceeds the payments of the months, where all of them were violated', () => {
    // (30 − 16) h · 60/730 · 15 is 17.260274.
    const [dic] = due([inMonth(10, 0, 2.46), inMonth(10, 0, 2.46), inMonth(10, 0, 2.46)])
    assert.equal(dic!.money.exactBrl.toFixed(6), '9.880274')
    assert.match(dic!.money.formula, /^max\(0, .* − paid in months\)$/)
    const [nothing] = due([inMonth(10, 0, 10), inMonth(10, 0, 10), inMonth(10, 0, 10)])
    assert.equal(nothing!.money.amountBrl, 0)
  })

  it('pays the greater one of DIC and FIC', () => {
    // FIC: (20/10 − 1) · 16 · 60/730 · 15 is 19.726027, all of it in months within their limit but for 10 of 20.
    const items = due([inMonth(10, 10), inMonth(7, 5), inMonth(3, 5)])
    assert.deepEqual(
      items.map(({ indicator, paid, money }) => [indicator, paid, money.exactBrl.toFixed(6)]),
      [
        ['DIC', false, '2.465753'],
        ['FIC', true, '9.863014'],
      ],
    )
  })

  it('has a cap of its own', () => {
    const [quarter] = due([inMonth(2_000), inMonth(0)])
    assert.equal(quarter!.money.inputs['cap'], 1_800)
    const [year] = due([inMonth(2_000), inMonth(0)], { period: 'year' })
    assert.equal(year!.money.inputs['cap'], 7_200)
  })

  it('is nothing at the limit, and nothing since 2022', () => {
    assert.deepEqual(due([inMonth(16, 10)]), [])
    assert.deepEqual(due([inMonth(20)], { month: '2022-03' }), [])
  })

  it('is refused for a limit of nothing', () =>
    assert.throws(() => due([inMonth(20)], { limits: { dicH: 0, fic: 1 } }), { name: 'RangeError' }))

  it('is never negative, nor above the cap (property)', () => {
    const month = fc.record({
      ...{ dicMs: fc.nat(800 * hourMs), fic: fc.nat(50), paidBrl: fc.double({ min: 0, max: 600, noNaN: true }) },
      limits: fc.constant({ dicH: 8, fic: 5 }),
    })
    fc.assert(
      fc.property(fc.array(month, { minLength: 3, maxLength: 12 }), (months) => {
        for (const { money } of due(months)) assert.ok(money.exactBrl >= 0 && money.exactBrl <= 1_800)
      }),
    )
  })
})
