import { Type } from '@sinclair/typebox'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import type { ListedAccess } from './access-log-repository.ts'
import { roleSchema } from './routes.ts'

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()])

const row = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  event: Type.String({ description: 'As login, login_failed, user_changed, deploy, personal_read' }),
  username: orNull(Type.String()),
  role: Type.Union([roleSchema, Type.Null()]),
  sessionId: orNull(Type.String({ format: 'uuid' })),
  address: orNull(Type.String()),
  subject: orNull(Type.String({ description: 'To whom or to what it was done' })),
  detail: orNull(Type.String()),
})

const ids = new Keyset(Type.Object({ id: Type.String({ pattern: '^\\d{1,18}$' }) }))

/** The access log, for admins. */
export const accessLogRoutes = ({ access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/access-log',
    operationId: 'listAccessLog',
    summary: 'Who did what, the newest first',
    description:
      'Logins, failed ones too, changes of users, deploys, what was refused, and reads of personal data. Rows are kept for 400 days, and nothing changes them.',
    tag: 'users',
    right: 'administer',
    query: Type.Object({
      event: Type.Optional(Type.String({ pattern: '^[a-z0-9_]{1,60}$' })),
      username: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Rows', schema: pageOf(row) } },
    async handle({ query: { event = null, username = null, cursor, limit } }) {
      const rows = await access.accessLog({ event, username }, ids.after(cursor)?.id ?? null, limit + 1)
      return { body: ids.page(rows.map(shown), limit, ({ id }) => ({ id })) }
    },
  }),
]

const shown = ({ at, ...rest }: ListedAccess) => ({ ...rest, at: at.toISOString() })
