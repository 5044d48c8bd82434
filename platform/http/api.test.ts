import assert from 'node:assert/strict'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { describe, it } from 'mocha'
import { Type } from '@sinclair/typebox'
import { endKey, insertKey } from '../access/api-key-repository.ts'
import { makeKey } from '../access/api-key.ts'
import { wallClock } from '../clock/clock.ts'
import { cookieNames } from '../access/cookies.ts'
import { DatabaseUnavailable } from '../storage/database.ts'
import { useApi } from './api.fixture.ts'
import { conflict, notFound } from './problem.ts'
import { defineRoute, type ApiRoute } from './route.ts'

const said = Type.Object({ name: Type.String(), count: Type.Integer(), at: Type.Optional(Type.Integer()) })
const columns = [
  { name: 'name', kind: 'text' },
  { name: 'powerKw', kind: 'number' },
] as const

const route = (given: Partial<ApiRoute> & Pick<ApiRoute, 'operationId' | 'path'>): ApiRoute => ({
  method: 'GET',
  summary: given.operationId,
  tag: 'test',
  right: 'read',
  answers: { 200: { description: 'Done', schema: Type.Unknown() } },
  handle: async () => ({ body: {} }),
  ...given,
})

const routes = (): readonly ApiRoute[] => [
  defineRoute({
    ...route({ operationId: 'echo', path: '/api/echo/{name}' }),
    params: Type.Object({ name: Type.String({ maxLength: 20 }) }),
    query: Type.Object({
      count: Type.Integer({ minimum: 1, maximum: 1000, default: 2 }),
      since: Type.Optional(Type.Unsafe<number>(Type.String({ format: 'date-time' }))),
    }),
    answers: { 200: { description: 'Said', schema: said } },
    handle: async ({ params: { name }, query: { count, since } }) => ({
      body: { name, count, ...(since !== undefined && { at: since }) },
    }),
  }),
  route({ operationId: 'named', path: '/api/echo/named', handle: async () => ({ body: { which: 'named' } }) }),
  defineRoute({
    ...route({ operationId: 'keep', path: '/api/kept', right: 'operate' }),
    method: 'POST',
    body: Type.Object({ name: Type.String({ minLength: 1 }), password: Type.Optional(Type.String({ maxLength: 5 })) }),
    handle: async ({ body }) => ({ status: 200, body }),
  }),
  route({
    ...{ operationId: 'judge', path: '/api/judged', right: 'operate', refusesItself: true },
    handle: async ({ identity }) => ({ body: { asked: identity!.role } }),
  }),
  defineRoute({
    ...route({ operationId: 'import', path: '/api/imports', right: 'administer' }),
    method: 'POST',
    bodyType: 'text/csv',
    maxBodyBytes: 100,
    body: Type.String(),
    handle: async ({ body }) => ({ status: 200, body: { length: body.length } }),
  }),
  route({
    ...{ operationId: 'list', path: '/api/list', csv: columns },
    handle: async () => ({ body: { items: [{ name: '=1+1', powerKw: -2.5 }], nextCursor: 'abc' } }),
  }),
  route({
    ...{ operationId: 'stream', path: '/api/stream', csv: columns },
    async handle({ format, signal }) {
      if (format === 'json') return { body: [] }
      return {
        rows: (async function* () {
          try {
            for (let n = 0; !signal.aborted; n++) yield { name: `row ${n}`, powerKw: n }
          } finally {
            streamEnded()
          }
        })(),
      }
    },
  }),
  route({
    ...{ operationId: 'breaksOff', path: '/api/breaks-off', csv: columns },
    handle: async () => ({
      rows: (async function* () {
        yield { name: 'a', powerKw: 1 }
        yield { name: 'b', powerKw: 2 }
        throw new Error('half way')
      })(),
    }),
  }),
  route({ operationId: 'large', path: '/api/large', handle: async () => ({ body: 'x'.repeat(5_000) }) }),
  route({
    operationId: 'breaks',
    path: '/api/breaks',
    handle: () => Promise.reject(new Error('the secret of the house')),
  }),
  route({
    operationId: 'away',
    path: '/api/away',
    handle: () => Promise.reject(new DatabaseUnavailable('connect ECONNREFUSED 10.0.0.7:5432')),
  }),
  route({
    ...{ operationId: 'lies', path: '/api/lies', answers: { 200: { description: 'A number', schema: Type.Number() } } },
    handle: async () => ({ body: 'none' }),
  }),
  defineRoute({
    ...route({ operationId: 'gone', path: '/api/things/{id}' }),
    params: Type.Object({ id: Type.String() }),
    handle: ({ params: { id } }) => Promise.reject(notFound('thing', 'path.id', id)),
  }),
  defineRoute({
    ...route({ operationId: 'clash', path: '/api/things/{id}', right: 'operate' }),
    method: 'PUT',
    params: Type.Object({ id: Type.String() }),
    body: Type.Object({}),
    handle: () => Promise.reject(conflict('the thing is held by another')),
  }),
  route({
    operationId: 'keyed',
    path: '/api/keyed',
    key: { scheme: 'own', description: '', fits: (t) => t === 'own-key' },
  }),
  route({ operationId: 'regulated', path: '/api/regulator', key: { scope: 'regulator', description: '' } }),
]
let streamEnded = (): void => undefined

