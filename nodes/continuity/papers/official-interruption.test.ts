import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readOfficialCsv } from '../../../platform/regulation/official-csv.ts'
import { OfficialContentError } from '../domain/official-index.ts'
import {
  carriedBy,
  layoutIn,
  interruptionRows,
  layoutOf,
  readInterruptions,
  reportedReasons,
  type Layout,
  type ReportedInterruption,
} from '../domain/official-interruption.ts'
import { interruptionShape18, interruptionShape26 } from '../domain/official-shapes.ts'
import { agent, conjuntoArbitrary, generatedOn, readBack, wordsArbitrary } from './official.fixture.ts'

const shapes = { '18': interruptionShape18, '26': interruptionShape26 } as const
const id = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/)
const momentArbitrary = fc
  .integer({ min: Date.UTC(2010), max: Date.UTC(2090) })
  .map((instant) => new Date(instant).toISOString().slice(0, 19).replace('T', ' '))

const lineArbitrary: fc.Arbitrary<ReportedInterruption> = fc
  .tuple(
    fc.uniqueArray(momentArbitrary, { minLength: 2, maxLength: 2 }).map((moments) => moments.toSorted()),
    fc.record(
      {
        interruptionId: id,
        eventId: fc.option(id),
        occurrenceId: fc.option(id),
        conjunto: conjuntoArbitrary,
        municipalityCode: fc.option(fc.integer({ min: 1_000_000, max: 9_999_999 })),
        feederId: fc.option(id),
        substationId: fc.option(id),
        year: fc.integer({ min: 2010, max: 2090 }),
        month: fc.integer({ min: 1, max: 12 }),
        programmed: fc.boolean(),
        origin: fc.constantFrom('internal', 'external'),
        reason: fc.constantFrom(...reportedReasons),
        cause: fc.option(wordsArbitrary),
        detail: fc.option(wordsArbitrary),
        voltageV: fc.option(fc.nat(5e7).map((hundredths) => hundredths / 100)),
        unitsOut: fc.integer({ min: 1, max: 1e6 }),
        unitsOfConjunto: fc.integer({ min: 1, max: 1e6 }),
        elementKind: fc.option(fc.constantFrom('source', 'switch', 'section', 'transformer', 'unit')),
      },
      { noNullPrototype: true },
    ),
  )
  .map(([[from, until], line]) => ({ ...line, from: from!, until: until! }) as ReportedInterruption)

describe('interruptions in official files', () => {
  for (const layout of ['18', '26'] as const)
    it(`in ${layout} columns are read back as far as those carry them (property)`, () =>
      fc.assert(
        fc.asyncProperty(fc.array(lineArbitrary), async (lines) => {
          assert.equal(shapes[layout].columns.length, Number(layout))
          const written = await readBack(shapes[layout], interruptionRows(layout, agent, lines, generatedOn))
          const interruptions = readInterruptions(layout, written)
          assert.deepEqual(
            interruptions,
            lines.map((line) => carriedBy(layout, line)),
          )
        }),
      ))

  it('have 18 columns to 2025, and 26 from 2026 on', () =>
    assert.deepEqual([2017, 2025, 2026].map(layoutOf), ['18', '18', '26']))

  it('tell by the names of their columns in which layout they are', () => {
    for (const layout of ['18', '26'] as const)
      assert.equal(layoutIn(`${shapes[layout].columns.map(({ name }) => name).join(';')}\r\n`), layout)
  })

  it('that were published are understood', () => {
    const head = interruptionShape18.columns.map(({ name }) => name).join(';')
    const published =
      '2024-03-14;14236;TRINDADE;TDD-01C5;TRINDADE;15326228_14086699;Não Programada;0;2017-11-29 08:18:37;2017-12-01 08:27:42;INTERNO - NAO PROGRAMADA - PROPRIAS DO SISTEMA - FALHA DE MATERIAL OU EQUIPAMENTO;380;1;36413;2017;COMPANHIA;CELPE;10835932000108'
    const interruptions = readInterruptions('18', readOfficialCsv(interruptionShape18, `${head}\n${published}\n`))
    assert.deepEqual(interruptions, [
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

  const valid: ReportedInterruption = {
    ...{ interruptionId: '1', eventId: null, occurrenceId: null, municipalityCode: null, elementKind: null },
    ...{ conjunto: { id: '1', name: 'A' }, feederId: null, substationId: null, year: 2026, month: 3 },
    ...{ programmed: false, origin: 'internal', reason: 'none', cause: null, detail: null, voltageV: null },
    ...{ from: '2026-03-01 10:00:00', until: '2026-03-01 11:00:00', unitsOut: 1, unitsOfConjunto: 2 },
  }
  for (const [layout, changes, why] of [
    ['18', { IdeMotivoInterrupcao: 9 }, /line 2, IdeMotivoInterrupcao: 9 is none of 0 to 8/],
    ['18', { DscTipoInterrupcao: 'Talvez' }, /line 2, DscTipoInterrupcao: "Talvez" is not Programada/],
    ['18', { DscFatoGeradorInterrupcao: 'x' }, /line 2, DscFatoGeradorInterrupcao: "x" does not begin with Interna/],
    ['26', { DscMotivoExpurgo: 'x' }, /line 2, DscMotivoExpurgo: "x" is no known reason/],
    ['26', { MesCompetencia: 13 }, /line 2, MesCompetencia: 13 is no month/],
    ['26', { DatFimInterrupcao: '2026-03-01 10:00:00' }, /line 2: it ends at .*, and begins at/],
  ] as const satisfies readonly (readonly [Layout, Record<string, unknown>, RegExp])[])
    it(`with ${JSON.stringify(changes)} are refused by line`, async () => {
      const [row] = interruptionRows(layout, agent, [valid], generatedOn)
      const lines = await readBack(shapes[layout], [{ ...row, ...changes }])
      assert.throws(
        () => readInterruptions(layout, lines),
        (error) => error instanceof OfficialContentError && why.test(error.message),
      )
    })
})
