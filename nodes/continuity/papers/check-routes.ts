import { Type, type TSchema } from '@sinclair/typebox'
import { civilTimesIn } from '../../../platform/clock/civil-time.ts'
import { Nullable, OneOf } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { agentOf } from '../../../platform/regulation/agent.ts'
import {
  OfficialCsvError,
  readOfficialCsv,
  type OfficialLine,
  type OfficialShape,
} from '../../../platform/regulation/official-csv.ts'
import { NoRule } from '../../../platform/regulation/regulated.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import { collectiveCodes, limitCodes, reportedMonth } from '../domain/official-collective.ts'
import { compensationCodes } from '../domain/official-compensation.ts'
import {
  compareIndexes,
  indexesOf,
  linesOfAgent,
  OfficialContentError,
  readIndexes,
  type Conjunto,
  type OfficialIndex,
} from '../domain/official-index.ts'
import {
  layoutIn,
  readInterruptions,
  reportedReasons,
  type ReportedInterruption,
} from '../domain/official-interruption.ts'
import { LineComparison } from '../domain/official-lines.ts'
import { recountOf } from '../domain/official-recount.ts'
import { serviceCodes } from '../domain/official-service.ts'
import { collectiveShape, compensationShape, limitShape, serviceShape } from '../domain/official-shapes.ts'
import {
  exportsPath,
  figuresField,
  monthField,
  monthsOfYear,
  monthText,
  shapesOfInterruptions,
  yearField,
} from './export-routes.ts'
import { interruptionLines } from './official-lines.ts'
import { collectiveValues, compensationValues, serviceValues, type Figures } from './official-months.ts'
import { namedConjuntos, officialLimits } from './official-repository.ts'

const tag = 'official exports'
const mostShown = 1_000
const mostMonths = 12

const count = (description: string) => Type.Integer({ minimum: 0, description })
const both = { file: Nullable(Type.Number()), here: Nullable(Type.Number()) }
const ofOthers = count('Lines of other distributors: passed over')
const period = { year: yearField, month: Nullable(monthField) }
const IndexCheck = Type.Object(
  {
    ofOthers,
    values: count('Values of the file'),
    equal: count('Of these, values that are those of here'),
    different: count('Values that are not, or that are in one of the two only'),
    differences: Type.Array(Type.Object({ conjuntoId: Type.String(), ...period, code: Type.String(), ...both }), {
      description: `The first ${mostShown} of them`,
    }),
    others: Type.Record(Type.String(), Type.Integer(), {
      description: 'Rows of other indicators, by code: not compared',
    }),
  },
  { $id: 'OfficialContinuityCheck' },
)
const units = (of: string) => Nullable(count(`Units without supply in ${of}; null: the line is not there`))
const LineCheck = Type.Object(
  {
    ofOthers,
    lines: count('Lines of the file, those of the same units together'),
    equal: count('Of these, lines that are here too, with as many units'),
    different: count('Lines that are not, or that are in one of the two only'),
    differences: Type.Array(
      Type.Object({
        ...{ conjuntoId: Type.String(), interruptionId: Type.String(), ...period, from: Type.String() },
        ...{ until: Type.String(), reason: OneOf(reportedReasons, 'Why it is not counted; none: it is') },
        ...{ fileUnits: units('the file'), hereUnits: units('what is known here') },
      }),
      { description: `The first ${mostShown} of them` },
    ),
    recount: Type.Array(Type.Object({ conjuntoId: Type.String(), ...period, code: Type.String(), ...both }), {
      description:
        'DEC and its parcels that the lines of the file come to by themselves, by conjunto and month, where they are not those of here',
    }),
  },
  { $id: 'OfficialInterruptionCheck' },
)

