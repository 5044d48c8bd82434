import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { Nullable } from '../../platform/http/fields.ts'
import { badField } from '../../platform/http/problem.ts'
import { defineRoute, type ApiAnswer, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { agentOf } from '../../platform/regulation/agent.ts'
import {
  officialCsv,
  OfficialCsvError,
  readOfficialCsv,
  type OfficialRow,
  type OfficialShape,
} from '../../platform/regulation/official-csv.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import { collectiveOf } from './domain/collective.ts'
import { compareIndicators, comparePaid } from './domain/official-comparison.ts'
import {
  compensationRows,
  indicatorRows,
  OfficialContentError,
  readCompensation,
  readIndicators,
  type PaidCompensation,
  type Quarter,
  type QuarterIndicators,
} from './domain/official-export.ts'
import { compensationShape, indicatorShape } from './domain/official-shapes.ts'
import { transgressionOn } from './domain/transgression.ts'
import { count } from './measurement-fields.ts'
import { paidByMonth, sampleOf } from './paper-repository.ts'

const tag = 'official exports'
const mostShown = 1_000
const mostQuarters = 40
const csvType = 'text/csv; charset=iso-8859-1; header=present'

const year = Type.Integer({ minimum: 2008, maximum: 2200, description: 'Year', examples: [2026] })
const quarter = Type.Integer({ minimum: 1, maximum: 4, description: 'Quarter of the year', examples: [3] })
const Counts = Nullable(
  Type.Object(
    { precarious: count('Precarious windows'), critical: count('Critical windows') },
    { description: 'null: not there' },
  ),
)
const Agents = Type.Array(Type.Object({ acronym: Type.String(), cnpj: Type.String(), isOurs: Type.Boolean() }), {
  description: 'The distributors that the file names, and whether each is the one of here',
})

const IndicatorCheck = Type.Object(
  {
    agents: Agents,
    units: count('Units of the file, a quarter each'),
    equal: count('Of these, units whose indicators are those of here'),
    different: count('Units whose indicators are not, or that are in one of the two only'),
    differences: Type.Array(Type.Object({ year, quarter, unitId: Type.String(), file: Counts, here: Counts }), {
      description: `The first ${mostShown} of them, with their windows`,
    }),
    icc: Type.Array(
      Type.Object({ year, quarter, filePct: Nullable(Type.Number()), herePct: Nullable(Type.Number()) }),
      { description: 'Quarters whose ICC is not the same to two decimals' },
    ),
    others: Type.Record(Type.String(), Type.Integer(), {
      description: 'Rows of other indicators, by code: not compared',
    }),
  },
  { $id: 'OfficialIndicatorCheck' },
)

const CompensationCheck = Type.Object(
  {
    months: count('Months of the file'),
    differences: Type.Array(
      Type.Object({
        ...{ year, month: Type.Integer(), fileBrl: Nullable(Type.Number()), hereBrl: Nullable(Type.Number()) },
      }),
      { description: 'Months whose sum is another here, or that are in one of the two only, R$' },
    ),
  },
  { $id: 'OfficialCompensationCheck' },
)

/** Files as the regulator publishes them, and files beside what is known here. */
export const paperRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)
  const today = (): string => days.dayOf(platformClock.now())
  const ours = () => agentOf(environment)

  async function indicatorsHere(of: Quarter): Promise<QuarterIndicators> {
    const [choices, sample] = await Promise.all([regulationChoices(database), sampleOf(database, firstDay(of))])
    const units = sample.map(({ unitId, precarious, critical }) => ({ unitId, precarious, critical }))
    const iccPct = collectiveOf(sample, choices['voltage-icc-counts'])?.iccPct ?? null
    return { year: of.year, quarter: of.quarter, units, iccPct }
  }

  const paidHere = async (from: string, before: string): Promise<PaidCompensation[]> =>
    (await paidByMonth(database, from, before)).map((month) => ({ ...month, conjunto: null }))

  return [
    exportRoute({
      ...{ path: 'indicators', operationId: 'exportVoltageIndicators', shape: indicatorShape },
      summary: 'Voltage indicators of a quarter, as ANEEL publishes them',
      async rows(of) {
        const agent = ours()
        const { 'voltage-percentages': percentages } = await regulationChoices(database)
        const { windows } = transgressionOn(lastDay(of)).value
        return indicatorRows(agent, await indicatorsHere(of), { generatedOn: today(), windows, percentages })
      },
    }),
    exportRoute({
      ...{ path: 'compensation', operationId: 'exportVoltageCompensation', shape: compensationShape },
      summary: 'Voltage compensation of a quarter by month, as ANEEL publishes it',
      rows: async (of) => compensationRows(ours(), await paidHere(firstDay(of), firstDay(nextQuarter(of))), today()),
    }),
    checkRoute({
      ...{ path: 'indicators', operationId: 'checkVoltageIndicators', shape: indicatorShape, schema: IndicatorCheck },
      summary: 'Compare a file of voltage indicators with what is known here',
      async check(text) {
        const windows = transgressionOn(today()).value.windows
        const { agents, quarters, others } = readIndicators(readOfficialCsv(indicatorShape, text), windows)
        if (quarters.length > mostQuarters)
          throw badField('body', `${quarters.length} quarters`, `must hold ${mostQuarters} at most`)
        const here = new Map<Quarter, QuarterIndicators>()
        for (const of of quarters) here.set(of, await indicatorsHere(of))
        const { units, equal, differences, icc } = compareIndicators(quarters, (of) => here.get(of)!)
        const { acronym, cnpj } = ours()
        const named = agents.map((one) => ({ ...one, isOurs: one.acronym === acronym && one.cnpj === cnpj }))
        const shown = differences.slice(0, mostShown)
        return { agents: named, units, equal, different: differences.length, differences: shown, icc, others }
      },
    }),
    checkRoute({
      ...{ path: 'compensation', operationId: 'checkVoltageCompensation', shape: compensationShape },
      schema: CompensationCheck,
      summary: 'Compare a file of voltage compensation with what was booked here',
      async check(text) {
        const file = readCompensation(readOfficialCsv(compensationShape, text))
        const months = file.map((paid) => paid.year * 12 + paid.month - 1)
        const [first, last] = [Math.min(...months), Math.max(...months)]
        if (file.length > 0 && !(first >= 2008 * 12 && last < 2200 * 12))
          throw badField('body', undefined, 'must have AnoIndice from 2008 to 2199')
        const here = file.length === 0 ? [] : await paidHere(monthDay(first), monthDay(last + 1))
        return comparePaid(file, here)
      },
    }),
  ]
}

