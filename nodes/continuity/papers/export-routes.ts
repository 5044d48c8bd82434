import { Type, type TObject } from '@sinclair/typebox'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { OneOf } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiAnswer, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { agentOf } from '../../../platform/regulation/agent.ts'
import { officialCsv, type OfficialRow, type OfficialShape } from '../../../platform/regulation/official-csv.ts'
import { NoRule } from '../../../platform/regulation/regulated.ts'
import { compensationRuleIn } from '../domain/compensation-rules.ts'
import { indexRows, limitRows, type OfficialIndex } from '../domain/official-index.ts'
import { interruptionRows, layoutOf, type Layout } from '../domain/official-interruption.ts'
import {
  collectiveShape,
  compensationShape,
  interruptionShape18,
  interruptionShape26,
  limitShape,
  serviceShape,
} from '../domain/official-shapes.ts'
import { interruptionLines } from './official-lines.ts'
import { collectiveValues, compensationValues, serviceValues, type Figures } from './official-months.ts'
import { officialLimits } from './official-repository.ts'

const tag = 'official exports'
const csvType = 'text/csv; charset=iso-8859-1; header=present'
export const exportsPath = '/api/quality/exports/continuity'

export const yearField = Type.Integer({ minimum: 2000, maximum: 2199, description: 'Year', examples: [2026] })
export const monthField = Type.Integer({ minimum: 1, maximum: 12, description: 'Month of the year', examples: [3] })
const layoutField = OneOf(['18', '26'], 'Columns: by the year unless given, 18 to 2025, 26 from then on')
export const figuresField = OneOf(
  ['closed', 'now'],
  'closed, unless given: those that were frozen when the month was closed, where it was; now: those of this moment',
)
export const shapesOfInterruptions: Readonly<Record<Layout, OfficialShape>> = {
  '18': interruptionShape18,
  '26': interruptionShape26,
}

/** `YYYY-MM` */
export const monthText = (year: number, month: number): string => `${year}-${String(month).padStart(2, '0')}`
export const monthsOfYear = (year: number): string[] =>
  Array.from({ length: 12 }, (_each, at) => monthText(year, at + 1))

