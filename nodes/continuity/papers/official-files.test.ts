import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  officialCsv,
  officialText,
  readOfficialCsv,
  type OfficialLine,
  type OfficialRow,
  type OfficialShape,
} from '../../../platform/regulation/official-csv.ts'
import { collectiveCodes, limitCodes } from '../domain/official-collective.ts'
import { compensationCodes } from '../domain/official-compensation.ts'
import { indexRows, limitRows, readIndexes, type Agent, type OfficialIndex } from '../domain/official-index.ts'
import {
  carriedBy,
  interruptionRows,
  readInterruptions,
  reportedReasons,
  type ReportedInterruption,
} from '../domain/official-interruption.ts'
import { serviceCodes } from '../domain/official-service.ts'
import {
  collectiveShape,
  compensationShape,
  interruptionShape18,
  interruptionShape26,
  limitShape,
  serviceShape,
} from '../domain/official-shapes.ts'

const agent: Agent = { name: 'SÃO JOÃO ENERGIA', acronym: 'SÃO JOÃO', cnpj: '12ABC34501DE35' }
const generatedOn = '2026-04-15'
const plain = { noNullPrototype: true } as const

/** Text as official files hold it: letters of Latin-1, nothing at its ends. */
const words = fc.stringMatching(/^[A-ZÀ-Ý][A-Za-zÀ-ÿ ';"=]{0,30}[a-zà-ÿ]$/)
const id = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/)
const conjuntoArbitrary = fc.record({ id: fc.integer({ min: 1, max: 20_000 }).map(String), name: words }, plain)

/** What is read of a file that rows were written to. */
async function readBack(shape: OfficialShape, rows: Iterable<OfficialRow>): Promise<OfficialLine[]> {
  const parts: Uint8Array[] = []
  for await (const part of officialCsv(shape, rows)) parts.push(part)
  return readOfficialCsv(shape, officialText(Buffer.concat(parts), shape.encoding))
}

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
    { selector: ({ conjunto, year, month: of, code }: OfficialIndex) => JSON.stringify([conjunto.id, year, of, code]) },
  )

describe('official files of continuity are read back to what was written (property):', () => {
  const anyMonth = fc.integer({ min: 1, max: 12 })
  for (const [what, shape, codes, month, rows] of [
    ['indicators', collectiveShape, collectiveCodes, anyMonth, indexRows],
    ['limits', limitShape, limitCodes, fc.constant(null), limitRows],
    ['compensation', compensationShape, compensationCodes, anyMonth, indexRows],
    ['emergency services', serviceShape, serviceCodes, anyMonth, indexRows],
  ] as const)
    it(`${what}, whatever the order of lines`, () =>
      fc.assert(
        fc.asyncProperty(indexesArbitrary(codes, month), fc.boolean(), async (indexes, turned) => {
          const lines = await readBack(shape, rows(agent, indexes, generatedOn))
          const { indexes: read, others } = readIndexes(turned ? lines.toReversed() : lines, codes)
          assert.deepEqual([turned ? read.toReversed() : read, others], [indexes, {}])
        }),
      ))

  const moment = fc
    .integer({ min: Date.UTC(2010), max: Date.UTC(2090) })
    .map((instant) => new Date(instant).toISOString().slice(0, 19).replace('T', ' '))
  const lineArbitrary = fc
    .tuple(
      fc.uniqueArray(moment, { minLength: 2, maxLength: 2 }).map((moments) => moments.toSorted()),
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
          month: anyMonth,
          programmed: fc.boolean(),
          origin: fc.constantFrom('internal', 'external'),
          reason: fc.constantFrom(...reportedReasons),
          cause: fc.option(words),
          detail: fc.option(words),
          voltageV: fc.option(fc.nat(5e7).map((hundredths) => hundredths / 100)),
          unitsOut: fc.integer({ min: 1, max: 1e6 }),
          unitsOfConjunto: fc.integer({ min: 1, max: 1e6 }),
          elementKind: fc.option(fc.constantFrom('source', 'switch', 'section', 'transformer', 'unit')),
        },
        plain,
      ),
    )
    .map(([[from, until], line]) => ({ ...line, from: from!, until: until! }) as ReportedInterruption)

  for (const [layout, shape] of [
    ['18', interruptionShape18],
    ['26', interruptionShape26],
  ] as const)
    it(`interruptions in ${layout} columns, as far as those carry them`, () =>
      fc.assert(
        fc.asyncProperty(fc.array(lineArbitrary), async (lines) => {
          const written = await readBack(shape, interruptionRows(layout, agent, lines, generatedOn))
          assert.deepEqual(
            readInterruptions(layout, written),
            lines.map((line) => carriedBy(layout, line)),
          )
        }),
      ))
})