function exportRoute(route: {
  path: string
  operationId: string
  summary: string
  shape: OfficialShape
  rows(of: Quarter): Promise<Iterable<OfficialRow>>
}): ApiRoute {
  const { path, operationId, summary, shape, rows } = route
  return defineRoute({
    method: 'GET',
    path: `/api/quality/exports/voltage/${path}`,
    ...{ operationId, summary, tag, right: 'read' as const },
    description: `Data set \`${shape.resource}\`: ${shape.columns.map(({ name }) => name).join(shape.separator)}. ISO 8859-1, decimal comma. Its shape, and what of it is not sure: docs/voltage-papers.md.`,
    query: Type.Object({ year, quarter }),
    answers: {
      200: { description: 'The file', type: csvType },
      409: { description: 'Nobody said which distributor this is' },
    },
    async handle({ query }): Promise<ApiAnswer> {
      const name = `${shape.resource}-${query.year}-${query.quarter}.csv`
      return {
        rows: officialCsv(shape, await rows(query)),
        headers: { 'Content-Disposition': `attachment; filename="${name}"` },
      }
    },
  })
}

function checkRoute(route: {
  path: string
  operationId: string
  summary: string
  shape: OfficialShape
  schema: typeof IndicatorCheck | typeof CompensationCheck
  check(text: string): Promise<unknown>
}): ApiRoute {
  const { path, operationId, summary, shape, schema, check } = route
  return defineRoute({
    method: 'POST',
    path: `/api/quality/exports/voltage/${path}/check`,
    ...{ operationId, summary, tag, right: 'read' as const },
    description:
      'Of a file that was exported here, or published by ANEEL. Nothing is written. Send it as it is, with its charset: `Content-Type: text/csv; charset=iso-8859-1`.',
    body: Type.String({ description: 'The file', examples: [exampleOf(shape)] }),
    bodyType: 'text/csv',
    maxBodyBytes: 16 * 1024 * 1024,
    answers: { 200: { description: 'What is not the same', schema } },
    async handle({ body }) {
      try {
        return { body: await check(body) }
      } catch (error) {
        if (error instanceof OfficialCsvError || error instanceof OfficialContentError)
          throw badField('body', undefined, error.message)
        throw error
      }
    },
  })
}

/** A file without rows. */
const exampleOf = ({ columns, separator }: OfficialShape): string =>
  `${columns.map(({ name }) => name).join(separator)}\r\n`

/** First day of a month, counted from year 0. */
const monthDay = (month: number): string => `${Math.floor(month / 12)}-${twoDigits((month % 12) + 1)}-01`
const twoDigits = (value: number): string => String(value).padStart(2, '0')
const firstDay = ({ year, quarter }: Quarter): string => `${year}-${twoDigits(quarter * 3 - 2)}-01`
const lastDay = ({ year, quarter }: Quarter): string => `${year}-${['03-31', '06-30', '09-30', '12-31'][quarter - 1]}`
const nextQuarter = ({ year, quarter }: Quarter): Quarter =>
  quarter === 4 ? { year: year + 1, quarter: 1 } : { year, quarter: quarter + 1 }
