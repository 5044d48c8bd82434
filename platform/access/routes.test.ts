import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { waitUntil } from '../node/waiting.fixture.ts'
import { useApi, type ApiReply } from '../http/api.fixture.ts'
import type { OpenApiDocument } from '../http/document.fixture.ts'
import { exercise, unknownPasswords } from '../http/exercise.fixture.ts'
import { accessLogRoutes } from './access-log-routes.ts'
import { passwordOf } from './users.fixture.ts'
import { parseCookies } from './cookies.ts'
import type { Role } from './roles.ts'
import { userRoutes } from './user-routes.ts'

const strong = 'Correct-Horse-7'

describe('the routes of access', function () {
  this.timeout(90_000)
  const test = useApi({ routes: [userRoutes, accessLogRoutes] })
  beforeEach(() => test.database.database.query('delete from login_failure'))

  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiReply> =>
    test.as().send(method, path, body, headers)
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const logIn = async (username: string, password: string): Promise<Record<string, string>> =>
    bearer((await ask('POST', '/api/auth/login', { username, password })).body.token)
  const as = (role: Role): Promise<Record<string, string>> => logIn(role, passwordOf(role))

  it('log a program in with a token, and let it refresh and log out', async () => {
    const { status, body, headers } = await ask('POST', '/api/auth/login', {
      ...{ username: 'viewer', password: passwordOf('viewer') },
    })
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).toSorted(), ['expiresAt', 'refreshToken', 'sessionEndsAt', 'token', 'user'])
    assert.deepEqual(body.user, { username: 'viewer', role: 'viewer' })
    assert.deepEqual(headers.getSetCookie(), [])
    const { refreshToken } = body
    const again = await ask('POST', '/api/auth/refresh', { refreshToken })
    assert.equal(again.status, 200)
    const me = await ask('GET', '/api/auth/me', undefined, bearer(again.body.token))
    assert.deepEqual(me.body.user, { username: 'viewer', role: 'viewer', rights: ['read'] })
    assert.equal((await ask('POST', '/api/auth/logout', undefined, bearer(again.body.token))).status, 204)
    assert.equal((await ask('GET', '/api/auth/me', undefined, bearer(again.body.token))).status, 401)
    assert.equal((await ask('POST', '/api/auth/refresh', { refreshToken: again.body.refreshToken })).status, 401)
  })

  it('log a browser in with cookies, and tell it no token', async () => {
    const credentials = { username: 'viewer', password: passwordOf('viewer'), cookies: true }
    const { body, headers } = await ask('POST', '/api/auth/login', credentials)
    assert.deepEqual(Object.keys(body).toSorted(), ['csrfToken', 'expiresAt', 'sessionEndsAt', 'user'])
    const set = headers.getSetCookie()
    assert.deepEqual(
      set.map((cookie) => cookie.replace(/=[^;]*;/, '=…;').replace(/Max-Age=\d+/, 'Max-Age=…')),
      [
        'lv_session=…; Path=/; Max-Age=…; SameSite=Strict; HttpOnly',
        'lv_csrf=…; Path=/; Max-Age=…; SameSite=Strict',
        'lv_refresh=…; Path=/api/auth; Max-Age=…; SameSite=Strict; HttpOnly',
      ],
    )
    const cookies = parseCookies(set.map((cookie) => cookie.split(';')[0]).join('; '))
    assert.equal(cookies.get('lv_csrf'), body.csrfToken)
    const cookie = `lv_refresh=${cookies.get('lv_refresh')}`
    const { host } = new URL(test.url)
    const ours = { cookie, origin: `http://${host}`, 'x-csrf-token': body.csrfToken }
    for (const [what, headers] of [
      ['no CSRF token', { ...ours, 'x-csrf-token': '' }],
      ['that of another session', { ...ours, 'x-csrf-token': test.services.access.csrfToken('another') }],
      ['another page', { ...ours, origin: 'http://evil.example' }],
    ] as const)
      assert.equal((await ask('POST', '/api/auth/refresh', undefined, headers)).status, 403, what)
    const again = await ask('POST', '/api/auth/refresh', undefined, ours)
    assert.deepEqual([again.status, again.body.user.username, again.body.token], [200, 'viewer', undefined])
    assert.equal(again.headers.getSetCookie().length, 3)
    // The second tab, which still has the earlier one: the browser keeps what the first one got.
    const second = await ask('POST', '/api/auth/refresh', undefined, ours)
    assert.deepEqual([second.status, second.headers.getSetCookie().length], [200, 2])
  })

  it('log nobody in for a page of another site', async () => {
    const credentials = { username: 'viewer', password: passwordOf('viewer'), cookies: true }
    const foreign = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }
    assert.equal((await ask('POST', '/api/auth/login', credentials, foreign)).status, 403)
  })

  it('answer a wrong password as an unknown user, and then how long to wait', async () => {
    const wrong = () => ask('POST', '/api/auth/login', { username: 'viewer', password: 'x' })
    const unknown = await ask('POST', '/api/auth/login', { username: 'nobody', password: 'x' })
    const first = await wrong()
    assert.equal(first.status, 401)
    assert.deepEqual([unknown.status, unknown.body], [first.status, first.body])
    for (let attempt = 0; attempt < 3; attempt++) assert.equal((await wrong()).status, 401)
    const late = await ask('POST', '/api/auth/login', { username: 'viewer', password: passwordOf('viewer') })
    assert.deepEqual([late.status, late.headers.get('retry-after')], [429, '1'])
    assert.match(late.body.detail, /^too many logins have failed: try again in 1 s$/)
  })

  it('give a proof for the password only', async () => {
    const headers = await as('operator')
    const body = { action: 'open_switch', target: 'sw-1', password: passwordOf('operator') }
    const { status, body: proof } = await ask('POST', '/api/auth/proof', body, headers)
    assert.equal(status, 200)
    const left = Date.parse(proof.expiresAt) - Date.now()
    assert.ok(left > 50_000 && left <= 60_000)
    const identity = (await test.services.access.verify(headers.authorization!.slice('Bearer '.length)))!
    const { password: _password, ...purpose } = body
    assert.ok(await test.services.access.redeemProof(proof.proof, identity, purpose))
    assert.equal((await ask('POST', '/api/auth/proof', { ...body, password: 'x' }, headers)).status, 403)
    assert.equal((await ask('POST', '/api/auth/proof', body)).status, 401)
  })

  it('let an admin make, change and remove a user, and nobody else', async () => {
    const admin = await as('admin')
    const fresh = { username: 'ana', password: strong, role: 'viewer' }
    for (const role of ['viewer', 'operator', 'engineer'] as const) {
      const headers = await as(role)
      assert.equal((await ask('POST', '/api/users', fresh, headers)).status, 403)
      assert.equal((await ask('GET', '/api/users', undefined, headers)).status, 403)
      assert.equal((await ask('PATCH', `/api/users/${role}`, { role: 'admin' }, headers)).status, 403)
      assert.equal((await ask('GET', '/api/access-log', undefined, headers)).status, 403)
    }
    const made = await ask('POST', '/api/users', fresh, admin)
    assert.deepEqual([made.status, made.headers.get('location')], [201, '/api/users/ana'])
    assert.ok(!JSON.stringify(made.body).includes('scrypt') && !('password' in made.body))
    assert.equal((await ask('POST', '/api/users', fresh, admin)).status, 409)
    const weak = await ask('POST', '/api/users', { ...fresh, username: 'eva', password: 'weak' }, admin)
    assert.deepEqual([weak.status, weak.body.errors[0].field], [400, 'body.password'])
    const ana = await logIn('ana', strong)
    const changed = await ask('PATCH', '/api/users/ana', { role: 'operator' }, admin)
    assert.deepEqual([changed.status, changed.body.role], [200, 'operator'])
    assert.equal((await ask('GET', '/api/auth/me', undefined, ana)).body.user.role, 'operator')
    assert.equal((await ask('PATCH', '/api/users/ana', {}, admin)).status, 400)
    assert.equal((await ask('PATCH', '/api/users/nobody', { disabled: true }, admin)).status, 404)
    assert.equal((await ask('PATCH', '/api/users/ana', { disabled: true }, admin)).status, 200)
    assert.equal((await ask('GET', '/api/auth/me', undefined, ana)).status, 401)
    assert.equal((await ask('DELETE', '/api/users/ana', undefined, admin)).status, 204)
    assert.equal((await ask('GET', '/api/users/ana', undefined, admin)).status, 404)
    assert.equal((await ask('DELETE', '/api/users/viewer', undefined, admin)).status, 409)
    assert.equal((await ask('PATCH', '/api/users/admin', { role: 'viewer' }, admin)).status, 409)
    const { body } = await ask('GET', '/api/access-log?limit=200', undefined, admin)
    const rows = (body.items as Record<string, string>[]).filter(({ subject }) => subject === 'ana').toReversed()
    assert.deepEqual(
      rows.map(({ event, username, detail }) => [event, username, detail]),
      [
        ['user_created', 'admin', 'role viewer'],
        ['user_changed', 'admin', 'role viewer to operator'],
        ['user_changed', 'admin', 'disabled'],
        ['user_deleted', 'admin', null],
      ],
    )
  })

  it('list users and the access log a page at a time', async () => {
    const admin = await as('admin')
    const names: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: ApiReply = await ask(
        'GET',
        `/api/users?limit=2${cursor && `&cursor=${cursor}`}`,
        undefined,
        admin,
      )
      names.push(...(body.items as { username: string }[]).map(({ username }) => username))
      cursor = body.nextCursor as string | null
    }
    assert.deepEqual(names, ['admin', 'engineer', 'operator', 'viewer'])
    const { body: first } = await ask('GET', '/api/access-log?event=login&limit=1', undefined, admin)
    const { body: next } = await ask(
      ...(['GET', `/api/access-log?event=login&limit=1&cursor=${first.nextCursor}`, undefined, admin] as const),
    )
    assert.ok(BigInt(next.items[0].id) < BigInt(first.items[0].id))
  })

  it('show sessions, and end one, all others, or all', async () => {
    const [here, there] = [await as('engineer'), await as('engineer')]
    const own = async (): Promise<{ sessionId: string; current: boolean }[]> =>
      (await ask('GET', '/api/auth/sessions', undefined, here)).body.items
    const other = (await own()).find(({ current }) => !current)!
    assert.equal((await own()).filter(({ current }) => current).length, 1)
    const viewer = await as('viewer')
    const path = `/api/auth/sessions/${other.sessionId}`
    assert.equal((await ask('DELETE', path, undefined, viewer)).status, 404)
    await ask('DELETE', '/api/auth/sessions', undefined, here)
    await waitUntil('the end of the others', async () => (await own()).length === 1)
    assert.equal((await ask('GET', '/api/auth/me', undefined, there)).status, 401)
    const admin = await as('admin')
    const { body } = await ask('GET', '/api/users/engineer/sessions', undefined, admin)
    const [{ sessionId }] = body.items
    assert.equal((await ask('DELETE', `/api/users/viewer/sessions/${sessionId}`, undefined, admin)).status, 404)
    assert.equal((await ask('DELETE', `/api/users/engineer/sessions/${sessionId}`, undefined, admin)).status, 204)
    assert.equal((await ask('GET', '/api/auth/me', undefined, here)).status, 401)
    assert.equal((await ask('DELETE', '/api/users/viewer/sessions', undefined, admin)).status, 204)
    assert.equal((await ask('GET', '/api/auth/me', undefined, viewer)).status, 401)
  })

  it('change one’s own password', async () => {
    const admin = await as('admin')
    await ask('POST', '/api/users', { username: 'rui', password: strong, role: 'viewer' }, admin)
    const rui = await logIn('rui', strong)
    const change = (presentPassword: string, password: string) =>
      ask('POST', '/api/auth/password', { presentPassword, password }, rui)
    assert.equal((await change('x', 'Another-Horse-8')).body.errors[0].field, 'body.presentPassword')
    assert.equal((await change(strong, 'weak')).status, 400)
    assert.equal((await change(strong, 'Another-Horse-8')).status, 204)
    assert.ok((await logIn('rui', 'Another-Horse-8')).authorization)
  })

  it('answer as the document says, whatever is asked', async () => {
    const { faults, count } = await exercise({
      url: test.url,
      document: (await test.as().get('/api/openapi.json')).body as OpenApiDocument,
      logIn: (role) => test.logIn(role),
      expiredToken: await test.expiredToken(),
      cannotSucceed: unknownPasswords,
    })
    assert.deepEqual(faults, [])
    assert.ok(count > 200, `${count} calls`)
  })
})
