import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readOfficialCsv } from '../../../platform/regulation/official-csv.ts'
import { collectiveCodes, limitCodes } from '../domain/official-collective.ts'
import {
  compareIndexes,
  indexesOf,
  indexRows,
  limitRows,
  linesOfAgent,
  monthsOf,
  OfficialContentError,
  readIndexes,
  type OfficialIndex,
} from '../domain/official-index.ts'
import { collectiveShape, limitShape } from '../domain/official-shapes.ts'
import { agent, conjuntoArbitrary, generatedOn, readBack } from './official.fixture.ts'

const plain = { noNullPrototype: true } as const
const keyOf = ({ conjunto, year, month, code }: OfficialIndex) => JSON.stringify([conjunto.id, year, month, code])

const indexesArbitrary = (codes: readonly string[], month: fc.Arbitrary<number | null>) =>
  fc.uniqueArray(
    fc.record(
      {
        conjunto: conjuntoArbitrary,
        year: fc.integer({ min: 2000, max: 2199 }),
        month,
        code: fc.constantFrom(...codes),
        hundredths: fc.nat(1e9),
      },
      plain,
    ),
    { selector: keyOf },
  )

describe('official indicators', () => {
  it('are read back to equal values (property)', () =>
    fc.assert(
      fc.asyncProperty(
        indexesArbitrary(collectiveCodes, fc.integer({ min: 1, max: 12 })),
        fc.boolean(),
        async (indexes, turned) => {
          const lines = await readBack(collectiveShape, indexRows(agent, indexes, generatedOn))
          const read = readIndexes(turned ? lines.toReversed() : lines, collectiveCodes)
          assert.deepEqual(turned ? read.indexes.toReversed() : read.indexes, indexes)
          assert.deepEqual(compareIndexes(read.indexes, indexes), {
            ...{ values: indexes.length, equal: indexes.length, differences: [] },
          })
        },
      ),
    ))

  it('of a year, limits, are read back to equal values (property)', () =>
    fc.assert(
      fc.asyncProperty(indexesArbitrary(limitCodes, fc.constant(null)), async (indexes) => {
        const lines = await readBack(limitShape, limitRows(agent, indexes, generatedOn))
        assert.deepEqual(readIndexes(lines, limitCodes).indexes, indexes)
      }),
    ))

  it('of months come back as those months (property)', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record(
            {
              conjunto: conjuntoArbitrary,
              year: fc.integer({ min: 2000, max: 2199 }),
              month: fc.integer({ min: 1, max: 12 }),
              hundredths: fc
                .uniqueArray(fc.constantFrom(...collectiveCodes), { minLength: 1 })
                .map((codes) => Object.fromEntries(codes.map((code, at) => [code, at]))),
            },
            plain,
          ),
          { selector: ({ conjunto, year, month }) => JSON.stringify([conjunto.id, year, month]) },
        ),
        (months) => assert.deepEqual(monthsOf(indexesOf(months, collectiveCodes)), months),
      ),
    ))

  const head = collectiveShape.columns.map(({ name }) => name).join(';')
  const read = (...lines: string[]) =>
    readIndexes(readOfficialCsv(collectiveShape, [head, ...lines].join('\n')), collectiveCodes)

  it('as the regulator publishes them are understood: filled up, other capitals', () => {
    const { indexes, others } = read(
      '2026-09-05;12749;TRINDADE            ;CELPE               ;6981180000116;NUMCON;2026;3;36413,00',
      '2026-09-05;12749;TRINDADE;CELPE;6981180000116;DECIND;2026;3;,5',
      '2026-09-05;12749;TRINDADE;CELPE;6981180000116;DECXX;2026;3;1,00',
    )
    const conjunto = { id: '12749', name: 'TRINDADE' }
    assert.deepEqual(indexes, [
      { conjunto, year: 2026, month: 3, code: 'NumCon', hundredths: 3_641_300 },
      { conjunto, year: 2026, month: 3, code: 'DECIND', hundredths: 50 },
    ])
    assert.deepEqual(others, { DECXX: 1 })
  })

  it('are told from those of other distributors by a CNPJ, also one without the zeros before it', () => {
    const lines = readOfficialCsv(
      collectiveShape,
      [head, ';1;A;S;6981180000116;DEC;2026;1;1,00', ';1;A;T;10835932000108;DEC;2026;1;1,00'].join('\n'),
    )
    const { lines: own, ofOthers } = linesOfAgent(lines, { cnpj: '06981180000116' })
    assert.deepEqual([own.map(({ line }) => line), ofOthers], [[2], 1])
  })

  for (const [lines, why] of [
    [[';1;A;S;1;DEC;2026;13;1,00'], /line 2, NumPeriodoIndice: 13 is no month/],
    [[';1;A;S;1;DEC;26;1;1,00'], /line 2: 26 is no year/],
    [[';1;A;S;1;DEC;2026;1;1,00', ';1;B;S;1;Dec;2026;1;1,00'], /line 3: a second DEC of conjunto 1 in 2026\/1/],
  ] as const)
    it(`with ${lines.at(-1)} are refused by line`, () =>
      assert.throws(
        () => read(...lines),
        (error) => error instanceof OfficialContentError && why.test(error.message),
      ))

  it('differ where one of the two has another value, or none', () => {
    const of = (code: string, hundredths: number): OfficialIndex => ({
      ...{ conjunto: { id: '1', name: 'A' }, year: 2026, month: 3, code, hundredths },
    })
    const { values, equal, differences } = compareIndexes(
      [of('DEC', 100), of('FEC', 200), of('NumCon', 300)],
      [of('DEC', 100), of('FEC', 201), of('DECIP', 1)],
    )
    const at = { conjuntoId: '1', year: 2026, month: 3 }
    assert.deepEqual([values, equal], [3, 1])
    assert.deepEqual(differences, [
      { ...at, code: 'FEC', file: 2, here: 2.01 },
      { ...at, code: 'NumCon', file: 3, here: null },
      { ...at, code: 'DECIP', file: null, here: 0.01 },
    ])
  })
})