/** Files that were exported here, or published by the regulator, beside what is known here. */
export const checkRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const { TIME_ZONE } = environment
  const ours = (lines: readonly OfficialLine[]) => linesOfAgent(lines, agentOf(environment))

  async function checkIndexes(
    text: string,
    shape: OfficialShape,
    codes: Iterable<string>,
    valuesHere: (periods: readonly OfficialIndex[]) => Promise<readonly OfficialIndex[]>,
  ) {
    const { lines, ofOthers: others } = ours(readOfficialCsv(shape, text))
    const read = readIndexes(lines, codes)
    const { differences, ...numbers } = compareIndexes(read.indexes, await valuesHere(read.indexes))
    const shown = differences.slice(0, mostShown)
    return { ...numbers, ofOthers: others, different: differences.length, differences: shown, others: read.others }
  }
  const byMonth =
    (values: (month: string) => AsyncIterable<OfficialIndex>) => async (file: readonly OfficialIndex[]) => {
      const here: OfficialIndex[] = []
      for (const month of monthsIn(file.map(({ year, month: number }) => monthText(year, number ?? 1))))
        for await (const value of values(month)) here.push(value)
      return here
    }

  return [
    checkRoute({
      ...{ path: 'indicators', operationId: 'checkContinuityIndicators', schema: IndexCheck, hasFigures: true },
      summary: 'Compare a file of DEC, FEC and their parcels with what is known here',
      check: (text, figures) =>
        checkIndexes(
          text,
          collectiveShape,
          collectiveCodes,
          byMonth((month) => collectiveValues(database, { month, figures })),
        ),
    }),
    checkRoute({
      ...{ path: 'limits', operationId: 'checkContinuityLimits', schema: IndexCheck },
      summary: 'Compare a file of limits of DEC and FEC with those of here',
      check: (text) =>
        checkIndexes(text, limitShape, limitCodes, (file) =>
          officialLimits(database, [...new Set(file.map(({ year }) => year))]),
        ),
    }),
    checkRoute({
      ...{ path: 'compensation', operationId: 'checkContinuityCompensation', schema: IndexCheck, hasFigures: true },
      summary: 'Compare a file of compensation for interruptions with what is known here',
      check: (text, figures) =>
        checkIndexes(
          text,
          compensationShape,
          compensationCodes,
          byMonth((month) => compensationValues(database, { month, figures })),
        ),
    }),
    checkRoute({
      ...{ path: 'emergency-service', operationId: 'checkEmergencyService', schema: IndexCheck },
      summary: 'Compare a file of emergency service with what is known here',
      check: (text) =>
        checkIndexes(
          text,
          serviceShape,
          serviceCodes,
          byMonth((month) => serviceValues(database, month)),
        ),
    }),
    checkRoute({
      ...{ path: 'interruptions', operationId: 'checkInterruptions', schema: LineCheck },
      summary: 'Compare a file of interruptions with those of here',
      async check(text) {
        const layout = layoutIn(text)
        const { lines, ofOthers: others } = ours(readOfficialCsv(shapesOfInterruptions[layout], text))
        const interruptions = readInterruptions(layout, lines)
        const months = monthsIn(
          interruptions.flatMap(({ year, month }) => (month === null ? monthsOfYear(year) : [monthText(year, month)])),
        )
        const comparison = new LineComparison(interruptions)
        for (const [, ofYear] of Map.groupBy(months, (month) => month.slice(0, 4)))
          for await (const line of interruptionLines(database, layout, ofYear, TIME_ZONE)) comparison.take(line)
        comparison.end()
        const { lines: read, equal, differences } = comparison
        const shown = differences.slice(0, mostShown)
        const recount = layout === '26' ? await recounted(interruptions, months) : []
        return { ofOthers: others, lines: read, equal, different: differences.length, differences: shown, recount }
      },
    }),
  ]

  async function recounted(lines: readonly ReportedInterruption[], months: readonly string[]) {
    const choices = await regulationChoices(database)
    const zones = new Map((await namedConjuntos(database)).map(({ id, timeZone }) => [id, timeZone]))
    const here: OfficialIndex[] = []
    for (const month of months)
      for await (const value of collectiveValues(database, { month, figures: 'now' })) here.push(value)
    const file = [...Map.groupBy(lines, ({ conjunto, year, month }) => JSON.stringify([conjunto.id, year, month]))]
    const counted = file.map(([, those]) => {
      const { conjunto, year, month } = those[0]!
      const clocks = civilTimesIn(zones.get(conjunto.id) ?? TIME_ZONE)
      const again = recountOf(those, choices['continuity-month-crossing'], clocks.instantOf)
      const of = { conjuntoId: conjunto.id, month: monthText(year, month!), ...again }
      return reportedMonth(conjunto, of, choices['continuity-dec-fec-rounding'])
    })
    const known = new Set(counted.map(keyOfMonth))
    return compareIndexes(
      indexesOf(counted, recountedCodes),
      here.filter((value) => recountedCodes.includes(value.code) && known.has(keyOfMonth(value))),
    ).differences.slice(0, mostShown)
  }
}

/** FEC does not follow from lines: several of them may be one occurrence of a unit. Nor are external ones on critical days told apart. */
const recountedCodes = ['DEC', 'DECIP', 'DECIND', 'DECINE', 'DECINC', 'DECIPC', 'DECINO']

const keyOfMonth = ({ conjunto, year, month }: { conjunto: Conjunto; year: number; month: number | null }): string =>
  JSON.stringify([conjunto.id, year, month])

/** @throws Problem 400 where there are too many */
function monthsIn(all: readonly string[]): string[] {
  const months = [...new Set(all)].toSorted()
  if (months.length > mostMonths) throw badField('body', `${months.length} months`, `must hold ${mostMonths} at most`)
  return months
}

function checkRoute(route: {
  path: string
  operationId: string
  summary: string
  schema: TSchema
  /** Whether it is beside the figures of a closed month, or of now. */
  hasFigures?: true
  check(text: string, figures: Figures): Promise<unknown>
}): ApiRoute {
  const { path, operationId, summary, schema, hasFigures, check } = route
  return defineRoute({
    method: 'POST',
    path: `${exportsPath}/${path}/check`,
    ...{ operationId, summary, tag, right: 'read' as const },
    description: `Of a file that was exported here, or published by ANEEL: ${mostMonths} months at most. Nothing is written. Send it as it is, with its charset: \`Content-Type: text/csv; charset=iso-8859-1\`.`,
    query: Type.Object(hasFigures ? { figures: Type.Optional(figuresField) } : {}),
    body: Type.String({ description: 'The file', examples: [exampleOf(path)] }),
    ...{ bodyType: 'text/csv' as const, maxBodyBytes: 16 * 1024 * 1024, patienceMs: 300_000 },
    answers: { 200: { description: 'What is not the same', schema } },
    async handle({ body, query }) {
      try {
        const { figures = 'closed' } = query as { figures?: Figures }
        return { body: await check(body, figures) }
      } catch (error) {
        if (error instanceof OfficialCsvError || error instanceof OfficialContentError || error instanceof NoRule)
          throw badField('body', undefined, error.message)
        throw error
      }
    },
  })
}

/** A file without rows. */
function exampleOf(path: string): string {
  const shapes: Readonly<Record<string, OfficialShape>> = {
    indicators: collectiveShape,
    limits: limitShape,
    compensation: compensationShape,
    'emergency-service': serviceShape,
    interruptions: shapesOfInterruptions['26'],
  }
  const { columns, separator } = shapes[path]!
  return `${columns.map(({ name }) => name).join(separator)}\r\n`
}
