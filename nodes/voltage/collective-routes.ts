import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../platform/http/csv.ts'
import { Nullable } from '../../platform/http/fields.ts'
import { badField } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import { quarterSamples } from './collective-repository.ts'
import { collectiveOf } from './domain/collective.ts'
import { count, quarter, quarterDay, quarterName } from './measurement-fields.ts'
import { quarterOf } from './schedule-measurement.ts'

const percent = (description: string) =>
  Nullable(Type.Number({ description: `${description}, %; null: nothing was measured` }))
const Quarter = Type.Object(
  {
    quarter: Type.String({ examples: ['2026-Q4'] }),
    nl: count('Units of the sample that were measured (NL)'),
    nc: count('Of them with critical voltage (NC)'),
    drpePct: percent('Σ DRP / NL'),
    drcePct: percent('Σ DRC / NL'),
    iccPct: percent('NC / NL · 100'),
    scheduled: count('Measurements that have not begun'),
    running: count('Measurements that run'),
    abandoned: count('Measurements that were abandoned and not taken again'),
  },
  { $id: 'CollectiveVoltageIndicators' },
)

/** How the samples of the quarters fare as a whole. */
export const collectiveRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)
  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/collective',
      operationId: 'listCollectiveVoltageIndicators',
      summary: 'DRPE, DRCE and ICC of the samples, by quarter',
      ...{ tag: 'voltage quality', right: 'read' },
      query: Type.Object({
        from: Type.Optional(quarter('First quarter; four with `to` unless given')),
        to: Type.Optional(quarter('Last quarter; the present one unless given')),
      }),
      answers: { 200: { description: 'Quarters with a sample, the newest first', schema: Type.Array(Quarter) } },
      csv: csvColumnsOf(Quarter),
      async handle({ query }) {
        const to = query.to ?? quarterName(quarterOf(days.dayOf(platformClock.now())))
        const from = query.from ?? fourUpTo(to)
        if (from > to) throw badField('query.from', from, `must not be after ${to}`)
        const samples = await quarterSamples(database, quarterDay(from), quarterDay(to))
        const { 'voltage-icc-counts': counts } = await regulationChoices(database)
        return {
          body: samples.map(({ quarter, results, ...progress }) => ({
            ...{ quarter: quarterName(quarter), ...(collectiveOf(results, counts) ?? nothingMeasured), ...progress },
          })),
        }
      },
    }),
  ]
}

const nothingMeasured = { nl: 0, nc: 0, drpePct: null, drcePct: null, iccPct: null }

/** The first of the four quarters that end with one. */
function fourUpTo(name: string): string {
  const [year, number] = [Number(name.slice(0, 4)), Number(name.slice(6))]
  return number === 4 ? `${year}-Q1` : `${year - 1}-Q${number + 1}`
}
