import { Type } from '@sinclair/typebox'
import { wallClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, instantOrNull, Name, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { conflict, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { priorities } from '../domain/alarm.ts'
import { notices } from '../domain/notification.ts'
import {
  findNotification,
  listNotifications,
  notificationStates,
  retryNotification,
  type ListedNotification,
} from './notification-repository.ts'

const tag = 'alarms'
const exampleId = '0193ef4a-6a2b-4c1d-9e53-4d5f2f7a1c60'
const states =
  'waiting: to be tried at `dueAt`; sent: confirmed; digested: told of by `digestId`; withdrawn: the alarm was hidden or the channel removed before it was told; dead: given up'
const Notification = Type.Object(
  {
    id: Name('The same however often it is sent', exampleId),
    channel: Name('By which channel', 'on-call'),
    what: OneOf([...notices, 'digest'], 'What it tells'),
    state: OneOf(notificationStates, states),
    alarmId: Nullable(Type.Integer({ description: 'The alarm; null: a digest of many' })),
    key: Nullable(Name('Its condition, area/kind/subject', 'voltage/drp-budget/unit-7')),
    occurrence: Nullable(Type.Integer({ description: 'Of which occurrence' })),
    priority: OneOf(priorities, 'Of the alarm then; of a digest the highest'),
    title: Nullable(Type.String({ description: 'As it was put into words; null: not yet' })),
    at: Instant('When it came to be so'),
    createdAt: Instant('When it was put into the outbox'),
    tries: Type.Integer({ description: 'How often it was handed over' }),
    dueAt: Nullable(Instant('When it is tried next')),
    endedAt: Nullable(Instant('When it was confirmed, gathered, withdrawn or given up')),
    lastError: Nullable(Type.String({ description: 'Why it failed last, or was withdrawn' })),
    digestId: Nullable(Name('The digest that told of it', exampleId)),
    retriedBy: Nullable(Name('Who had it sent again last', 'ana')),
    retriedAt: Nullable(Instant('When')),
  },
  { $id: 'AlarmNotification' },
)
const keys = new Keyset(Type.Object({ ordinal: serialKey }))

/** What channels told of alarms, and what they could not. */
export const notificationRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/alarms/notifications',
    operationId: 'listAlarmNotifications',
    summary: 'What channels tell of alarms: state, tries and the last error, the newest first',
    ...{ tag, right: 'read' },
    query: Type.Object({
      state: Type.Optional(OneOf(notificationStates, states)),
      channel: Type.Optional(IdentifierParameter('Of this channel', 'on-call')),
      alarmId: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e15, examples: [1] })),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Notifications', schema: pageOf(Notification) } },
    async handle({ query: { cursor, limit, ...filter } }) {
      const rows = await listNotifications(database, filter, keys.after(cursor)?.ordinal, limit + 1)
      const { items, nextCursor } = keys.page(rows, limit, ({ ordinal }) => ({ ordinal }))
      return { body: { items: items.map(shown), nextCursor } }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/alarms/notifications/{notificationId}/retry',
    operationId: 'retryAlarmNotification',
    summary: 'Have a notification sent again that was given up, or at once that waits',
    ...{ tag, right: 'operate' },
    params: Type.Object({
      notificationId: Type.String({ format: 'uuid', description: 'The notification', examples: [exampleId] }),
    }),
    answers: {
      200: { description: 'As it is now', schema: Notification },
      409: { description: 'It was sent, gathered or withdrawn' },
    },
    async handle({ params: { notificationId }, identity }) {
      const retried = await retryNotification(database, notificationId, identity!.username, wallClock.now())
      const found = await findNotification(database, notificationId)
      if (!found) throw notFound('notification', 'path.notificationId', notificationId)
      if (!retried) throw conflict(`it is ${found.state}: only what waits or was given up is sent again`)
      return { body: shown(found) }
    },
  }),
]

function shown(row: ListedNotification) {
  const { ordinal: _ordinal, at, createdAt, dueAt, endedAt, retriedAt, ...rest } = row
  return {
    ...rest,
    ...{ at: new Date(at).toISOString(), createdAt: new Date(createdAt).toISOString() },
    ...{ dueAt: instantOrNull(dueAt), endedAt: instantOrNull(endedAt), retriedAt: instantOrNull(retriedAt) },
  }
}
