import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { compensationOf, type CompensationFacts } from './compensation.ts'
import { indicatorsOf } from './indicators.ts'

const day = '2026-11-21'

function factsOf(nlp: number, nlc: number, voltageClass: VoltageClass, eusdBrl: number): CompensationFacts {
  const { drpPct, drcPct } = indicatorsOf({ precarious: [nlp, null, null], critical: [nlc, null, null] }, day)
  return { drpPct, drcPct, voltageClass, eusdBrl, day }
}

describe('the compensation of a voltage', () => {
  for (const [id, nlp, nlc, voltageClass, eusdBrl, exact, amount] of [
    ['V1', 81, 151, 'BT', 100, '116.468254', 116.46],
    ['V2', 30, 5, 'BT', 100, '0.000000', 0],
    ['V2b', 31, 6, 'BT', 100, '0.892857', 0.89],
    ['V2c, DRP alone', 31, 5, 'BT', 100, '0.226190', 0.22],
    ['V2c, DRC alone', 30, 6, 'BT', 100, '0.666667', 0.66],
    ['V3', 50, 20, 'MT', 5_000, '665.079365', 665.07],
    ['V4', 0, 10, 'AT', 200_000, '2952.380952', 2_952.38],
    ['V5', 0, 36, 'BT', 5.85, '1.257750', 1.25],
    ['V6', 0, 1_008, 'BT', 100, '696.500000', 696.5],
  ] as const)
    it(`${id}: ${nlp} precarious, ${nlc} critical, ${voltageClass}, EUSD R$ ${eusdBrl} is R$ ${amount}`, () => {
      const { exactBrl, amountBrl } = compensationOf(factsOf(nlp, nlc, voltageClass, eusdBrl))
      assert.equal(exactBrl.toFixed(6), exact)
      assert.equal(amountBrl, amount)
    })

  it('explains itself: formula, inputs, rule and source', () => {
    const { formula, inputs, rule } = compensationOf(factsOf(81, 151, 'BT', 100))
    assert.equal(formula, '[(DRP − DRPlimit)/100 · k1 + (DRC − DRClimit)/100 · k2] · EUSD')
    const { DRP, DRC, ...others } = inputs
    assert.deepEqual([Number(DRP).toFixed(4), Number(DRC).toFixed(4)], ['8.0357', '14.9802'])
    assert.deepEqual(others, { DRPlimit: 3, DRClimit: 0.5, k1: 3, k2: 7, EUSD: 100, class: 'BT' })
    assert.match(rule.source, /items 28 and 29/)
    assert.match(rule.validFrom, /^\d{4}-\d\d-\d\d$/)
  })

  it('has coefficients of 0 where nothing is violated', () => {
    const { inputs } = compensationOf(factsOf(30, 5, 'BT', 100))
    assert.deepEqual([inputs['k1'], inputs['k2']], [0, 0])
  })

  it('takes another k2 of high voltage, and says so, for high voltage only', () => {
    const changed = compensationOf({ ...factsOf(0, 10, 'AT', 200_000), k2HighVoltage: 5 })
    assert.equal(changed.exactBrl.toFixed(6), '4920.634921')
    assert.match(changed.rule.source, /by the option voltage-k2-high-voltage$/)
    const same = compensationOf({ ...factsOf(0, 10, 'AT', 200_000), k2HighVoltage: 3 })
    assert.deepEqual(same, compensationOf(factsOf(0, 10, 'AT', 200_000)))
    const low = factsOf(0, 10, 'BT', 200)
    assert.deepEqual(compensationOf({ ...low, k2HighVoltage: 5 }), compensationOf(low))
  })

  it('is not made of what cannot be', () => {
    const good = factsOf(50, 20, 'MT', 5_000)
    for (const [change, message] of [
      [{ drpPct: -0.1 }, 'DRP is -0.1 %: it takes 0 to 100'],
      [{ drcPct: 100.1 }, 'DRC is 100.1 %: it takes 0 to 100'],
      [{ drcPct: NaN }, 'DRC is NaN %: it takes 0 to 100'],
      [{ eusdBrl: -1 }, /^EUSD is -1 R\$/],
      [{ eusdBrl: Infinity }, /^EUSD is Infinity/],
    ] as const)
      assert.throws(() => compensationOf({ ...good, ...change }), { name: 'RangeError', message })
  })

  const facts = fc.record({
    drpPct: fc.double({ min: 0, max: 100, noNaN: true }),
    drcPct: fc.double({ min: 0, max: 100, noNaN: true }),
    voltageClass: fc.constantFrom<VoltageClass>('BT', 'MT', 'AT'),
    eusdBrl: fc.double({ min: 0, max: 1e6, noNaN: true }),
    day: fc.constant(day),
  })

  it('never falls as DRP, DRC or EUSD rises, and never below 0 (property)', () => {
    fc.assert(
      fc.property(facts, fc.double({ min: 0, max: 1, noNaN: true }), (lower, share) => {
        const { exactBrl, amountBrl } = compensationOf(lower)
        assert.ok(exactBrl >= 0 && amountBrl >= 0)
        for (const higher of [
          { ...lower, drpPct: Math.min(100, lower.drpPct + share * (100 - lower.drpPct)) },
          { ...lower, drcPct: Math.min(100, lower.drcPct + share * (100 - lower.drcPct)) },
          { ...lower, eusdBrl: lower.eusdBrl * (1 + share) },
        ]) {
          assert.ok(compensationOf(higher).exactBrl >= exactBrl)
          assert.ok(compensationOf(higher).amountBrl >= amountBrl)
        }
      }),
    )
  })

  it('is nothing without a violation, whatever is paid for the network (property)', () => {
    const within = fc.record({
      drpPct: fc.double({ min: 0, max: 3, noNaN: true }),
      drcPct: fc.double({ min: 0, max: 0.5, noNaN: true }),
    })
    fc.assert(
      fc.property(facts, within, (of, compliant) => {
        assert.equal(compensationOf({ ...of, ...compliant }).exactBrl, 0)
      }),
    )
  })
})