/** Continuity as the regulator publishes it: a file a data set. */
export const exportRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const { TIME_ZONE } = environment
  const today = (): string => civilDaysIn(TIME_ZONE).dayOf(platformClock.now())
  /** Asked before a file is begun: in production there is none without a distributor. */
  const head = () => ({ agent: agentOf(environment), generatedOn: today() })
  const rowsOf = (values: AsyncIterable<OfficialIndex> | Iterable<OfficialIndex>, make: typeof indexRows) => {
    const { agent, generatedOn } = head()
    return eachOf(values, (value) => make(agent, [value], generatedOn))
  }
  const monthly = { year: yearField, month: monthField }
  const withFigures = { ...monthly, figures: Type.Optional(figuresField) }

  return [
    exportRoute({
      ...{ path: 'indicators', operationId: 'exportContinuityIndicators', shapes: [collectiveShape] },
      summary: 'DEC, FEC and their parcels of a month by conjunto, as ANEEL publishes them',
      query: Type.Object(withFigures),
      file: ({ year, month, figures = 'closed' }) => ({
        ...{ shape: collectiveShape, period: monthText(year, month!) },
        rows: rowsOf(collectiveValues(database, { month: monthText(year, month!), figures }), indexRows),
      }),
    }),
    exportRoute({
      ...{ path: 'limits', operationId: 'exportContinuityLimits', shapes: [limitShape] },
      summary: 'Limits of DEC and FEC of a year by conjunto, as ANEEL publishes them',
      query: Type.Object({ year: yearField }),
      async file({ year }) {
        const limits = await officialLimits(database, [year])
        return { shape: limitShape, period: String(year), rows: rowsOf(limits, limitRows) }
      },
    }),
    exportRoute({
      ...{ path: 'compensation', operationId: 'exportContinuityCompensation', shapes: [compensationShape] },
      summary: 'What was paid for interruptions of a month, and to how many, as ANEEL publishes it',
      query: Type.Object(withFigures),
      file({ year, month, figures = 'closed' }) {
        const period = monthText(year, month!)
        checkRule(period)
        const rows = rowsOf(compensationValues(database, { month: period, figures }), indexRows)
        return { shape: compensationShape, period, rows }
      },
    }),
    exportRoute({
      ...{ path: 'emergency-service', operationId: 'exportEmergencyService', shapes: [serviceShape] },
      summary: 'Emergency service and critical days of a month by conjunto, as ANEEL publishes them',
      query: Type.Object(monthly),
      file: ({ year, month }) => ({
        ...{ shape: serviceShape, period: monthText(year, month!) },
        rows: rowsOf(serviceValues(database, monthText(year, month!)), indexRows),
      }),
    }),
    exportRoute({
      ...{ path: 'interruptions', operationId: 'exportInterruptions' },
      shapes: [interruptionShape18, interruptionShape26],
      summary: 'Interruptions of a month or a year, as ANEEL publishes them',
      query: Type.Object({
        year: yearField,
        month: Type.Optional({ ...monthField, description: 'Month; all of the year unless given' }),
        layout: Type.Optional(layoutField),
      }),
      file({ year, month, layout = layoutOf(year) }) {
        const shape = shapesOfInterruptions[layout]
        const months = month === undefined ? monthsOfYear(year) : [monthText(year, month)]
        const { agent, generatedOn } = head()
        const lines = interruptionLines(database, layout, months, TIME_ZONE)
        const rows = eachOf(lines, (line) => interruptionRows(layout, agent, [line], generatedOn))
        return { shape, period: month === undefined ? String(year) : monthText(year, month), rows }
      },
    }),
  ]
}

async function* eachOf<T>(
  things: AsyncIterable<T> | Iterable<T>,
  rowsOf: (thing: T) => Iterable<OfficialRow>,
): AsyncGenerator<OfficialRow> {
  for await (const thing of things) yield* rowsOf(thing)
}

/** @throws Problem 400 where no rule of compensation is known for the month */
function checkRule(month: string): void {
  try {
    compensationRuleIn(month)
  } catch (error) {
    if (error instanceof NoRule) throw badField('query.year', Number(month.slice(0, 4)), error.message)
    throw error
  }
}

interface ExportedPeriod {
  readonly year: number
  readonly month?: number
  readonly layout?: Layout
  readonly figures?: Figures
}

interface ExportedFile {
  readonly shape: OfficialShape
  readonly period: string
  readonly rows: AsyncIterable<OfficialRow>
}

function exportRoute(route: {
  path: string
  operationId: string
  summary: string
  shapes: readonly OfficialShape[]
  query: TObject
  file(period: ExportedPeriod): ExportedFile | Promise<ExportedFile>
}): ApiRoute {
  const { path, operationId, summary, shapes, query, file } = route
  const columns = shapes
    .map((shape) => `\`${shape.columns.map(({ name }) => name).join(shape.separator)}\``)
    .join(' or ')
  return defineRoute({
    method: 'GET',
    path: `${exportsPath}/${path}`,
    ...{ operationId, summary, tag, right: 'read' as const },
    description: `Data set \`${shapes[0]!.resource}\`: ${columns}. ISO 8859-1, decimal comma. Its shape, and what of it is not sure: docs/continuity-papers.md.`,
    query,
    answers: {
      200: { description: 'The file', type: csvType },
      409: { description: 'Nobody said which distributor this is' },
    },
    async handle({ query: period }): Promise<ApiAnswer> {
      const { shape, period: named, rows } = await file(period as unknown as ExportedPeriod)
      return {
        rows: officialCsv(shape, rows),
        headers: { 'Content-Disposition': `attachment; filename="${shape.resource}-${named}.csv"` },
      }
    },
  })
}
