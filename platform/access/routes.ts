import { Type } from '@sinclair/typebox'
import { wallClock } from '../clock/clock.ts'
import { Problem, titleOf } from '../http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { answering } from './access-problem.ts'
import type { Login } from './access.ts'
import { cookieNames, cookiesOf, cookiesOfNobody, csrfHeader, isFromOurPages, parseCookies } from './cookies.ts'
import type { Caller } from './identity.ts'
import { rightsOf, roles } from './roles.ts'

export const roleSchema = Type.Union(roles.map((role) => Type.Literal(role)))
const passwordSchema = Type.String({ minLength: 1, maxLength: 1000 })
/** How strong it must be is decided where it is taken in. */
export const strongPassword = Type.String({ minLength: 1, maxLength: 1000, examples: ['Correct-Horse-7'] })

const user = Type.Object({ username: Type.String(), role: roleSchema })
const userWithRights = Type.Object({
  ...user.properties,
  rights: Type.Array(Type.String({ description: 'What the role may do' })),
})
const instant = Type.String({ format: 'date-time' })
const loggedIn = Type.Object({
  token: Type.Optional(Type.String({ description: 'For `Authorization: Bearer`; with `cookies` the browser has it' })),
  user,
  expiresAt: instant,
  refreshToken: Type.Optional(Type.String({ description: 'Good once, for another token: /api/auth/refresh' })),
  csrfToken: Type.Optional(Type.String({ description: 'With `cookies`: for the header X-CSRF-Token of every write' })),
  sessionEndsAt: instant,
})

/** Where a request comes from, for limits and the log. */
const callerOf = ({ address, headers }: Pick<ApiRequest, 'address' | 'headers'>): Caller => ({
  address,
  userAgent: headers['user-agent'],
})

