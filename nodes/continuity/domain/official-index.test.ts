import assert from 'node:assert/strict'
import { collectiveCodes } from './official-collective.ts'
import {
  compareIndexes,
  indexesOf,
  indexRows,
  limitRows,
  linesOfAgent,
  OfficialContentError,
  readIndexes,
  type OfficialIndex,
} from './official-index.ts'

const agent = { name: 'SÃO JOÃO ENERGIA', acronym: 'SÃO JOÃO', cnpj: '06981180000116' }
const of = (code: string, hundredths: number, month: number | null = 3): OfficialIndex => ({
  ...{ conjunto: { id: '1', name: 'A' }, year: 2026, month, code, hundredths },
})
const row = (changes: Record<string, string | number | null> = {}) => ({
  ...[...indexRows(agent, [of('DEC', 150)], '2026-04-15')][0]!,
  ...changes,
})
const read = (...rows: ReturnType<typeof row>[]) =>
  readIndexes(
    rows.map((each, at) => ({ line: at + 2, row: each })),
    collectiveCodes,
  )

describe('official indicators', () => {
  it('are rows with the distributor and the conjunto, by month or by year', () => {
    const names = {
      ...{ DatGeracaoConjuntoDados: '2026-04-15', IdeConjUndConsumidoras: '1', DscConjUndConsumidoras: 'A' },
      ...{ SigAgente: 'SÃO JOÃO', NumCNPJ: '06981180000116' },
    }
    assert.deepEqual(row(), {
      ...names,
      SigIndicador: 'DEC',
      AnoIndice: 2026,
      NumPeriodoIndice: 3,
      VlrIndiceEnviado: 1.5,
    })
    assert.deepEqual(
      [...limitRows(agent, [of('FEC', 400, null)], '2026-04-15')],
      [{ ...names, SigIndicador: 'FEC', AnoLimiteQualidade: 2026, VlrLimite: 4 }],
    )
  })

  it('of a month are in the order of the codes, as far as there are any', () => {
    const { conjunto, year } = of('DEC', 0)
    const month = { conjunto, year, month: 3, hundredths: { DECIP: 1, FEC: 200, DEC: 100 } }
    assert.deepEqual([...indexesOf([month], collectiveCodes)], [of('DEC', 100), of('FEC', 200), of('DECIP', 1)])
  })

  it('as the regulator publishes them are understood: filled up with spaces, other capitals, other codes', () => {
    const { indexes, others } = read(
      row({ DscConjUndConsumidoras: 'TRINDADE         ', SigIndicador: 'NUMCON ', VlrIndiceEnviado: 36_413 }),
      row({ SigIndicador: 'DECXX' }),
    )
    assert.deepEqual(indexes, [{ ...of('NumCon', 3_641_300), conjunto: { id: '1', name: 'TRINDADE' } }])
    assert.deepEqual(others, { DECXX: 1 })
  })

  it('are told from those of other distributors by a CNPJ, also one without the zeros before it', () => {
    const lines = ['6981180000116', '10835932000108'].map((NumCNPJ, at) => ({ line: at + 2, row: row({ NumCNPJ }) }))
    const { lines: own, ofOthers } = linesOfAgent(lines, agent)
    assert.deepEqual([own.map(({ line }) => line), ofOthers], [[2], 1])
  })

  for (const [rows, why] of [
    [[row({ NumPeriodoIndice: 13 })], /line 2, NumPeriodoIndice: 13 is no month/],
    [[row({ AnoIndice: 26 })], /line 2: 26 is no year/],
    [[row(), row({ SigIndicador: 'Dec' })], /line 3: a second DEC of conjunto 1 in 2026\/3/],
  ] as const)
    it(`are refused by line: ${why.source}`, () =>
      assert.throws(
        () => read(...rows),
        (error) => error instanceof OfficialContentError && why.test(error.message),
      ))

  it('differ where one of the two has another value, or none', () => {
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
