import { Type } from '@sinclair/typebox'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { notFound } from '../http/problem.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { answering } from './access-problem.ts'
import type { Account } from './account-repository.ts'
import type { Identity } from './identity.ts'
import { roleSchema, strongPassword } from './routes.ts'
import type { ListedSession } from './session-repository.ts'
import { usernamePattern } from './user-entries.ts'

const instant = Type.String({ format: 'date-time' })
const user = Type.Object({
  username: Type.String(),
  role: roleSchema,
  disabled: Type.Boolean(),
  origin: Type.Union([Type.Literal('environment'), Type.Literal('api'), Type.Literal('oidc')], {
    description: 'AUTH_USERS, an admin, or an OpenID Connect provider',
  }),
  createdAt: instant,
  changedAt: instant,
})
const session = Type.Object({
  sessionId: Type.String({ format: 'uuid' }),
  current: Type.Boolean({ description: 'Whether it is the one that asks' }),
  createdAt: instant,
  lastUsedAt: instant,
  endsAt: Type.String({ format: 'date-time', description: 'Unless it is used before' }),
  address: Type.String(),
  userAgent: Type.Union([Type.String(), Type.Null()]),
})
const sessions = Type.Object({ items: Type.Array(session) })
const usernames = new Keyset(Type.Object({ username: Type.String() }))
const named = Type.Object({ username: Type.String({ minLength: 1, maxLength: 100 }) })
const namedSession = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 100 }),
  sessionId: Type.String({ format: 'uuid' }),
})
const ownSession = Type.Object({ sessionId: Type.String({ format: 'uuid' }) })

