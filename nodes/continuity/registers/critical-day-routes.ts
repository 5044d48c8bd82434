import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import type { CsvColumn } from '../../../platform/http/csv.ts'
import { IdentifierParameter, Nullable } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { regulationOptions } from '../../../platform/regulation/options.ts'
import { day, year } from './columns.ts'
import { conjuntoZones, listCriticalDays } from './critical-day-repository.ts'
import { criticalDayCandidates, criticalDayOutlook, judgeDay } from './critical-days.ts'

const tag = 'continuity registers'
const base = '/api/quality/continuity/critical-days'

const conjuntoId = IdentifierParameter('The conjunto', '12345')
const civilDay = Type.String({ description: 'Civil day of the conjunto', examples: ['2026-03-10'] })
const Threshold = Type.Object(
  {
    perDay: Type.Number({ description: 'Mean + 3 σ, occurrences a day: a day with more is critical' }),
    meanPerDay: Type.Number({ description: 'Mean of the daily counts' }),
    sigmaPerDay: Type.Number({ description: 'Their standard deviation' }),
    needed: Type.Integer({ description: 'Fewest occurrences that make a day critical' }),
    from: Type.String({ description: 'First day of the history' }),
    until: Type.String({ description: 'First day after it' }),
    days: Type.Integer({ description: 'Days of the history, those without occurrences too' }),
    daysTold: Type.Integer({
      description: 'Days of which occurrences or a count were told: where they are few, is the history all there?',
    }),
    firstTold: Type.String({ description: 'First day of which anything was told' }),
    sigma: Type.String({ description: regulationOptions['continuity-critical-day-sigma'].question.en }),
    history: Type.String({ description: regulationOptions['continuity-critical-day-history'].question.en }),
  },
  { $id: 'CriticalDayThreshold' },
)
const occurrences = Type.Integer({ description: 'Emergency occurrences of the day' })
const approved = Type.Boolean({ description: 'Whether two persons have said that it counts as critical' })
const Outlook = Type.Object(
  {
    conjuntoId: Type.String(),
    day: civilDay,
    occurrences,
    threshold: Nullable(Threshold),
    stillNeeded: Nullable(
      Type.Integer({ description: '0: it is above the threshold; null: nothing was told of the history' }),
    ),
    approved,
  },
  { $id: 'CriticalDayOutlook' },
)
const Candidate = Type.Object(
  { conjuntoId: Type.String(), day: civilDay, occurrences, threshold: Threshold, approved },
  { $id: 'CriticalDayCandidate' },
)
const Day = Type.Object(
  {
    conjuntoId: Type.String(),
    day: civilDay,
    occurrences,
    threshold: Type.Number({ description: 'Occurrences a day that it was above' }),
    basis: Type.Record(Type.String(), Type.Unknown(), { description: 'What it was found by' }),
    approvalId: Type.Integer({ description: 'The approval by which two persons decided' }),
  },
  { $id: 'CriticalDay' },
)
const keys = new Keyset(
  Type.Object({ conjuntoId: Type.String(), day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }) }),
)

const candidateColumns: readonly CsvColumn[] = [
  { name: 'conjuntoId', kind: 'text' },
  { name: 'day', kind: 'text' },
  { name: 'occurrences', kind: 'number' },
  { name: 'perDay', kind: 'number', value: ({ threshold }: { threshold: { perDay: number } }) => threshold.perDay },
  { name: 'approved', kind: 'text' },
]

/** Days above mean + 3 σ of their emergency occurrences, and those that two persons called critical. */
export const criticalDayRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const known = async (id: string | undefined): Promise<string[]> => {
    const found = await conjuntoZones(database, id === undefined ? null : [id], environment.TIME_ZONE)
    if (id !== undefined && found.length === 0)
      throw badField('query.conjuntoId', id, 'must be a conjunto of the registry')
    return found.map((one) => one.conjuntoId)
  }

  return [
    defineRoute({
      method: 'GET',
      path: base,
      operationId: 'listCriticalDays',
      summary: 'Days that count as critical, once two persons have said so',
      ...{ tag, right: 'read' },
      query: Type.Object({
        conjuntoId: Type.Optional(conjuntoId),
        year: year('Civil year').schema,
        ...pageQuery(),
      }),
      answers: { 200: { description: 'By conjunto and day', schema: pageOf(Day) } },
      async handle({ query }) {
        const { cursor, limit } = query
        const conjuntoIds = query.conjuntoId === undefined ? null : await known(query.conjuntoId)
        const span = spanOf(query.year as number)
        const page = { after: keys.after(cursor), limit: limit + 1 }
        const rows = await listCriticalDays(database, { conjuntoIds, ...span }, page)
        return { body: keys.page(rows, limit, ({ conjuntoId, day }) => ({ conjuntoId, day })) }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/candidates`,
      operationId: 'listCriticalDayCandidates',
      summary: 'Days with more emergency occurrences than mean + 3 σ of the two years before',
      description: 'Whether one counts as critical takes two persons: propose it as an approval.',
      ...{ tag, right: 'read' },
      query: Type.Object({ conjuntoId: Type.Optional(conjuntoId), year: year('Civil year of the days').schema }),
      answers: { 200: { description: 'By conjunto and day', schema: Type.Object({ items: Type.Array(Candidate) }) } },
      csv: candidateColumns,
      async handle({ query }) {
        const ids = await known(query.conjuntoId)
        return { body: { items: await criticalDayCandidates(database, ids, spanOf(query.year as number)) } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/outlook`,
      operationId: 'getCriticalDayOutlook',
      summary: "Today's emergency occurrences against the threshold, or those of another day",
      ...{ tag, right: 'read' },
      query: Type.Object({
        conjuntoId: Type.Optional(conjuntoId),
        day: Type.Optional(day("Another civil day than each conjunto's today").schema),
      }),
      answers: { 200: { description: 'By conjunto', schema: Type.Object({ items: Type.Array(Outlook) }) } },
      async handle({ query }) {
        const ids = await known(query.conjuntoId)
        const asked = query.day as string | undefined
        const items =
          asked === undefined
            ? await criticalDayOutlook(database, ids, platformClock.now())
            : await judgeDay(database, ids, asked)
        return { body: { items } }
      },
    }),
  ]
}

const spanOf = (year: number) => ({ from: `${year}-01-01`, until: `${year + 1}-01-01` })
