import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import {
  IdentifierParameter,
  Instant,
  InstantParameter,
  Nullable,
  OneOf,
  rounded,
  roundedOrNull,
} from '../../../platform/http/fields.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import { priorities } from '../domain/alarm.ts'
import { figureNames, type KeyFigure } from '../domain/kpis/key-figures.ts'
import type { Scope } from '../domain/responsibility.ts'
import { AlarmId, tag } from '../lists/alarm-fields.ts'
import { askedScope, responsibilityQuery, type ListServices } from '../lists/list-services.ts'
import { scopeOfUser } from '../responsibility/responsibility-repository.ts'
import { alarmKpis, wholePeriod } from './alarm-kpis.ts'
import { isUser } from './kpi-repository.ts'

const dayMs = 86_400_000
const mostDays = 92

const count = (description: string) => Type.Integer({ description })
const Duration = Nullable(Type.Integer({ description: 'Milliseconds; null: nothing was acknowledged' }))
const Figure = Type.Object(
  {
    name: OneOf(figureNames, 'Which'),
    value: Nullable(Type.Number({ description: 'In `unit`; null: there is nothing to judge' })),
    unit: OneOf(['alarms', '%'], 'Of value, good and most'),
    good: Type.Number({ description: 'Up to here it is as it should be' }),
    most: Type.Number({ description: 'Up to here it can be lived with' }),
    sense: OneOf(
      ['upTo', 'below', 'atLeast'],
      '`upTo`: these values are still good; `below`: they are not; `atLeast`: less is worse',
    ),
    verdict: Nullable(OneOf(['met', 'tolerable', 'missed'], 'How it stands against them')),
    titleEn: Type.String(),
    titlePt: Type.String(),
    source: Type.String({ description: 'Who says so' }),
  },
  { $id: 'AlarmKeyFigure' },
)
const named = {
  alarmId: AlarmId,
  ...{ area: Type.String(), kind: Type.String(), subject: Type.String(), feederId: Nullable(Type.String()) },
}
const Kpis = Type.Object(
  {
    from: Instant('The period begins: of whole ten minutes'),
    until: Instant('It ends'),
    timeZone: Type.String({ description: 'IANA zone of the days' }),
    figures: Type.Array(Figure, { description: 'Each with its targets and its verdict' }),
    totals: Type.Object({
      occurrences: count('Times that attention was asked for, or would have been'),
      told: count('Those that an operator was told of: what the figures count'),
      explained: count('Those that were hidden behind the alarm that explains them'),
      otherwiseHidden: count('Those that were shelved, suppressed or out of service'),
      acknowledged: count('Those that were acknowledged'),
      unacknowledged: count('Alarms whose newest occurrence was not acknowledged at the end'),
      meanToAcknowledgeMs: Duration,
      medianToAcknowledgeMs: Duration,
      byPriority: Type.Object(Object.fromEntries(priorities.map((priority) => [priority, Type.Integer()]))),
    }),
    hiddenNow: Type.Object(
      { shelved: Type.Integer(), suppressed: Type.Integer(), outOfService: Type.Integer() },
      { description: 'Alarms that are hidden now' },
    ),
    floodCount: count('Floods in the period'),
    floods: Type.Array(
      Type.Object({
        begin: Instant('When it began'),
        end: Nullable(Instant('When it was over; null: it lasts')),
        alarms: count('That came in it'),
      }),
      { description: 'The newest 500, oldest first' },
    ),
    mostFrequent: Type.Array(Type.Object({ ...named, alarms: Type.Integer() }), { description: 'Ten at most' }),
    chattering: Type.Array(Type.Object({ ...named, times: Type.Integer() }), {
      description: 'Ten at most, the worst first',
    }),
    withoutAuthorisation: Type.Array(
      Type.Object({
        by: Nullable(Type.String({ description: 'Null: nobody was named' })),
        how: OneOf(['suppressed', 'shelved', 'taken-out'], 'What was done'),
        alarms: Type.Integer(),
      }),
      { description: 'Who hid alarms without being entitled to, ten at most' },
    ),
    perDay: Type.Array(
      Type.Object({
        day: Type.String({ examples: ['2026-03-10'] }),
        at: Instant('When it begins'),
        alarms: Type.Integer(),
      }),
      { description: 'By civil day; the first and last one as far as they are of the period' },
    ),
    perTenMinutes: Type.Array(Type.Object({ at: Instant('When they begin'), alarms: Type.Integer() }), {
      description: 'Ten minutes that had any, the newest 4,464',
    }),
  },
  { $id: 'AlarmKpis' },
)

