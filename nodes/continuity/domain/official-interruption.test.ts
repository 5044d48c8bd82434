import assert from 'node:assert/strict'
import { OfficialContentError } from './official-index.ts'
import {
  carriedBy,
  interruptionRows,
  layoutIn,
  layoutOf,
  readInterruptions,
  type Layout,
  type ReportedInterruption,
} from './official-interruption.ts'
import { interruptionShape18, interruptionShape26 } from './official-shapes.ts'

const shapes = { '18': interruptionShape18, '26': interruptionShape26 } as const
const agent = { name: 'SÃO JOÃO ENERGIA', acronym: 'SÃO JOÃO', cnpj: '06981180000116' }
const valid: ReportedInterruption = {
  ...{ interruptionId: '1', eventId: '7', occurrenceId: null, municipalityCode: 3_550_308, elementKind: 'switch' },
  ...{ conjunto: { id: '1', name: 'A' }, feederId: null, substationId: null, year: 2026, month: 3 },
  ...{ programmed: false, origin: 'internal', reason: 'emergency-chi', cause: 'vento', detail: null, voltageV: null },
  ...{ from: '2026-03-01 10:00:00', until: '2026-03-01 11:00:00', unitsOut: 1, unitsOfConjunto: 2 },
}
const rowOf = (layout: Layout) => [...interruptionRows(layout, agent, [valid], '2026-04-15')][0]!

describe('interruptions in official files', () => {
  for (const layout of ['18', '26'] as const) {
    it(`have every one of ${layout} columns`, () => {
      const names = shapes[layout].columns.map(({ name }) => name)
      assert.equal(names.length, Number(layout))
      assert.deepEqual(Object.keys(rowOf(layout)), names)
      assert.equal(layoutIn(`${names.join(';')}\r\n`), layout)
    })

    it(`come back from ${layout} columns as far as those carry them`, () =>
      assert.deepEqual(readInterruptions(layout, [{ line: 2, row: rowOf(layout) }]), [carriedBy(layout, valid)]))
  }

  it('have 18 columns to 2025, and 26 from 2026 on', () =>
    assert.deepEqual([2017, 2025, 2026].map(layoutOf), ['18', '18', '26']))

  it('say why they are not counted by number to 2025, in words from then on', () => {
    assert.equal(rowOf('18').IdeMotivoInterrupcao, 3)
    assert.equal(rowOf('26').DscMotivoExpurgo, 'Interrupção em Situação de Emergência (ISE) por meio de CHI')
    assert.equal(carriedBy('18', valid).reason, 'emergency-decree', 'one number for both')
  })

  it('that were published are understood', () => {
    const published = {
      ...{ IdeConjuntoUnidadeConsumidora: '14236', DscConjuntoUnidadeConsumidora: 'TRINDADE   ' },
      ...{ DscAlimentadorSubestacao: 'TDD-01C5', DscSubestacaoDistribuicao: 'TRINDADE' },
      ...{ NumOrdemInterrupcao: '15326228_14086699', DscTipoInterrupcao: 'Não Programada', IdeMotivoInterrupcao: 0 },
      ...{ DatInicioInterrupcao: '2017-11-29 08:18:37', DatFimInterrupcao: '2017-12-01 08:27:42' },
      DscFatoGeradorInterrupcao: 'INTERNO - NAO PROGRAMADA - PROPRIAS DO SISTEMA - FALHA DE MATERIAL OU EQUIPAMENTO',
      ...{ NumNivelTensao: 380, NumUnidadeConsumidora: 1, NumConsumidorConjunto: 36_413, NumAno: 2017 },
    }
    assert.deepEqual(readInterruptions('18', [{ line: 2, row: published }]), [
      {
        ...{ interruptionId: '15326228_14086699', eventId: null, occurrenceId: null, municipalityCode: null },
        conjunto: { id: '14236', name: 'TRINDADE' },
        ...{ feederId: 'TDD-01C5', substationId: 'TRINDADE', year: 2017, month: null, elementKind: null },
        ...{ programmed: false, origin: 'internal', reason: 'none' },
        ...{ from: '2017-11-29 08:18:37', until: '2017-12-01 08:27:42' },
        ...{ cause: 'PROPRIAS DO SISTEMA', detail: 'FALHA DE MATERIAL OU EQUIPAMENTO' },
        ...{ voltageV: 380, unitsOut: 1, unitsOfConjunto: 36_413 },
      },
    ])
  })

  for (const separator of [';', ' - ', '/'])
    it(`have their causes understood where ${JSON.stringify(separator)} parts them`, () => {
      const row = { ...rowOf('18'), DscFatoGeradorInterrupcao: ['Interna', 'Programada', 'x', 'y'].join(separator) }
      const [read] = readInterruptions('18', [{ line: 2, row }])
      assert.deepEqual([read!.cause, read!.detail], ['x', 'y'])
    })

  for (const [layout, changes, why] of [
    ['18', { IdeMotivoInterrupcao: 9 }, /line 2, IdeMotivoInterrupcao: 9 is none of 0 to 8/],
    ['18', { DscTipoInterrupcao: 'Talvez' }, /line 2, DscTipoInterrupcao: "Talvez" is not Programada/],
    ['18', { DscFatoGeradorInterrupcao: 'x' }, /line 2, DscFatoGeradorInterrupcao: "x" does not begin with Interna/],
    ['26', { DscMotivoExpurgo: 'x' }, /line 2, DscMotivoExpurgo: "x" is no known reason/],
    ['18', { NumAno: 26 }, /line 2: 26 is no year/],
    ['26', { MesCompetencia: 13 }, /line 2, MesCompetencia: 13 is no month/],
    ['26', { DatFimInterrupcao: '2026-03-01 10:00:00' }, /line 2: it ends at .*, and begins at/],
  ] as const)
    it(`with ${JSON.stringify(changes)} are refused by line`, () =>
      assert.throws(
        () => readInterruptions(layout, [{ line: 2, row: { ...rowOf(layout), ...changes } }]),
        (error) => error instanceof OfficialContentError && why.test(error.message),
      ))
})
