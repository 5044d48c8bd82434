import assert from 'node:assert/strict'
import fc from 'fast-check'
import { officialCsv, readOfficialCsv, type OfficialRow } from '../../platform/regulation/official-csv.ts'
import { compareIndicators } from './domain/official-comparison.ts'
import {
  type Agent,
  compensationRows,
  indicatorRows,
  OfficialContentError,
  readCompensation,
  readIndicators,
  type PaidCompensation,
  type QuarterIndicators,
} from './domain/official-export.ts'
import { type Percentages, publishedPct } from './domain/percentages.ts'
import { compensationShape, indicatorShape } from './domain/official-shapes.ts'

const agent: Agent = { acronym: 'EXEMPLO', cnpj: '12ABC34501DE35' }
const windows = 1_008
const both: readonly Percentages[] = ['truncated', 'rounded']
const plain = { noNullPrototype: true } as const

async function written(shape: typeof indicatorShape, rows: Iterable<OfficialRow>): Promise<string> {
  let text = ''
  for await (const part of officialCsv(shape, rows)) text += new TextDecoder('latin1').decode(part)
  return text
}

describe('the export of indicators', () => {
  const quarterArbitrary: fc.Arbitrary<QuarterIndicators> = fc
    .uniqueArray(
      fc.record(
        {
          unitId: fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/),
          precarious: fc.integer({ min: 0, max: windows }),
          critical: fc.integer({ min: 0, max: windows }),
        },
        plain,
      ),
      { selector: ({ unitId }) => unitId, minLength: 1 },
    )
    .map((units) => ({
      ...{ year: 2026, quarter: 3, units: units.toSorted((one, other) => (one.unitId < other.unitId ? -1 : 1)) },
      iccPct: publishedPct((100 * units.filter(({ critical }) => critical > 0).length) / units.length, 'truncated'),
    }))

  it('is read back to equal indicators, whatever the order of its lines (property)', () =>
    fc.assert(
      fc.asyncProperty(
        quarterArbitrary,
        fc.boolean(),
        fc.constantFrom(...both),
        async (quarter, turned, percentages) => {
          const lines = readOfficialCsv(
            indicatorShape,
            await written(
              indicatorShape,
              indicatorRows(agent, quarter, { generatedOn: '2026-10-15', windows, percentages }),
            ),
          )
          const read = readIndicators(turned ? lines.toReversed() : lines, windows)
          assert.deepEqual(read, { agents: [agent], quarters: [quarter], others: {} })
          assert.deepEqual(compareIndicators(read.quarters, () => quarter).differences, [])
        },
      ),
    ))

  const head = indicatorShape.columns.map(({ name }) => name).join(';')
  const read = (...lines: string[]) =>
    readIndicators(readOfficialCsv(indicatorShape, [head, ...lines].join('\n')), windows)

  it('of the regulator, rounded, monthly codes or not, without zeros before a CNPJ, is understood', () => {
    const line = (code: string, value: string) => `2026-06-25;CEMIG-D;6981180000116;4711;${code};2025;2;${value}`
    const { agents, quarters, others } = read(line('DRPt', '8,04'), line('DRCt', ',6'), line('DRPVLD', '1,00'))
    assert.deepEqual(agents, [{ acronym: 'CEMIG-D', cnpj: '06981180000116' }])
    assert.deepEqual(quarters, [
      { year: 2025, quarter: 2, iccPct: null, units: [{ unitId: '4711', precarious: 81, critical: 6 }] },
    ])
    assert.deepEqual(others, { DRPVLD: 1 })
  })

  for (const [lines, why] of [
    [[';A;1;u;DRP;2026;5;1,98'], /line 2, NumPeriodoIndice: 5 is no quarter/],
    [[';A;1;u;DRP;2026;1;1,93'], /line 2, VlrIndiceEnviado: 1.93 is no share of 1008 windows/],
    [[';A;1;u;DRP;2026;1;100,09'], /no share/],
    [[';A;1;;DRP;2026;1;1,98'], /line 2, CodUndCnmSrt/],
    [[';A;1;u;DRP;2026;1;1,98', ';A;1;u;DRP;2026;1;1,98'], /line 3: a second DRP of unit u in 2026\/1/],
    [[';A;1;u;DRP;2026;1;1,98'], /line 2: unit u has a DRP and no DRC/],
    [[';A;1;;ICC;2026;1;1,98', ';A;1;;ICC;2026;1;1,98'], /line 3: a second ICC of 2026\/1/],
  ] as const)
    it(`with ${lines.at(-1)} is refused by line`, () =>
      assert.throws(
        () => read(...lines),
        (error) => error instanceof OfficialContentError && why.test(error.message),
      ))
})

describe('the export of compensation', () => {
  it('is read back to equal amounts (property)', () => {
    const paid: fc.Arbitrary<PaidCompensation[]> = fc.array(
      fc.record(
        {
          year: fc.integer({ min: 2008, max: 2100 }),
          month: fc.integer({ min: 1, max: 12 }),
          conjunto: fc.option(
            fc.record(
              { id: fc.nat().map(String), name: fc.stringMatching(/^[A-ZÀ-Ý][A-Za-zÀ-ÿ '-]{0,40}[a-zà-ÿ]$/) },
              plain,
            ),
          ),
          paidBrl: fc.nat({ max: 1e12 }).map((cents) => cents / 100),
        },
        plain,
      ),
    )
    return fc.assert(
      fc.asyncProperty(paid, async (months) => {
        const text = await written(compensationShape, compensationRows(agent, months, '2026-10-15'))
        assert.deepEqual(readCompensation(readOfficialCsv(compensationShape, text)), months)
      }),
    )
  })

  it('of a thirteenth month is refused by line', () =>
    assert.throws(
      () =>
        readCompensation([
          { line: 2, row: { SigIndicador: 'COMPCONF', AnoIndice: 2026, NumPeriodoIndice: 13, VlrIndiceEnviado: 1 } },
        ]),
      /line 2, NumPeriodoIndice: 13 is no month/,
    ))
})
