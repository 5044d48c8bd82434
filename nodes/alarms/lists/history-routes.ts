import { Type } from '@sinclair/typebox'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import {
  Instant,
  InstantParameter,
  instantOrNull,
  Nullable,
  OneOf,
  roundedOrNull,
} from '../../../platform/http/fields.ts'
import { instantKey, integerKey, Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import { alarmStates, priorities, transitionKinds } from '../domain/alarm.ts'
import { about, Occurrence, shownText, stateLetters, tag, Text, textColumns } from './alarm-fields.ts'
import { aboutQuery } from './alarm-filter.ts'
import { findAlarm } from './alarm-repository.ts'
import {
  listOccurrences,
  recentAlerts,
  transitionsOf,
  type ListedOccurrence,
  type ListedTransition,
  type OccurrenceFilter,
  type OccurrenceKey,
} from './history-repository.ts'
import { performanceAlert, performanceFields } from './performance-alert.ts'
import { askedScope, responsibilityAnswers, responsibilityQuery, type ListServices } from './list-services.ts'

const number = Type.Integer({ minimum: 1, maximum: 1e15, examples: [1] })
const params = Type.Object({ alarmId: number })
const occurrenceKeys = new Keyset(Type.Object({ at: instantKey, alarmId: serialKey, occurrence: integerKey }))
const transitionKeys = new Keyset(Type.Object({ recordedAt: instantKey, changed: serialKey, ordinal: integerKey }))
const streamedAtOnce = 1_000

const occurrenceFields = {
  ...about,
  occurrence: Occurrence,
  why: OneOf(
    [
      ...['activated', 're-alarmed', 'raised', 'unshelved', 'shelving-ended', 'unsuppressed', 'unexplained'],
      'returned-to-service',
    ],
    'What asked for attention',
  ),
  priority: OneOf(priorities, 'Its priority then'),
  beganAt: Instant('Since when the condition held'),
  at: Instant('When attention was asked for'),
  annunciated: Type.Boolean({ description: 'An operator was told: it was not hidden' }),
  rootAlarmId: Nullable(Type.Integer({ description: 'The alarm that explained it then' })),
  returnedAt: Nullable(Instant('When the condition was normal again; null: it holds')),
  acknowledgedAt: Nullable(Instant('When it was acknowledged; null: it was not')),
  acknowledgedBy: Nullable(Type.String({ description: 'By whom' })),
  value: Nullable(Type.Number({ description: 'What was found, in `unit`' })),
  limit: Nullable(Type.Number({ description: 'What it was held against, in `unit`' })),
  unit: Nullable(Type.String({ description: 'Of value and limit' })),
  state: OneOf(stateLetters, 'State of the alarm now: letter of ISA-18.2'),
  stateName: OneOf(Object.values(alarmStates), 'Its name'),
}
const OccurrenceSchema = Type.Object({ ...occurrenceFields, text: Text }, { $id: 'AlarmOccurrence' })
const AlertSchema = Type.Object({ ...occurrenceFields, text: Text, ...performanceFields }, { $id: 'RecentAlert' })
const occurrenceColumns = [...csvColumnsOf(Type.Object(occurrenceFields)), ...textColumns]

const TransitionSchema = Type.Object(
  {
    at: Instant('When it was so, or was due'),
    transition: OneOf(transitionKinds, 'What happened'),
    from: OneOf(stateLetters, 'State before, letter of ISA-18.2'),
    to: OneOf(stateLetters, 'State after'),
    occurrence: Occurrence,
    priority: OneOf(priorities, 'Its priority then'),
    rootAlarmId: Nullable(Type.Integer({ description: 'The alarm that explained it' })),
    username: Nullable(Type.String({ description: 'Who did it; null: the condition, or time' })),
    reason: Nullable(Type.String({ description: 'Why, or the comment' })),
    recordedAt: Instant('When it was stored'),
  },
  { $id: 'AlarmTransition' },
)

/** What became of alarms: each time that attention was asked for, and every step in the life of one. */
export const historyRoutes = ({ database, timeZone }: ListServices): readonly ApiRoute[] => {
  const shown = (row: ListedOccurrence) => shownOccurrence(row, timeZone)
  async function* rowsOf(filter: OccurrenceFilter, from: OccurrenceKey | undefined, signal: AbortSignal) {
    for (let before = from; !signal.aborted;) {
      const rows = await listOccurrences(database, filter, { before, limit: streamedAtOnce })
      yield* rows.map(shown)
      if (rows.length < streamedAtOnce) return
      before = occurrenceKeyOf(rows.at(-1)!)
    }
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/alarms/history',
      operationId: 'listAlarmHistory',
      summary: 'Occurrences of alarms, the newest first',
      description:
        'Each time that attention was asked for, or would have been if the alarm had not been hidden. As CSV all of them are streamed, from the cursor on, whatever the limit.',
      ...{ tag, right: 'read' },
      query: Type.Object({
        from: Type.Optional(InstantParameter('Those of this instant or later')),
        until: Type.Optional(InstantParameter('Those before this instant')),
        priority: Type.Optional(OneOf(priorities, 'Those that had this priority or a higher one')),
        ...aboutQuery,
        ...responsibilityQuery,
        alarmId: Type.Optional(number),
        annunciated: Type.Optional(
          Type.Boolean({ description: 'Those that an operator was told of; false: the others' }),
        ),
        acknowledged: Type.Optional(Type.Boolean({ description: 'Those that were acknowledged; false: the others' })),
        returned: Type.Optional(Type.Boolean({ description: 'Those that are over; false: those that last' })),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Occurrences', schema: pageOf(OccurrenceSchema) }, ...responsibilityAnswers },
      csv: occurrenceColumns,
      async handle({ query: { cursor, limit, mine, responsibility, ...query }, identity, format, signal }) {
        const { from, until } = query
        if (from !== undefined && until !== undefined && from > until)
          throw badField('query.from', new Date(from).toISOString(), 'must not be after until')
        const filter = { ...query, scope: await askedScope(database, { mine, responsibility }, identity) }
        const before = occurrenceKeys.after(cursor)
        if (format === 'csv') return { rows: rowsOf(filter, before, signal) }
        return { body: pageOfOccurrences(await listOccurrences(database, filter, { before, limit: limit + 1 }), limit) }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/alarms/{alarmId}/occurrences',
      operationId: 'listOccurrencesOfAlarm',
      summary: 'Each time that an alarm asked for attention, the newest first',
      ...{ tag, right: 'read', params },
      query: Type.Object(pageQuery()),
      answers: { 200: { description: 'Occurrences', schema: pageOf(OccurrenceSchema) } },
      csv: occurrenceColumns,
      async handle({ params: { alarmId }, query: { cursor, limit } }) {
        await mustBeThere(alarmId)
        const page = { before: occurrenceKeys.after(cursor), limit: limit + 1 }
        return { body: pageOfOccurrences(await listOccurrences(database, { alarmId, scope: null }, page), limit) }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/alarms/{alarmId}/transitions',
      operationId: 'listTransitionsOfAlarm',
      summary: 'Every step in the life of an alarm, the newest first',
      ...{ tag, right: 'read', params },
      query: Type.Object(pageQuery()),
      answers: { 200: { description: 'Transitions', schema: pageOf(TransitionSchema) } },
      csv: csvColumnsOf(TransitionSchema),
      async handle({ params: { alarmId }, query: { cursor, limit } }) {
        await mustBeThere(alarmId)
        const page = { before: transitionKeys.after(cursor), limit: limit + 1 }
        const { items, nextCursor } = transitionKeys.page(
          await transitionsOf(database, alarmId, page),
          limit,
          ({ recordedAt, changed, ordinal }) => ({ recordedAt, changed, ordinal }),
        )
        return { body: { items: items.map(shownTransition), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/alerts/recent',
      operationId: 'listRecentAlerts',
      summary: 'What operators were last told of, the newest first',
      description:
        'For simple clients: no pages, no filters. Alarms that were hidden or explained by others are not in it. Those of solar panels say as anomalies what is amiss and what is to be done.',
      ...{ tag, right: 'read' },
      query: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'So many at most' }),
      }),
      answers: { 200: { description: 'Alerts', schema: Type.Object({ items: Type.Array(AlertSchema) }) } },
      csv: occurrenceColumns,
      async handle({ query: { limit } }) {
        const alerts = await recentAlerts(database, limit)
        const items = alerts.map(({ evidence, ...row }) => ({
          ...shown(row),
          ...performanceAlert({ ...row, evidence }),
        }))
        return { body: { items } }
      },
    }),
  ]

  function pageOfOccurrences(rows: readonly ListedOccurrence[], limit: number) {
    const { items, nextCursor } = occurrenceKeys.page(rows, limit, occurrenceKeyOf)
    return { items: items.map(shown), nextCursor }
  }

  async function mustBeThere(alarmId: number): Promise<void> {
    if (!(await findAlarm(database, alarmId))) throw notFound('alarm', 'path.alarmId', alarmId)
  }
}

const occurrenceKeyOf = ({ at, alarmId, occurrence }: ListedOccurrence): OccurrenceKey => ({ at, alarmId, occurrence })

const shownOccurrence = ({ text, value, limit, ...row }: ListedOccurrence, timeZone: string) => ({
  ...row,
  ...{ value: roundedOrNull(value), limit: roundedOrNull(limit), stateName: alarmStates[row.state] },
  beganAt: new Date(row.beganAt).toISOString(),
  at: new Date(row.at).toISOString(),
  returnedAt: instantOrNull(row.returnedAt),
  acknowledgedAt: instantOrNull(row.acknowledgedAt),
  text: shownText(text, timeZone),
})

const shownTransition = ({ changed: _changed, ordinal: _ordinal, at, recordedAt, ...rest }: ListedTransition) => ({
  ...rest,
  at: new Date(at).toISOString(),
  recordedAt: new Date(recordedAt).toISOString(),
})
