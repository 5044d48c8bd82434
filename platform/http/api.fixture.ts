import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { after, before } from 'mocha'
import express from 'express'
import { openAccess } from '../access/access.fixture.ts'
import { accessRoutes } from '../access/routes.ts'
import type { Role } from '../access/roles.ts'
import { keysOf, signToken } from '../access/token.ts'
import { passwordOf, testSecret } from '../access/users.fixture.ts'
import { wallClock } from '../clock/clock.ts'
import { Registry } from '../network/registry.ts'
import { readEnvironment } from '../runtime/environment.ts'
import { openGuard } from '../runtime/open-guard.ts'
import { freePort } from '../runtime/ports.ts'
import { useDatabase, type TestDatabase } from '../storage/test-database.ts'
import { Api, type RouteMaker } from './api.ts'
import { openFrontDoor } from './front-door.ts'
import type { Services } from './services.ts'

/** What came back. `body` is the parsed JSON where it is JSON, else the text. */
export interface ApiReply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it as they like
  readonly body: any
}

/** Asks as somebody. A body that is no string goes as JSON. */
export interface Caller {
  get(path: string, headers?: Record<string, string>): Promise<ApiReply>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiReply>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiReply>
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiReply>
  delete(path: string, headers?: Record<string, string>): Promise<ApiReply>
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiReply>
}

export interface TestApi {
  readonly url: string
  readonly api: Api
  readonly services: Services
  readonly database: TestDatabase
  /** What nobody foresaw, as the log would have it: a test takes out what it expects, what is left fails the suite. */
  readonly faults: string[]
  /** Asks with the token of a user of this role; without one, as somebody who is not logged in. */
  as(role?: Role): Caller
  /** Asks with this token, good or not. */
  withToken(token: string): Caller
  /** A token of a session of its own of a user of this role. */
  logIn(role: Role): Promise<string>
  /** The token that `as` uses. */
  tokenOf(role: Role): Promise<string>
  /** A token of ours that has expired. */
  expiredToken(): Promise<string>
}

/**
 * Gives a suite the real API with these routes on a port of the loopback, over a database of its own (or the one given),
 * and a user of each role; gone when the suite is over. Answers are checked against the routes' schemas.
 */
export function useApi(options: {
  readonly routes: readonly RouteMaker[]
  readonly database?: TestDatabase
  /** Variables as the environment would have them. */
  readonly env?: Readonly<Record<string, string>>
}): TestApi {
  const database = options.database ?? useDatabase()
  const tokens = new Map<Role, Promise<string>>()
  const faults: string[] = []
  let server: Server
  let url: string
  let api: Api
  let services: Services

  before(async function () {
    this.timeout(60_000)
    services = testServices(database, options.env ?? {}, faults)
    await services.access.ready()
    api = new Api(services, { report: (entry) => faults.push(entry), checkAnswers: true })
    for (const make of [accessRoutes, ...options.routes]) api.add(make)
    server = express()
      .use(api.router)
      .listen(await freePort(), '127.0.0.1')
    openFrontDoor(server, openGuard(services))
    await once(server, 'listening')
    const address = server.address() as { port: number }
    url = `http://127.0.0.1:${address.port}`
  })
  after(async () => {
    server.closeAllConnections()
    server.close()
    await Promise.all([services.registry.close(), services.access.close()])
    assert.deepEqual(faults, [], 'unexpected faults of the API')
  })

  const logIn = async (role: Role): Promise<string> => {
    const { status, body, text } = await callerAt(() => url).post('/api/auth/login', {
      username: role,
      password: passwordOf(role),
    })
    if (status !== 200) throw new Error(`${role} cannot log in: ${status} ${text}`)
    return (body as { token: string }).token
  }
  const tokenOf = (role: Role): Promise<string> => {
    const token = tokens.get(role) ?? logIn(role)
    tokens.set(role, token)
    return token
  }
  return {
    get url() {
      return url
    },
    get api() {
      return api
    },
    get services() {
      return services
    },
    database,
    faults,
    logIn,
    tokenOf,
    async expiredToken() {
      const identity = await services.access.verify(await logIn('admin'))
      const now = wallClock.now()
      const claims = { username: 'admin', sessionId: identity!.sessionId, expiresAt: now - 1_000 }
      return signToken(keysOf(testSecret).token, claims, now - 60_000)
    },
    as: (role) => callerAt(() => url, role && (() => tokenOf(role))),
    withToken: (token) =>
      callerAt(
        () => url,
        async () => token,
      ),
  }
}

/** Nobody waits for a limit but who tests it. */
const generous = { REQUESTS_PER_MINUTE: '1000000', REQUESTS_PER_MINUTE_ANONYMOUS: '1000000' }

function testServices(database: TestDatabase, env: Readonly<Record<string, string>>, faults: string[]): Services {
  const report = (error: unknown): void => void faults.push(String(error))
  return {
    database: database.database,
    registry: new Registry(database.database, 'register', report),
    access: openAccess(database, { report }),
    environment: readEnvironment({ ...generous, ...env }),
    stopping: new AbortController().signal,
  }
}

/** Asks at this address; with a token, where one is given. */
export function callerAt(url: string | (() => string), token?: () => Promise<string>): Caller {
  const send: Caller['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch((typeof url === 'string' ? url : url()) + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token && { authorization: `Bearer ${await token()}` }),
        ...(body !== undefined && typeof body !== 'string' && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = text !== '' && /[/+]json\b/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : text }
  }
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
  }
}
