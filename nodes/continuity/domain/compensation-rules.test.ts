import assert from 'node:assert/strict'
import { compensationRuleIn, compensationRules } from './compensation-rules.ts'

describe('rules of compensation', () => {
  it('follow one another day by day', () => {
    assert.deepEqual(
      compensationRules.map(({ validFrom, validTo }) => [validFrom, validTo]),
      [
        ['2010-01-01', '2021-12-31'],
        ['2022-01-01', '2025-12-31'],
        ['2026-01-01', undefined],
      ],
    )
  })

  for (const [month, base, kei1, kei3, capTimes] of [
    ['2021-12', 'EUSD', 15, undefined, 10],
    ['2022-01', 'VRC', 34, undefined, 18],
    ['2025-12', 'VRC', 34, undefined, 18],
    ['2026-01', 'VRC', 34, 14, 18],
  ] as const)
    it(`${month}: BT by ${base}, kei1 ${kei1}, ${kei3 ? `kei3 ${kei3}` : 'no DISE'}`, () => {
      const { value } = compensationRuleIn(month)
      assert.deepEqual([value.base, value.kei1.BT, value.kei3.BT, value.capTimes], [base, kei1, kei3, capTimes])
    })

  it('name the month for which none is known', () =>
    assert.throws(() => compensationRuleIn('2009-12'), {
      name: 'NoRule',
      message: /continuity is known on 2009-12-01/,
    }))
})
