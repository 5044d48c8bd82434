import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { WebSocket, WebSocketServer } from 'ws'
import { identityOfRole, TestDoor } from './front-door.fixture.ts'
import { identityOf, mostOfSession } from './front-door.ts'

const cookie = (role: string): { cookie: string } => ({ cookie: `theme=dark; lv_session=${role}; lv_csrf=x` })
const bearer = (role: string): { authorization: string } => ({ authorization: `Bearer ${role}` })

describe('the front door', () => {
  let door: TestDoor
  let seen: IncomingMessage | undefined
  beforeEach(async () => {
    seen = undefined
    door = await TestDoor.open((request, response) => {
      seen = request
      response.end(`let in as ${identityOf(request)?.username ?? 'nobody'}`)
    })
  })
  afterEach(() => door.close())

  describe('who is asking', () => {
    for (const [what, headers, who] of [
      ['a cookie', cookie('operator'), 'operator'],
      ['a bearer token', bearer('engineer'), 'engineer'],
      ['a bearer token before a cookie', { ...cookie('operator'), ...bearer('viewer') }, 'viewer'],
      ['no credentials', {}, 'nobody'],
      ['a forged token', bearer('forged'), 'nobody'],
      ['a forged token, and a cookie that is good', { ...cookie('operator'), ...bearer('forged') }, 'nobody'],
      ['the name of the header inside', { 'x-linha-viva-token': 'admin' }, 'nobody'],
    ] as const)
      it(`is ${who} with ${what}`, async () =>
        assert.equal((await door.ask('/dashboard', headers)).body, `let in as ${who}`))

    it('is not taken from the address', async () =>
      assert.equal((await door.ask('/dashboard?access_token=admin&token=admin')).body, 'let in as nobody'))
  })

  describe('what is passed on', () => {
    it('to the editor: the token under the name of the door, and nothing that came in under it', async () => {
      await door.ask('/editor/flows', { ...cookie('engineer'), 'x-linha-viva-token': 'admin' })
      assert.equal(seen!.headers['x-linha-viva-token'], 'engineer')
      await door.ask('/EDITOR/flows', { ...bearer('forged'), 'x-linha-viva-token': 'admin' })
      assert.equal(seen!.headers['x-linha-viva-token'], undefined)
      assert.equal(seen!.headers.authorization, undefined)
    })

    it('to pages of flows: no token of anybody, in no form', async () => {
      for (const headers of [cookie('admin'), bearer('admin'), { ...bearer('admin'), 'x-linha-viva-token': 'admin' }]) {
        assert.equal((await door.ask('/of-a-flow', headers)).body, 'let in as admin')
        const { headers: parsed, rawHeaders, headersDistinct } = seen!
        assert.doesNotMatch(JSON.stringify([parsed, rawHeaders, headersDistinct]), /admin|lv_session|lv_csrf/)
      }
      await door.ask('/of-a-flow', cookie('admin'))
      assert.equal(seen!.headers.cookie, 'theme=dark', 'what is not ours stays')
      await door.ask('/of-a-flow', { authorization: 'Basic abc' })
      assert.equal(seen!.headers.authorization, 'Basic abc')
    })

    it('to the editor: no token but that, for what it does not answer may come to a flow', async () => {
      await door.ask('/editor/resources/of-a-flow', { ...cookie('admin'), ...bearer('viewer') })
      const { 'x-linha-viva-token': forEditor, ...rest } = seen!.headers
      assert.equal(forEditor, 'viewer')
      assert.doesNotMatch(JSON.stringify([rest, seen!.rawHeaders]), /admin|viewer|lv_session/)
    })

    it('to what only looks like the API or the editor, and so may come to a flow: no token', async () => {
      const paths = [
        '/API/of-a-flow',
        '/Api/devices',
        '/metrics/of-a-flow',
        '/METRICS',
        '//api/x',
        '/%61pi/x',
        '/apiary',
      ]
      for (const path of [...paths, '//editor/x', '/editors', '/%65ditor'])
        for (const headers of [cookie('admin'), bearer('admin')]) {
          assert.equal((await door.ask(path, headers)).body, 'let in as admin')
          assert.doesNotMatch(JSON.stringify([seen!.headers, seen!.rawHeaders]), /admin|lv_session/, path)
        }
    })

    it('to pages of flows: no key of another system, but such as are none of ours', async () => {
      await door.ask('/of-a-flow', { 'x-api-key': `lvk_${'0'.repeat(16)}_secret` })
      assert.doesNotMatch(JSON.stringify([seen!.headers, seen!.rawHeaders]), /lvk_|secret/)
      await door.ask('/of-a-flow', { 'x-api-key': 'of the flow' })
      assert.equal(seen!.headers['x-api-key'], 'of the flow')
      await door.ask('/api/x', { 'x-api-key': 'lvk_x' })
      assert.equal(seen!.headers['x-api-key'], 'lvk_x')
    })

    it('by its path, also where a proxy asks by the whole address', async () => {
      for (const [whole, path] of [
        ['http://any.example/api/devices?limit=1', '/api/devices?limit=1'],
        ['HTTPS://any.example:8443/api', '/api'],
        ['http://any.example?x=1', '/?x=1'],
        ['http://any.example', '/'],
      ] as const) {
        await door.ask(whole, bearer('viewer'))
        assert.equal(seen!.url, path)
        assert.equal(seen!.headers.authorization !== undefined, path.startsWith('/api'))
      }
    })

    it('to the API: all, it looks for itself', async () => {
      for (const path of ['/api/devices', '/metrics']) {
        await door.ask(path, { ...bearer('admin'), ...cookie('admin') })
        assert.equal(seen!.headers.authorization, 'Bearer admin')
        assert.match(seen!.headers.cookie!, /lv_session=admin/)
      }
    })
  })

  describe('a write with a cookie', () => {
    for (const [what, headers, status] of [
      ['by a page of ours', { 'sec-fetch-site': 'same-origin' }, 200],
      ['by a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
      ['by a page of another name of this site', { 'sec-fetch-site': 'same-site' }, 403],
      ['by a page of another origin', { origin: 'http://evil.example' }, 403],
      ['by a page without an origin', { origin: 'null' }, 403],
      ['by who knows what', {}, 403],
    ] as const)
      it(`${what} is ${status === 200 ? 'let in' : 'refused'}`, async () => {
        for (const [path, method] of [
          ['/editor/flows', 'POST'],
          ['/of-a-flow', 'DELETE'],
        ] as const) {
          const reply = await door.ask(path, { ...cookie('engineer'), ...headers }, method)
          assert.equal(reply.status, status)
          if (status === 200) continue
          assert.equal(reply.body, 'sent by a page of another site\n')
          const { event, identity, subject } = door.refused.at(-1)!
          assert.deepEqual([event, identity?.username, subject], ['request_refused', 'engineer', `${method} ${path}`])
        }
      })

    it('by a page of ours, as a browser says that knows no Sec-Fetch-Site, is let in', async () => {
      const reply = await door.ask('/editor/flows', { ...cookie('engineer'), origin: `http://${door.host}` }, 'POST')
      assert.equal(reply.status, 200)
    })

    it('with a bearer token may come from anywhere: no browser sends one by itself', async () => {
      const reply = await door.ask('/of-a-flow', { ...bearer('operator'), origin: 'https://console.example' }, 'POST')
      assert.equal(reply.status, 200)
    })

    it('refused to the API is a problem by RFC 9457', async () => {
      const reply = await door.ask('/api/x', { ...cookie('admin'), origin: 'http://evil.example' }, 'POST')
      assert.equal(reply.headers['content-type'], 'application/problem+json')
      assert.deepEqual([reply.status, (JSON.parse(reply.body) as { status: number }).status], [403, 403])
    })
  })

  it("lets nobody begin the dashboard's socket without a user", async () => {
    for (const path of [
      '/dashboard/socket.io/?EIO=4&transport=polling',
      '/Other/Socket.IO/?x',
      '/dashboard/socket.io',
    ]) {
      const { status, body } = await door.ask(path)
      assert.deepEqual([status, body], [401, 'not logged in\n'])
      assert.equal((await door.ask(path, cookie('viewer'))).status, 200)
    }
  })

  it('lets nobody in while it cannot find out who it is, and everybody who claims to be nobody', async () => {
    door.reopen({ access: { ...door.options.access, verify: () => Promise.reject(new Error('no database')) } })
    assert.equal((await door.ask('/dashboard', cookie('admin'))).status, 503)
    assert.equal((await door.ask('/')).status, 200)
  })

  it('lets only the proxy and this machine in, where it is told to, whatever they say of themselves', async () => {
    door.reopen({ proxiesOnly: true })
    assert.equal((await door.ask('/', { 'x-forwarded-for': '10.9.9.9' })).status, 200)
    // As if the connection came from elsewhere.
    door.server.on('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: '10.9.9.9' }))
    assert.equal((await door.ask('/', { 'x-forwarded-for': '127.0.0.1' })).status, 403)
    assert.equal(door.refused.at(-1)!.address, '10.9.9.9')
    door.reopen({ proxiesOnly: true, isTrusted: (address) => address === '10.9.9.9' })
    assert.equal((await door.ask('/')).status, 200)
  })

  it('answers a program that offers HTTP/2 as if it had not', async () => {
    door.server.on('upgrade', (_request, socket) => socket.destroy())
    const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' }
    assert.equal((await door.ask('/api/health', offer)).body, 'let in as nobody')
    assert.equal((await door.ask('/api/devices', { ...offer, ...bearer('viewer') })).body, 'let in as viewer')
  })

  it('bounds how many sockets of a dashboard one session begins, whether they go on or not', async () => {
    const begin = () => door.ask('/dashboard/socket.io/?EIO=4&transport=polling', cookie('viewer'))
    for (let begun = 0; begun < mostOfSession; begun++) assert.equal((await begin()).status, 200)
    assert.equal((await begin()).status, 503)
    assert.equal((await door.ask('/dashboard/socket.io/?EIO=4&sid=x', cookie('viewer'))).status, 200)
    assert.equal((await door.ask('/dashboard/socket.io/?EIO=4', cookie('operator'))).status, 200)
    assert.equal(door.connections.size, mostOfSession + 1)
    door.endSession('session-of-viewer')
    assert.equal(door.connections.size, 1)
  })

  describe('a WebSocket', () => {
    let sockets: WebSocketServer
    beforeEach(() => {
      sockets = new WebSocketServer({ noServer: true })
      door.server.on('upgrade', (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (client) => client.send(identityOf(request)!.username)),
      )
    })
    afterEach(() => sockets.close())

    /** What came first: the server's word, or the status with which it was refused. */
    async function open(path: string, headers: Record<string, string>, origin?: string) {
      const socket = new WebSocket(`ws://${door.host}${path}`, { headers, ...(origin !== undefined && { origin }) })
      const closed = once(socket, 'close')
      const answer = await Promise.race([
        once(socket, 'message').then(([message]) => String(message)),
        once(socket, 'unexpected-response').then(([, response]) => {
          socket.on('error', () => undefined)
          socket.terminate()
          return (response as IncomingMessage).statusCode
        }),
      ])
      return { answer, socket, closed }
    }
    const ours = (): string => `http://${door.host}`
    const places = ['/dashboard/socket.io/?EIO=4', '/editor/comms', '/api/live', '/of-a-flow']

    for (const path of places)
      it(`at ${path} needs a user, and is none that a page of another site opened`, async () => {
        assert.equal((await open(path, {})).answer, 401)
        assert.equal((await open(path, {}, ours())).answer, 401)
        assert.equal((await open(path, cookie('forged'), ours())).answer, 401)
        assert.equal((await open(path, cookie('admin'), 'http://evil.example')).answer, 403)
        assert.equal((await open(path, cookie('admin'), 'null')).answer, 403)
        assert.equal((await open(path, cookie('admin'))).answer, 403)
        assert.equal((await open(path, bearer('admin'), 'http://evil.example')).answer, 403)
        assert.equal(
          (await open(path, { ...cookie('admin'), 'sec-fetch-site': 'same-origin' }, 'http://evil.example')).answer,
          403,
        )
        assert.deepEqual([...new Set(door.refused.map(({ event }) => event))], ['socket_refused'])
        assert.equal(door.refused.length, 8)
        assert.equal(door.connections.size, 0)
        const [byCookie, byBearer] = [await open(path, cookie('admin'), ours()), await open(path, bearer('admin'))]
        assert.deepEqual([byCookie.answer, byBearer.answer], ['admin', 'admin'])
        assert.equal(door.connections.size, 2)
      })

    it('of the editor needs the right to edit flows, and that flows are edited here', async () => {
      for (const [role, answer] of [
        ['viewer', 403],
        ['operator', 403],
        ['engineer', 'engineer'],
      ] as const)
        assert.equal((await open('/editor/comms', cookie(role), ours())).answer, answer)
      door.reopen({ editor: false })
      assert.equal((await open('/editor/comms', cookie('engineer'), ours())).answer, 403)
      assert.equal((await open('/api/live', cookie('engineer'), ours())).answer, 'engineer')
    })

    it('may be opened by a page of an origin that is allowed, with a bearer token only', async () => {
      door.reopen({ allowedOrigins: new Set(['https://console.example']) })
      assert.equal((await open('/api/live', bearer('viewer'), 'https://console.example')).answer, 'viewer')
      assert.equal((await open('/api/live', cookie('viewer'), 'https://console.example')).answer, 403)
    })

    it('closes within five seconds when its session ends, whatever its owner does, and no other closes', async () => {
      const gone = await Promise.all(places.map((path) => open(path, cookie('engineer'), ours())))
      const stays = await open('/api/live', cookie('viewer'), ours())
      const began = performance.now()
      door.endSession('session-of-engineer')
      await Promise.all(gone.map(({ closed }) => closed))
      assert.ok(performance.now() - began < 5_000)
      assert.equal(stays.socket.readyState, WebSocket.OPEN)
      while (door.connections.size > 1) await new Promise(setImmediate)
    })

    it('closes when what it was opened with expires', async () => {
      const verify = async (token: string) => {
        const identity = await door.options.access.verify(token)
        return identity && { ...identity, expiresAt: Date.now() + 200 }
      }
      door.reopen({ access: { ...door.options.access, verify } })
      const program = await open('/api/live', bearer('viewer'))
      const browser = await open('/api/live', cookie('viewer'), ours())
      await program.closed
      assert.equal(browser.socket.readyState, WebSocket.OPEN, 'it gets new tokens while its session lasts')
    })

    it('is one of so many of a session at most, those of the live stream apart', async () => {
      const held = Array.from({ length: mostOfSession }, () =>
        door.connections.hold(identityOfRole('engineer'), Infinity, () => {}),
      )
      for (const path of ['/editor/comms', '/of-a-flow', '/dashboard/socket.io/?EIO=4&sid=x'])
        assert.equal((await open(path, bearer('engineer'))).answer, 503)
      assert.equal((await open('/api/live', bearer('engineer'))).answer, 'engineer')
      assert.equal((await open('/editor/comms', bearer('admin'))).answer, 'admin')
      for (const release of held) release()
    })

    it('is not held any more when it is closed', async () => {
      const { socket, closed } = await open('/api/live', cookie('viewer'), ours())
      socket.close()
      await closed
      while (door.connections.size > 0) await new Promise(setImmediate)
    })
  })
})
