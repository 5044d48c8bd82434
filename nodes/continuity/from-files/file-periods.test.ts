import assert from 'node:assert/strict'
import { unitMonthsOf } from './file-month.ts'
import { periodsEndingWith } from './file-periods.ts'
import { monthFiles } from './month-files.fixture.ts'

const hours = (unit: string, month: number, count: number): string => {
  const from = Date.UTC(2021, month - 1, 2)
  return `${unit},${from},${from + count * 3_600_000},`
}

describe('quarters and years that end with a month', () => {
  for (const [month, expected] of [
    ['2021-02', []],
    ['2021-03', [['quarter', '2021-01', 3]]],
    [
      '2021-12',
      [
        ['quarter', '2021-10', 3],
        ['year', '2021-01', 12],
      ],
    ],
  ] as const)
    it(`${month}: ${expected.map(([period]) => period).join(' and ') || 'none'}`, () =>
      assert.deepEqual(
        periodsEndingWith(month).map(({ period, months }) => [period, months[0], months.length]),
        expected,
      ))
})

describe('what is due for a quarter, from files', () => {
  const limits = '8,5,6,16,10'
  const units = [`A,C1,BT,urban,60,${limits}`, `B,C1,BT,urban,60,8,5,6,,`, `C,C1,BT,urban,,${limits}`]
  // 10 h are above the limit of October, 7 h and 3 h below those of November and December.
  const interruptions = ['A', 'B', 'C'].flatMap((unit) => [hours(unit, 10, 10), hours(unit, 11, 7), hours(unit, 12, 3)])

  it('is there with its last month, until 2021, for units that have limits of it', async () => {
    const of = async (month: string) => {
      const files = await monthFiles(units, interruptions, { month })
      return [...unitMonthsOf(files)].map(({ unitId, periods, pending }) => [
        ...[
          unitId,
          periods.map(({ period, indicator, money }) => `${period} ${indicator} ${money.amountBrl}`).join(),
          pending,
        ],
      ])
    }
    assert.deepEqual(await of('2021-12'), [
      // (20 − 16) h · 60/730 · 15, of which half was in months within their limit.
      ['A', 'quarter DIC 2.46', null],
      ['B', '', null],
      ['C', '', 'the monetary base (vrc_brl) is not given'],
    ])
    assert.deepEqual(
      (await of('2021-11')).map(([, periods]) => periods),
      ['', '', ''],
    )
  })

  it('is there also where its last month had no interruption', async () => {
    const files = await monthFiles(units, [hours('A', 10, 10), hours('A', 11, 7)], { month: '2021-12' })
    const months = [...unitMonthsOf(files)].map(({ dicMs, periods }) => [dicMs, periods.length])
    assert.deepEqual(months, [[0, 1]])
  })
})
