import assert from 'node:assert/strict'
import { ImportError } from '../../platform/network/import/faults.ts'
import { regulationOptions } from '../../platform/regulation/options.ts'
import { isWholeCents, mostEusdBrl, readCharges } from './charge-lines.ts'
import { compensationOf } from './domain/compensation.ts'

describe('a file of charges', () => {
  it('is read with commas, and with semicolons and a decimal comma', () => {
    const line = { line: 2, unitId: 'unit-1', month: '2026-11', eusdBrl: 61.37, source: 'billing' }
    assert.deepEqual(readCharges('unit_id,month,eusd_brl,source\nunit-1,2026-11,61.37,billing\n'), [line])
    assert.deepEqual(readCharges('month;unit_id;source;eusd_brl\n2026-11;unit-1;billing;61,37'), [line])
  })

  it('with faults is refused as a whole, each told with its line', () => {
    const csv = [
      'unit_id,month,eusd_brl,source',
      'unit 1,2026-11,1,billing',
      'unit-1,2026-13,1,billing',
      'unit-1,2026-11,-1,billing',
      'unit-1,2026-12,1.234,billing',
      'unit-1,2026-10,many,',
      'unit-2,2026-10,5,billing',
      'unit-2,2026-10,5,billing',
    ].join('\n')
    assert.throws(
      () => readCharges(csv),
      (error) => {
        assert.ok(error instanceof ImportError)
        assert.deepEqual(error.message.split('\n'), [
          'charges.csv line 2: unit_id is "unit 1", not an identifier: letters, digits and _ . : - (64 at most), a letter or digit first',
          'charges.csv line 3: month is "2026-13", not a month (2026-11)',
          'charges.csv line 4: eusd_brl is "-1", not from 0 to 9999999999 R$',
          'charges.csv line 5: eusd_brl is "1.234", not an amount in whole cents',
          'charges.csv line 6: eusd_brl is "many", not a number',
          'charges.csv line 6: source is "", empty',
          'charges.csv line 8: unit-2 has its charge of 2026-10 on line 7 already',
        ])
        return true
      },
    )
  })

  it('without its columns is refused', () => {
    assert.throws(
      () => readCharges('unit_id,month,eusd\n'),
      /line 1: 2 columns missing: eusd_brl, source; the columns are unit_id,month,eusd_brl,source, not eusd/,
    )
    assert.throws(() => readCharges(''), /is empty/)
  })

  it('with a column twice is refused: which of the two was meant?', () => {
    assert.throws(
      () => readCharges('unit_id,month,eusd_brl,eusd_brl,source\nunit-1,2026-11,1,2,billing\n'),
      /line 1: eusd_brl is there twice$/,
    )
  })
})

describe('the greatest charge', () => {
  it('makes no compensation that is too much for the books, whatever is measured and chosen', () => {
    const worst = { drpPct: 100, drcPct: 100, eusdBrl: mostEusdBrl, day: '2026-11-21' }
    const { most: k2HighVoltage } = regulationOptions['voltage-k2-high-voltage']
    for (const voltageClass of ['BT', 'MT', 'AT'] as const)
      assert.ok(compensationOf({ ...worst, voltageClass, k2HighVoltage }).amountBrl < 1e12, voltageClass)
  })
})

describe('whole cents', () => {
  for (const [brl, whole] of [
    [0, true],
    [0.29, true],
    [1.15, true],
    [61.37, true],
    [123_456_789.01, true],
    [1.234, false],
    [0.001, false],
  ] as const)
    it(`R$ ${brl}: ${whole}`, () => assert.equal(isWholeCents(brl), whole))
})
