import { Type } from '@sinclair/typebox'
import { may } from '../../../platform/access/identity.ts'
import { roles } from '../../../platform/access/roles.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { Instant, InstantParameter, instantOrNull, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { alarmActions } from './action.ts'
import { alarmId } from './action-fields.ts'
import { countedAttempts, listActions, type ActionFilter, type ListedAction } from './action-repository.ts'

const outcomes = ['done', 'refused'] as const
const Row = Type.Object(
  {
    actionId: Type.Integer(),
    at: Instant('When it was tried, by the wall'),
    requestId: Type.String({ description: 'What was tried with one request has it in common' }),
    action: OneOf(alarmActions, 'What was tried'),
    alarmId: Nullable(Type.Integer({ description: 'As it was named: there may be no such alarm' })),
    key: Nullable(Type.String({ description: 'Of its condition; null where the alarm was not looked at' })),
    occurrence: Nullable(Type.Integer({ description: 'That was named' })),
    until: Nullable(Instant('Of shelving: its end, by the clock of the platform')),
    reason: Nullable(Type.String({ description: 'Why; of a comment what it says' })),
    outcome: OneOf(outcomes, 'What it came to'),
    code: Nullable(Type.String({ description: 'Why it was refused, for programs' })),
    problem: Nullable(Type.String({ description: 'Why it was refused, for people' })),
    username: Type.String({ description: 'Who; `node <name>` is logic of a flow' }),
    role: Nullable(OneOf(roles, 'At that moment')),
    sessionId: Nullable(Type.String({ description: 'For admins' })),
    address: Nullable(Type.String({ description: 'For admins' })),
  },
  { $id: 'AlarmAction' },
)
const Rows = Type.Object({
  ...pageOf(Row).properties,
  unlisted: Type.Integer({
    description:
      'Attempts that changed nothing and stand in no row: somebody made too many of them in an hour. Of the period, user and code that were asked for, by whole hours',
  }),
})
const ids = new Keyset(Type.Object({ actionId: serialKey }))

/** Who did what with alarms, or tried to. */
export const auditRoutes = (database: Database): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/alarms/actions',
    operationId: 'listAlarmActions',
    summary: 'What was done with alarms or refused, the newest first',
    description: 'Every attempt, by whom and why; nothing changes a row.',
    ...{ tag: 'alarms', right: 'operate' as const },
    query: Type.Object({
      from: Type.Optional(InstantParameter('From this instant on')),
      to: Type.Optional(InstantParameter('Before this instant')),
      username: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: 'By this user' })),
      action: Type.Optional(OneOf(alarmActions, 'This was tried')),
      alarmId: Type.Optional(alarmId),
      outcome: Type.Optional(OneOf(outcomes, 'It came to this')),
      code: Type.Optional(
        Type.String({
          pattern: '^[a-z-]{1,60}$',
          description: 'For this it was refused',
          examples: ['stale-occurrence'],
        }),
      ),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Attempts', schema: Rows } },
    csv: csvColumnsOf(Row),
    async handle({ query: { cursor, limit, ...given }, identity }) {
      const filter = { ...anything, ...given }
      const rows = await listActions(database, filter, ids.after(cursor)?.actionId ?? null, limit + 1)
      const { items, nextCursor } = ids.page(rows, limit, ({ actionId }) => ({ actionId }))
      const isAdmin = may(identity, 'administer')
      const unlisted = await countedAttempts(database, filter)
      return { body: { items: items.map((row) => shown(row, isAdmin)), nextCursor, unlisted } }
    },
  }),
]

const anything: ActionFilter = {
  ...{ from: null, to: null, username: null, action: null, alarmId: null, outcome: null, code: null },
}

const shown = ({ at, until, sessionId, address, ...row }: ListedAction, isAdmin: boolean) => ({
  ...row,
  ...{ at: at.toISOString(), until: instantOrNull(until && until.getTime()) },
  ...{ sessionId: isAdmin ? sessionId : null, address: isAdmin ? address : null },
})
