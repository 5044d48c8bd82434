import assert from 'node:assert/strict'
import { compareIndicators, comparePaid } from './official-comparison.ts'
import { indicatorRows, readIndicators, type QuarterIndicators } from './official-export.ts'
import { type Percentages, publishedPct } from './percentages.ts'
import { compensationShape, indicatorShape } from './official-shapes.ts'

const windows = 1_008
const both: readonly Percentages[] = ['truncated', 'rounded']

describe('a published percentage', () => {
  it('two decimals tell every count of windows apart, cut or rounded', () => {
    for (const percentages of both) {
      const shown = Array.from({ length: windows + 1 }, (_, count) =>
        publishedPct((100 * count) / windows, percentages),
      )
      assert.equal(new Set(shown).size, windows + 1)
    }
  })

  for (const [count, truncated, rounded] of [
    [81, 8.03, 8.04],
    [94, 9.32, 9.33],
    [30, 2.97, 2.98],
    [31, 3.07, 3.08],
    [5, 0.49, 0.5],
    [6, 0.59, 0.6],
    [1_008, 100, 100],
    [252, 25, 25],
  ] as const)
    it(`${count} windows are ${truncated} % truncated, ${rounded} % rounded`, () => {
      assert.equal(publishedPct((100 * count) / windows, 'truncated'), truncated)
      assert.equal(publishedPct((100 * count) / windows, 'rounded'), rounded)
    })
})

describe('rows of indicators', () => {
  it('fit the columns of their file, and are read back by line', () => {
    const quarter = { year: 2026, quarter: 3, units: [{ unitId: 'u', precarious: 81, critical: 6 }], iccPct: 100 }
    const terms = { generatedOn: '2026-10-15', windows, percentages: 'rounded' } as const
    const rows = [...indicatorRows({ acronym: 'A', cnpj: '12ABC34501DE35' }, quarter, terms)]
    for (const row of rows)
      assert.deepEqual(
        Object.keys(row),
        indicatorShape.columns.map(({ name }) => name),
      )
    const lines = rows.map((row, index) => ({ line: index + 2, row }))
    assert.deepEqual(readIndicators(lines, windows).quarters, [quarter])
  })

  it('say where their shape is known from, and what of it is not', () => {
    for (const { source, doubts } of [indicatorShape, compensationShape]) assert.ok(source !== '' && doubts.length > 2)
  })
})

describe('a file beside what is here', () => {
  const unit = (unitId: string, precarious: number) => ({ unitId, precarious, critical: 0 })
  const quarter = (units: QuarterIndicators['units'], iccPct: number | null): QuarterIndicators => ({
    ...{ year: 2026, quarter: 3, units, iccPct },
  })

  it('shows what is other, or in one of the two only', () => {
    const file = quarter([unit('a', 1), unit('b', 2), unit('c', 3)], 33.33)
    const here = quarter([unit('a', 1), unit('b', 5), unit('d', 4)], 50)
    assert.deepEqual(
      compareIndicators([file], () => here),
      {
        units: 3,
        equal: 1,
        differences: [
          {
            ...{ year: 2026, quarter: 3, unitId: 'b' },
            ...{ file: { precarious: 2, critical: 0 }, here: { precarious: 5, critical: 0 } },
          },
          { year: 2026, quarter: 3, unitId: 'c', file: { precarious: 3, critical: 0 }, here: null },
          { year: 2026, quarter: 3, unitId: 'd', file: null, here: { precarious: 4, critical: 0 } },
        ],
        icc: [{ year: 2026, quarter: 3, filePct: 33.33, herePct: 50 }],
      },
    )
  })

  it('has the same ICC where two decimals are the same, cut or rounded', () => {
    assert.deepEqual(compareIndicators([quarter([], 66.66)], () => quarter([], 200 / 3)).icc, [])
    assert.deepEqual(compareIndicators([quarter([], 66.67)], () => quarter([], 200 / 3)).icc, [])
  })

  it('of money has a sum for each month, conjuntos together', () => {
    const paid = (month: number, paidBrl: number, id = 'a') => ({
      ...{ year: 2026, month, paidBrl, conjunto: { id, name: id } },
    })
    assert.deepEqual(comparePaid([paid(12, 0.1), paid(12, 0.2, 'b')], [paid(12, 0.3)]), { months: 1, differences: [] })
    assert.deepEqual(comparePaid([paid(1, 1)], [paid(1, 2), paid(2, 3)]), {
      months: 1,
      differences: [
        { year: 2026, month: 1, fileBrl: 1, hereBrl: 2 },
        { year: 2026, month: 2, fileBrl: null, hereBrl: 3 },
      ],
    })
  })
})