/** Login, logout, and what somebody does about one's own user. */
export const accessRoutes = ({ access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'POST',
    path: '/api/auth/login',
    operationId: 'login',
    summary: 'Log in with name and password',
    description:
      'A program gets a token and a refresh token. A page of ours asks for `cookies` instead: the token then comes as a cookie that no script reads, and every write repeats `csrfToken`. After failures the next attempt has to wait (429).',
    tag: 'access',
    right: 'open',
    body: Type.Object({
      username: Type.String({ minLength: 1, maxLength: 100 }),
      password: passwordSchema,
      cookies: Type.Optional(Type.Boolean({ description: 'For a browser: the tokens come as cookies' })),
    }),
    answers: {
      200: { description: 'Logged in', schema: loggedIn },
      401: { description: 'Name or password is wrong' },
      403: { description: 'A page of another site asks for cookies' },
    },
    async handle(request) {
      const { username, password, cookies = false } = request.body
      if (cookies) refuseForeignPage(request)
      const login = await answering(() => access.login(username, password, callerOf(request)))
      if (!login) throw new Problem(401, titleOf(401), { detail: 'name or password is wrong' })
      return answerOf(login, cookies, request.secure)
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/auth/refresh',
    operationId: 'refreshLogin',
    summary: 'Another token for a refresh token',
    description:
      'Each refresh token is good once; one that is used again later ends the session, for somebody has copied it. Without a body the refresh token is taken from the cookie, and the header X-CSRF-Token is needed.',
    tag: 'access',
    right: 'open',
    body: Type.Optional(Type.Object({ refreshToken: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) })),
    answers: {
      200: { description: 'Still logged in', schema: loggedIn },
      401: { description: 'The refresh token is no good, or no longer' },
      403: { description: 'A page of another site asks, or the CSRF token does not fit' },
    },
    async handle(request) {
      const given = request.body?.refreshToken
      const cookie = parseCookies(request.headers.cookie).get(cookieNames.refresh)
      if (given === undefined && cookie !== undefined) {
        refuseForeignPage(request)
        const [sessionId = ''] = cookie.split('.')
        if (!access.csrfFits(sessionId, request.headers[csrfHeader] as string | undefined))
          throw new Problem(403, titleOf(403), { detail: 'the header X-CSRF-Token is not the cookie lv_csrf' })
      }
      const refreshToken = given ?? cookie
      const login = refreshToken && (await answering(() => access.refresh(refreshToken, callerOf(request))))
      if (!login) throw new Problem(401, titleOf(401), { detail: 'the refresh token is no good, or no longer' })
      return answerOf(login, given === undefined, request.secure)
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/auth/logout',
    operationId: 'logout',
    summary: 'End this session, on open sockets too',
    tag: 'access',
    right: 'user',
    answers: { 204: { description: 'Logged out' } },
    async handle({ identity, address, secure }) {
      await access.logout(identity!.sessionId)
      access.noteAccess({ event: 'logout', identity, address })
      return { headers: { 'Set-Cookie': cookiesOfNobody(secure) } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/auth/me',
    operationId: 'whoAmI',
    summary: 'Who is asking',
    tag: 'access',
    right: 'user',
    answers: {
      200: {
        description: 'Who is logged in, and until when',
        schema: Type.Object({ user: userWithRights, expiresAt: instant, sessionEndsAt: instant }),
      },
    },
    async handle({ identity }) {
      const { username, role, expiresAt, sessionEndsAt } = identity!
      return {
        body: {
          user: { username, role, rights: rightsOf(role) },
          expiresAt: iso(expiresAt),
          sessionEndsAt: iso(sessionEndsAt),
        },
      }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/auth/password',
    operationId: 'changeOwnPassword',
    summary: 'Change one’s own password',
    description: 'The other sessions of the user end. A wrong present password counts as a failed login.',
    tag: 'access',
    right: 'user',
    body: Type.Object({ presentPassword: passwordSchema, password: strongPassword }),
    answers: { 204: { description: 'Changed' } },
    async handle(request) {
      const { presentPassword, password } = request.body
      const changed = await answering(() =>
        access.changePassword(request.identity!, presentPassword, password, callerOf(request)),
      )
      if (!changed) throw wrongPassword('body.presentPassword')
      return {}
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/auth/proof',
    operationId: 'prove',
    summary: 'Give the password again, for one act',
    description:
      'The proof is good once, for a minute, for this user, session, action and target; with `bodyHash` for one request only. A wrong password counts as a failed login.',
    tag: 'access',
    right: 'user',
    body: Type.Object({
      password: passwordSchema,
      action: Type.String({ minLength: 1, maxLength: 100 }),
      target: Type.String({ minLength: 1, maxLength: 200 }),
      bodyHash: Type.Optional(
        Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the request, in hex' }),
      ),
    }),
    answers: {
      200: { description: 'The proof', schema: Type.Object({ proof: Type.String(), expiresAt: instant }) },
    },
    async handle(request) {
      const { password, ...purpose } = request.body
      const proven = await answering(() => access.prove(request.identity!, password, purpose, callerOf(request)))
      if (!proven) throw wrongPassword('body.password')
      return { body: { proof: proven.proof, expiresAt: iso(proven.expiresAt) } }
    },
  }),
]

/** An answer with the tokens: as cookies, or in the body. */
function answerOf(login: Login, cookies: boolean, secure: boolean) {
  const { token, refreshToken, csrfToken, identity } = login
  const { username, role, expiresAt, sessionEndsAt } = identity
  const times = { expiresAt: iso(expiresAt), sessionEndsAt: iso(sessionEndsAt) }
  if (!cookies) return { body: { token, user: { username, role }, refreshToken, ...times } }
  const session = { token, refreshToken, csrfToken, expiresAt, sessionEndsAt }
  return {
    body: { user: { username, role }, csrfToken, ...times },
    headers: { 'Set-Cookie': cookiesOf(session, wallClock.now(), secure) },
  }
}

/** A page of another site would log somebody in as it likes. Who is no browser says nothing of pages. */
function refuseForeignPage({ headers }: Pick<ApiRequest, 'headers'>): void {
  const says = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
  if (says && !isFromOurPages(headers))
    throw new Problem(403, titleOf(403), { detail: 'this was asked by a page of another site' })
}

/** Not 401: whoever asks is logged in, and stays so. */
const wrongPassword = (field: string): Problem =>
  new Problem(403, titleOf(403), {
    detail: 'the password is wrong',
    errors: [{ field, problem: 'is not the password of this user' }],
  })

const iso = (at: number): string => new Date(at).toISOString()