describe('the API', () => {
  const test = useApi({
    routes: [routes],
    env: { CORS_ORIGINS: 'https://console.example', TRUSTED_PROXIES: '127.0.0.1' },
  })
  const faultsOf = (reply: { body: { errors: { field: string; problem: string }[] } }) =>
    reply.body.errors.map(({ field, problem }) => `${field} ${problem}`)

  describe('lets in', () => {
    it('who may ask, with what was asked read by its schema', async () => {
      const { status, body } = await test.as('viewer').get('/api/echo/abc?count=3&since=2026-11-21T12:00:00-03:00')
      assert.deepEqual([status, body], [200, { name: 'abc', count: 3, at: Date.UTC(2026, 10, 21, 15) }])
      assert.equal((await test.as('viewer').get('/api/echo/abc')).body.count, 2)
    })

    it('nobody who is not logged in, and says what is missing', async () => {
      const { status, body, headers } = await test.as().get('/api/echo/abc')
      assert.deepEqual([status, body.status, body.title], [401, 401, 'Not logged in'])
      assert.match(headers.get('content-type')!, /^application\/problem\+json/)
      assert.equal(headers.get('www-authenticate'), 'Bearer')
      const refused = await test.withToken('nonsense').get('/api/echo/abc')
      assert.deepEqual([refused.status, refused.body.detail], [401, 'the token is no good, or no longer'])
    })

    it('nobody whose role may not', async () => {
      const { status, body } = await test.as('viewer').post('/api/kept', { name: 'a' })
      assert.deepEqual([status, body.detail], [403, 'the role viewer does not have the right operate'])
    })

    it('leaves it to a route that refuses by itself to refuse who lacks the right, not who is not logged in', async () => {
      assert.deepEqual((await test.as('viewer').get('/api/judged')).body, { asked: 'viewer' })
      assert.equal((await test.as().get('/api/judged')).status, 401)
    })

    it('no token in the address', async () => {
      const { status } = await test.as().get(`/api/echo/abc?access_token=${await test.tokenOf('admin')}`)
      assert.equal(status, 401)
    })

    it('a key of the route, there and nowhere else', async () => {
      assert.equal((await test.withToken('own-key').get('/api/keyed')).status, 200)
      assert.equal((await test.withToken('own-kez').get('/api/keyed')).status, 401)
      assert.equal((await test.withToken('own-key').get('/api/echo/abc')).status, 401)
    })

    it('a key in a header, on routes of its scope and nowhere else, and tells the access log of each use', async () => {
      const { access, database } = test.services
      const made = makeKey()
      await insertKey(database, made, { name: 'ANEEL', scope: 'regulator', madeBy: 'admin' }, wallClock.now())
      const ask = async (path: string, key: string) => test.as().get(path, { 'x-api-key': key })
      const opened = await ask('/api/regulator', made.key)
      assert.equal(opened.status, 200)
      assert.match(opened.headers.get('ratelimit-policy')!, /"key";q=60/)
      const [used] = await access.accessLog({ event: 'api_key_used', username: null }, null, 10)
      assert.deepEqual(
        [used!.subject, used!.detail],
        ['GET /api/regulator', `key ${made.keyId} of ANEEL`],
        'and not the key itself',
      )
      for (const path of ['/api/echo/abc', '/api/keyed']) assert.equal((await ask(path, made.key)).status, 401)
      for (const key of [
        makeKey().key,
        `${made.key.slice(0, -1)}${made.key.endsWith('A') ? 'E' : 'A'}`,
        'x',
        'own-key',
      ])
        assert.equal((await ask('/api/regulator', key)).status, 401)
      assert.equal((await test.withToken(made.key).get('/api/regulator')).status, 401, 'it is no bearer token')
      assert.equal((await test.as('viewer').get('/api/regulator')).status, 200)
      await endKey(database, made.keyId, 'admin', wallClock.now())
      assert.equal((await ask('/api/regulator', made.key)).status, 401)
    })

    it('a key so many times a minute', async () => {
      const made = makeKey()
      const { database } = test.services
      await insertKey(database, made, { name: 'often', scope: 'regulator', madeBy: 'admin' }, wallClock.now())
      const replies = await Promise.all(
        Array.from({ length: 61 }, () => test.as().get('/api/regulator', { 'x-api-key': made.key })),
      )
      assert.deepEqual(
        replies
          .map(({ status }) => status)
          .toSorted((one, other) => one - other)
          .slice(59),
        [200, 429],
      )
    })

    it('a browser by its cookie, and its writes with what the cookie of the page says', async () => {
      const token = await test.tokenOf('operator')
      const cookie = `${cookieNames.session}=${token}`
      const identity = await test.services.access.verify(token)
      const csrf = csrfOf(identity!.sessionId)
      const ask = async (headers: Record<string, string>) =>
        (await test.as().post('/api/kept', { name: 'a' }, { cookie, ...headers })).status
      assert.equal((await test.as().get('/api/echo/abc', { cookie })).status, 200)
      assert.equal(await ask({ 'sec-fetch-site': 'same-origin', 'x-csrf-token': csrf }), 200)
      assert.equal(await ask({ 'sec-fetch-site': 'same-origin' }), 403)
      assert.equal(await ask({ 'sec-fetch-site': 'same-origin', 'x-csrf-token': `${csrf}x` }), 403)
      assert.equal(await ask({ 'sec-fetch-site': 'cross-site', 'x-csrf-token': csrf }), 403)
      assert.equal(await ask({ origin: 'https://evil.example', 'x-csrf-token': csrf }), 403)
      assert.equal(await ask({ 'x-csrf-token': csrf }), 403)
    })
    const csrfOf = (sessionId: string) => test.services.access.csrfToken(sessionId)
  })

  describe('refuses, naming the field,', () => {
    for (const [what, address, fault] of [
      ['no number', '/api/echo/a?count=many', 'query.count must be a whole number from 1 to 1000'],
      ['hexadecimal', '/api/echo/a?count=0x10', 'query.count must be a whole number from 1 to 1000'],
      ['nothing', '/api/echo/a?count=', 'query.count must be a whole number from 1 to 1000'],
      ['too much', '/api/echo/a?count=1001', 'query.count must be from 1 to 1000'],
      [
        'an endless number',
        `/api/echo/a?count=${'9'.repeat(400)}`,
        'query.count must be a whole number from 1 to 1000',
      ],
      ['a parameter twice', '/api/echo/a?count=1&count=2', 'query.count is given more than once'],
      ['an unknown parameter', '/api/echo/a?cuont=1', 'query.cuont is not known here: known are count, since'],
      [
        'a parameter like a prototype',
        '/api/echo/a?__proto__=1',
        'query.__proto__ is not known here: known are count, since',
      ],
      [
        'an instant without offset',
        '/api/echo/a?since=2026-11-21T12:00:00',
        'query.since must be an instant with its offset, such as 2026-11-21T12:00:00-03:00',
      ],
      [
        '31 February',
        '/api/echo/a?since=2026-02-31T12:00:00Z',
        'query.since must be an instant with its offset, such as 2026-11-21T12:00:00-03:00',
      ],
      ['a long name', `/api/echo/${'a'.repeat(21)}`, 'path.name must have 20 characters at most'],
      ['NUL', '/api/echo/a%00b', 'path.name contains a NUL character'],
    ] as const) {
      it(`${what}: ${address.slice(0, 50)}`, async () => {
        const reply = await test.as('viewer').get(address)
        assert.equal(reply.status, 400, reply.text)
        assert.deepEqual(faultsOf(reply), [fault])
      })
    }

    for (const [what, body, faults] of [
      ['a missing field', {}, ['body.name is missing']],
      ['a number for a text: bodies are taken as they are', { name: 1 }, ['body.name must be a text']],
      ['an unknown field', { name: 'a', nmae: 'b' }, ['body.nmae is not known here: known are name, password']],
      [
        'a prototype',
        '{"name":"a","__proto__":{"x":1}}',
        ['body.__proto__ is not known here: known are name, password'],
      ],
      ['an array', [], ['body must be an object']],
      ['NUL', { name: 'a\0' }, ['body.name contains a NUL character']],
      ['half a character', '{"name":"\\ud800"}', ['body.name contains half a character (a lone surrogate)']],
      [
        'several at once',
        { name: '', extra: 1 },
        ['body.extra is not known here: known are name, password', 'body.name must have 1 characters or more'],
      ],
    ] as const) {
      it(`in a body: ${what}`, async () => {
        const reply = await test.as('operator').post('/api/kept', body, { 'content-type': 'application/json' })
        assert.equal(reply.status, 400, reply.text)
        assert.deepEqual(faultsOf(reply).toSorted(), [...faults])
      })
    }

    it('with the value, shortened; and never that of a secret', async () => {
      const long = await test.as('viewer').get(`/api/echo/${'a'.repeat(500)}`)
      assert.equal(long.body.errors[0].value, `${'a'.repeat(80)}…`)
      const secret = await test.as('operator').post('/api/kept', { name: 'a', password: 'hunter2hunter2' })
      assert.deepEqual(secret.body.errors, [{ field: 'body.password', problem: 'must have 5 characters at most' }])
      assert.doesNotMatch(secret.text, /hunter2/)
    })

    it('what is not there', async () => {
      const { status, body } = await test.as('viewer').get('/api/things/t-1')
      assert.equal(status, 404)
      assert.deepEqual(body.errors, [{ field: 'path.id', value: 't-1', problem: 'no such thing' }])
      const clash = await test.as('operator').put('/api/things/t-1', {})
      assert.deepEqual([clash.status, clash.body.detail], [409, 'the thing is held by another'])
    })
  })

  describe('refuses', () => {
    const json = { 'content-type': 'application/json' }

    it('a path that leads nowhere, and one that takes another method', async () => {
      for (const path of [
        '/api',
        '/api/',
        '/api/nowhere',
        '/api/echo',
        '/api/echo/a/b',
        '/api/echo//',
        '/api/%2e%2e/x',
      ])
        assert.equal((await test.as().get(path)).status, 404, path)
      const { status, headers } = await test.as('admin').delete('/api/things/t-1')
      assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD, PUT, OPTIONS'])
    })

    it('an encoding that is none, in path and query', async () => {
      const authorization = `Bearer ${await test.tokenOf('viewer')}`
      for (const path of ['/api/echo/%ZZ', '/api/echo/%ff', '/api/echo/a?count=%', '/api/echo/a?%c3=1'])
        assert.equal((await rawGet(test.url, path, { authorization })).status, 400, path)
    })

    it('what it does not answer', async () => {
      assert.equal((await test.as('viewer').get('/api/echo/a', { accept: 'image/png' })).status, 406)
      assert.equal((await test.as('viewer').get('/api/echo/a', { accept: 'text/csv' })).status, 406)
      assert.equal((await test.as('viewer').get('/api/echo/a', { accept: 'text/html, */*;q=0.1' })).status, 200)
    })

    it('a body of another type, or in another character set', async () => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json; charset=iso-8859-1',
        '',
      ])
        assert.equal(
          (await test.as('operator').post('/api/kept', '{"name":"a"}', { 'content-type': type })).status,
          415,
          type,
        )
    })

    it('JSON that is none, with its place', async () => {
      const { status, body } = await test.as('operator').post('/api/kept', '{"name": "a",\n oops}', json)
      assert.deepEqual([status, body.detail], [400, 'the body is not JSON: line 2, column 2'])
      const { detail } = (await test.as('operator').post('/api/kept', '['.repeat(500_000), json)).body
      assert.equal(detail, 'the body is nested deeper than 64 levels')
      const noText = await fetch(`${test.url}/api/kept`, {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${await test.tokenOf('operator')}` },
        body: Buffer.from([0x22, 0xff, 0x22]),
      })
      assert.deepEqual(
        [noText.status, ((await noText.json()) as { detail: string }).detail],
        [400, 'the body is not UTF-8'],
      )
    })

    it('a body that is too large, one sent in pieces too', async () => {
      const large = JSON.stringify({ name: 'a'.repeat(1_100_000) })
      assert.equal((await test.as('operator').post('/api/kept', large, json)).status, 413)
      assert.equal(
        (await test.as('admin').post('/api/imports', 'a'.repeat(101), { 'content-type': 'text/csv' })).status,
        413,
      )
      assert.equal(
        (await test.as('admin').post('/api/imports', 'a'.repeat(100), { 'content-type': 'text/csv' })).status,
        200,
      )
    })

    it('a missing body', async () => {
      const reply = await test.as('operator').post('/api/kept')
      assert.deepEqual([reply.status, faultsOf(reply)], [400, ['body is missing']])
    })
  })

  describe('when something is wrong here', () => {
    it('tells the caller a reference and the log the rest', async () => {
      const { status, body, text: told } = await test.as('viewer').get('/api/breaks')
      assert.equal(status, 500)
      assert.doesNotMatch(told, /secret of the house|\.js|at /)
      const entry = test.faults.splice(0)
      assert.equal(entry.length, 1)
      assert.ok(entry[0]!.startsWith(`${body.reference} GET /api/breaks: Error: the secret of the house | at `))
      assert.doesNotMatch(entry[0]!, /\n/)
    })

    it('tells the log of a stream that broke off, and the caller by breaking off', async () => {
      await assert.rejects(test.as('viewer').get('/api/breaks-off', { accept: 'text/csv' }))
      assert.match(test.faults.splice(0).join(), /^[-0-9a-f]{36} GET \/api\/breaks-off: Error: half way/)
    })

    it('says that the database is away, and no more of it', async () => {
      const { status, headers, text: told } = await test.as('viewer').get('/api/away')
      assert.deepEqual([status, headers.get('retry-after')], [503, '5'])
      assert.doesNotMatch(told, /10\.0\.0\.7/)
    })

    it('finds out that an answer is other than its route says, in tests', async () => {
      assert.equal((await test.as('viewer').get('/api/lies')).status, 500)
      assert.match(test.faults.splice(0)[0]!, /lies answers 200 other than it says: the body must be number/)
    })
  })

  describe('answers', () => {
    it('what no cache keeps', async () => {
      assert.equal((await test.as('viewer').get('/api/echo/a')).headers.get('cache-control'), 'no-store')
      assert.equal((await test.as().get('/api/echo/a')).headers.get('cache-control'), 'no-store')
    })

    it('HEAD with what GET would say, OPTIONS with what may be asked', async () => {
      const head = await test.as('viewer').send('HEAD', '/api/echo/a')
      assert.deepEqual([head.status, head.text], [200, ''])
      assert.equal(head.headers.get('content-length'), String('{"name":"a","count":2}'.length))
      const options = await test.as().send('OPTIONS', '/api/things/t-1')
      assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, HEAD, PUT, OPTIONS'])
    })

    it('a segment that is named rather than a parameter in its place', async () => {
      assert.deepEqual((await test.as('viewer').get('/api/echo/named')).body, { which: 'named' })
    })

    it('large answers compressed, small ones as they are', async () => {
      const authorization = `Bearer ${await test.tokenOf('viewer')}`
      const compressed = await rawGet(test.url, '/api/large', { authorization, 'accept-encoding': 'gzip' })
      assert.equal(compressed.headers['content-encoding'], 'gzip')
      assert.equal(gunzipSync(compressed.bytes).toString(), JSON.stringify('x'.repeat(5_000)))
      const small = await rawGet(test.url, '/api/echo/a', { authorization, 'accept-encoding': 'gzip' })
      assert.equal(small.headers['content-encoding'], undefined)
    })

    it('a list as CSV, harmless in a spreadsheet, with the way to its next page', async () => {
      const { headers, text: csv } = await test.as('viewer').get('/api/list', { accept: 'text/csv' })
      assert.equal(csv, "name,powerKw\r\n'=1+1,-2.5\r\n")
      assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8; header=present')
      assert.equal(headers.get('link'), '</api/list?cursor=abc>; rel="next"')
      assert.equal((await test.as('viewer').get('/api/list')).body.items.length, 1)
    })

    it('an endless CSV row by row, and stops when nobody reads it any more', async () => {
      const { promise: ended, resolve } = Promise.withResolvers<void>()
      streamEnded = resolve
      const stop = new AbortController()
      const response = await fetch(`${test.url}/api/stream`, {
        headers: { accept: 'text/csv', authorization: `Bearer ${await test.tokenOf('viewer')}` },
        signal: stop.signal,
      })
      const first = await response.body!.getReader().read()
      assert.match(Buffer.from(first.value as Uint8Array).toString(), /^name,powerKw\r\nrow 0,0\r\n/)
      stop.abort()
      await ended
    })
  })

  describe('to pages of other origins', () => {
    it('says that they may read, where they are on the list', async () => {
      const ask = async (origin: string) => (await test.as('viewer').get('/api/echo/a', { origin })).headers
      const allowed = await ask('https://console.example')
      assert.equal(allowed.get('access-control-allow-origin'), 'https://console.example')
      assert.equal(allowed.get('access-control-allow-credentials'), null)
      assert.match(allowed.get('vary')!, /Origin/)
      for (const origin of ['https://evil.example', 'http://console.example', 'null'])
        assert.equal((await ask(origin)).get('access-control-allow-origin'), null, origin)
    })

    it('tells beforehand what they may send', async () => {
      const { status, headers } = await test.as().send('OPTIONS', '/api/kept', undefined, {
        ...{ origin: 'https://console.example', 'access-control-request-method': 'POST' },
      })
      assert.equal(status, 204)
      assert.equal(headers.get('access-control-allow-methods'), 'POST, OPTIONS')
      assert.equal(headers.get('access-control-allow-headers'), 'Authorization, Content-Type')
    })
  })

  it('answers what is written as its routes are, and leaves the rest to others', async () => {
    for (const path of ['/API/things/a', '/%61pi/things/a', '//api/things/a', '/apis'])
      assert.equal((await rawGet(test.url, path, { authorization: 'Bearer none' })).status, 404, path)
    assert.equal((await rawGet(test.url, '/api/things/%61', { authorization: 'Bearer none' })).status, 401)
  })

  it('refuses routes that cannot be told apart', () => {
    assert.throws(() => test.api.add(() => [route({ operationId: 'other', path: '/api/list' })]), /two routes are GET/)
    assert.throws(() => test.api.add(() => [route({ operationId: 'list', path: '/api/other' })]), /operationId list/)
  })

  it('closes a connection that sends no HTTP, without an answer of its insides', async () => {
    const { port, hostname } = new URL(test.url)
    const socket = connect(Number(port), hostname)
    socket.end('GET /api/\0 HTTP/1.1\r\n\r\n')
    const answer = await text(socket)
    assert.match(answer, /^HTTP\/1\.1 400 /)
    assert.doesNotMatch(answer, /at |node:/)
  })
})

describe('limits of the API', () => {
  const test = useApi({
    routes: [() => [route({ operationId: 'ping', path: '/api/ping' })]],
    env: { REQUESTS_PER_MINUTE: '3', REQUESTS_PER_MINUTE_ANONYMOUS: '4', TRUSTED_PROXIES: '127.0.0.1' },
  })

  it('hold for each user, whatever the address', async () => {
    const from = (address: string) => test.as('viewer').get('/api/ping', { 'x-forwarded-for': address })
    const first = await from('192.0.2.1')
    assert.equal(first.headers.get('ratelimit-policy'), '"user";q=3;w=60')
    assert.match(first.headers.get('ratelimit')!, /^"user";r=2;t=\d+$/)
    await from('192.0.2.2')
    await from('192.0.2.3')
    const refused = await from('192.0.2.4')
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers.get('retry-after')) >= 1)
    assert.equal((await test.as('operator').get('/api/ping', { 'x-forwarded-for': '192.0.2.5' })).status, 200)
  })

  it('hold for each address where nobody is logged in', async () => {
    const from = async (address: string) => (await test.as().get('/api/ping', { 'x-forwarded-for': address })).status
    for (let n = 0; n < 4; n++) assert.equal(await from('198.51.100.1'), 401)
    assert.equal(await from('198.51.100.1'), 429)
    assert.equal(await from('198.51.100.2'), 401)
  })
})

/** Asks without what a client would mend in an address. */
async function rawGet(url: string, path: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(url)
  const asked = httpRequest({ hostname, port, path, headers, agent: false }).end()
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    asked.once('response', resolve).once('error', reject),
  )
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) }
}