/** The users and their sessions, for admins; one's own sessions for everybody. */
export const userRoutes = ({ access }: Services): readonly ApiRoute[] => {
  const record = (event: string, identity: Identity | undefined, address: string, subject: string, detail?: string) =>
    access.recordAccess({ event, identity, address, subject, detail })

  async function endSession(username: string, sessionId: string): Promise<void> {
    const open = await answering(() => access.sessionsOf(username))
    if (!open.some((each) => each.sessionId === sessionId)) throw notFound('session', 'path.sessionId', sessionId)
    await access.logout(sessionId)
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/users',
      operationId: 'listUsers',
      summary: 'The users, by name',
      tag: 'users',
      right: 'administer',
      query: Type.Object(pageQuery()),
      answers: { 200: { description: 'Users', schema: pageOf(user) } },
      async handle({ query: { cursor, limit } }) {
        const accounts = await access.accounts.list(limit + 1, usernames.after(cursor)?.username ?? null)
        return { body: usernames.page(accounts.map(userOf), limit, ({ username }) => ({ username })) }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/users',
      operationId: 'createUser',
      summary: 'A new user',
      description: 'The password: 12 characters or more, with a lower and an upper case letter, a number and a symbol.',
      tag: 'users',
      right: 'administer',
      body: Type.Object({
        username: Type.String({ pattern: usernamePattern, examples: ['maria'] }),
        password: strongPassword,
        role: roleSchema,
      }),
      answers: {
        201: { description: 'Created', schema: user },
        409: { description: 'The name is taken' },
      },
      async handle({ body: { username, password, role }, identity, address }) {
        const account = await answering(() => access.accounts.create(username, password, role))
        await record('user_created', identity, address, account.username, `role ${role}`)
        return {
          status: 201,
          body: userOf(account),
          headers: { Location: `/api/users/${encodeURIComponent(username)}` },
        }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/users/{username}',
      operationId: 'getUser',
      summary: 'One user',
      tag: 'users',
      right: 'administer',
      params: named,
      answers: { 200: { description: 'The user', schema: user } },
      handle: async ({ params }) => ({ body: userOf(await answering(() => access.accounts.get(params.username))) }),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/api/users/{username}',
      operationId: 'changeUser',
      summary: 'Another role or password, or whether the user may log in',
      description:
        'Another role holds at once, in open sessions too. Another password, and being disabled, end all sessions of the user. For a user of AUTH_USERS this holds until its entry there changes. The last admin stays one.',
      tag: 'users',
      right: 'administer',
      params: named,
      body: Type.Object(
        {
          role: Type.Optional(roleSchema),
          password: Type.Optional(strongPassword),
          disabled: Type.Optional(Type.Boolean()),
        },
        { minProperties: 1, examples: [{ role: 'operator' }] },
      ),
      answers: {
        200: { description: 'The user as it is now', schema: user },
        409: { description: 'It is the last admin, or the OpenID Connect provider decides that' },
      },
      async handle({ params, body, identity, address }) {
        const { before, after } = await answering(() => access.accounts.change(params.username, body))
        await record('user_changed', identity, address, after.username, changesOf(before, after, body.password))
        return { body: userOf(after) }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/users/{username}',
      operationId: 'deleteUser',
      summary: 'Remove a user',
      description: 'A user of AUTH_USERS is removed there; here it can be disabled.',
      tag: 'users',
      right: 'administer',
      params: named,
      answers: {
        204: { description: 'Removed' },
        409: { description: 'It is the last admin, or stands in AUTH_USERS' },
      },
      async handle({ params, identity, address }) {
        const { username } = await answering(() => access.accounts.remove(params.username))
        await record('user_deleted', identity, address, username)
        return {}
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/users/{username}/sessions',
      operationId: 'listSessionsOfUser',
      summary: 'Where a user is logged in, the last used first',
      tag: 'users',
      right: 'administer',
      params: named,
      answers: { 200: { description: 'Open sessions', schema: sessions } },
      handle: async ({ params, identity }) => ({
        body: { items: listed(await answering(() => access.sessionsOf(params.username)), identity) },
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/users/{username}/sessions',
      operationId: 'endSessionsOfUser',
      summary: 'Log a user out everywhere',
      tag: 'users',
      right: 'administer',
      params: named,
      answers: { 204: { description: 'Logged out everywhere' } },
      async handle({ params, identity, address }) {
        await answering(() => access.logoutEverywhere(params.username))
        await record('sessions_ended', identity, address, params.username, 'all')
        return {}
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/users/{username}/sessions/{sessionId}',
      operationId: 'endSessionOfUser',
      summary: 'End one session of a user',
      tag: 'users',
      right: 'administer',
      params: namedSession,
      answers: { 204: { description: 'Ended' } },
      async handle({ params: { username, sessionId }, identity, address }) {
        await endSession(username, sessionId)
        await record('sessions_ended', identity, address, username, sessionId)
        return {}
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/auth/sessions/{sessionId}',
      operationId: 'endOwnSession',
      summary: 'End one of one’s own sessions',
      tag: 'access',
      right: 'user',
      params: ownSession,
      answers: { 204: { description: 'Ended' } },
      async handle({ params: { sessionId }, identity, address }) {
        await endSession(identity!.username, sessionId)
        await record('sessions_ended', identity, address, identity!.username, sessionId)
        return {}
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/auth/sessions',
      operationId: 'listOwnSessions',
      summary: 'Where one is logged in oneself, the last used first',
      tag: 'access',
      right: 'user',
      answers: { 200: { description: 'Open sessions', schema: sessions } },
      handle: async ({ identity }) => ({
        body: { items: listed(await answering(() => access.sessionsOf(identity!.username)), identity) },
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/auth/sessions',
      operationId: 'endOtherSessions',
      summary: 'Log out everywhere else',
      tag: 'access',
      right: 'user',
      answers: { 204: { description: 'All but this session have ended' } },
      async handle({ identity, address }) {
        const { username, sessionId } = identity!
        await answering(() => access.logoutEverywhere(username, sessionId))
        await record('sessions_ended', identity, address, username, 'all others')
        return {}
      },
    }),
  ]
}

const userOf = ({ username, role, disabled, origin, createdAt, changedAt }: Account) => ({
  username,
  role,
  disabled,
  origin,
  createdAt: createdAt.toISOString(),
  changedAt: changedAt.toISOString(),
})

const listed = (open: readonly ListedSession[], identity: Identity | undefined) =>
  open.map(({ createdAt, lastUsedAt, endsAt, ...rest }) => ({
    ...rest,
    current: rest.sessionId === identity?.sessionId,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
    endsAt: endsAt.toISOString(),
  }))

function changesOf(before: Account, after: Account, password: string | undefined): string {
  return [
    ...(before.role === after.role ? [] : [`role ${before.role} to ${after.role}`]),
    ...(password === undefined ? [] : ['password']),
    ...(before.disabled === after.disabled ? [] : [after.disabled ? 'disabled' : 'enabled']),
  ].join(', ')
}