/** How good the alarms are: key figures of a period. */
export const kpiRoutes = ({ database, timeZone }: ListServices): readonly ApiRoute[] => {
  const days = civilDaysIn(timeZone)
  return [
    defineRoute({
      method: 'GET',
      path: '/api/alarms/kpis',
      operationId: 'getAlarmKpis',
      summary: 'How good the alarms are: key figures of a period, by ISA-18.2 and EEMUA 191',
      description:
        'Of what operators were told of, unless a figure says otherwise; the targets are for one operator, so ask for one area of responsibility or one user where there are several. As CSV it has the figures.',
      ...{ tag, right: 'read' },
      query: Type.Object({
        from: Type.Optional(InstantParameter('Begin; a day before the end unless given', '2026-03-10T00:00:00Z')),
        until: Type.Optional(InstantParameter('End; now unless given', '2026-03-11T00:00:00Z')),
        user: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'Only what this user answers for; `mine` and `responsibility` say nothing then',
          }),
        ),
        ...responsibilityQuery,
        area: Type.Optional(IdentifierParameter('Of conditions of this area', 'telemetry')),
        feederId: Type.Optional(IdentifierParameter('On this feeder or one below it', 'feeder-01')),
      }),
      answers: {
        200: { description: 'Key figures', schema: Kpis },
        404: { description: 'There is no such area of responsibility, or user' },
      },
      csv: csvColumnsOf(Figure),
      // Three months of storms on a busy machine.
      patienceMs: 60_000,
      async handle({ query, identity, format }) {
        const { area, feederId, user, mine, responsibility } = query
        const now = platformClock.now()
        const asked = query.until ?? now
        if (asked - dayMs < 0) throw badField('query.until', new Date(asked).toISOString(), 'must be after 1970-01-01')
        const period = wholePeriod(query.from ?? asked - dayMs, asked, now)
        if (period.until <= period.from)
          throw badField(
            'query.from',
            new Date(query.from ?? period.from).toISOString(),
            'must be ten minutes before until and now',
          )
        if (period.until - period.from > mostDays * dayMs)
          throw badField(
            'query.from',
            new Date(period.from).toISOString(),
            `must not be more than ${mostDays} days before until`,
          )
        const scope =
          user === undefined ? await askedScope(database, { mine, responsibility }, identity) : await scopeOf(user)
        const kpis = await alarmKpis(database, { ...period, area, feederId, scope }, days)
        const body = shownKpis(kpis, timeZone)
        return format === 'csv' ? { rows: body.figures } : { body }
      },
    }),
  ]

  async function scopeOf(user: string): Promise<Scope> {
    if (!(await isUser(database, user))) throw notFound('user', 'query.user', user)
    return scopeOfUser(database, user)
  }
}

const iso = (instant: number): string => new Date(instant).toISOString()

function shownKpis(kpis: Awaited<ReturnType<typeof alarmKpis>>, timeZone: string) {
  const { from, until, figures, totals, unacknowledged, floods, perDay, perTenMinutes, unauthorised, ...rest } = kpis
  return {
    ...rest,
    ...{ from: iso(from), until: iso(until), timeZone, figures: figures.map(shownFigure) },
    totals: { ...totals, unacknowledged, otherwiseHidden: totals.occurrences - totals.told - totals.explained },
    floods: floods.map(({ begin, end, alarms }) => ({
      begin: iso(begin),
      end: end === null ? null : iso(end),
      alarms,
    })),
    withoutAuthorisation: unauthorised,
    perDay: perDay.map(({ day, at, alarms }) => ({ day, at: iso(at), alarms })),
    perTenMinutes: perTenMinutes.map(({ at, alarms }) => ({ at: iso(at), alarms })),
  }
}

const shownFigure = ({ title, value, good, most, ...figure }: KeyFigure) => ({
  ...figure,
  ...{ value: roundedOrNull(value), good: rounded(good), most: rounded(most), titleEn: title.en, titlePt: title.pt },
})
