import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { after, before, describe, it } from 'mocha'
import { WebSocket } from 'ws'
import type { Role } from '../platform/access/roles.ts'
import { DashboardSocket, type Transport } from './dashboard-socket.fixture.ts'
import type { FlowNode } from './node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { logIn, Visitor } from './users.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const inFlow = { z: 'lv-first-screen', x: 100, y: 300 }
const button = (id: string, group: string, className = ''): FlowNode => ({
  ...{ id, type: 'ui-button', ...inFlow, group, className, label: id, order: 9, width: '3', height: '1' },
  ...{ payload: 'pressed', payloadType: 'str', topic: id, topicType: 'str', wires: [['atk-keep']] },
})
/** A dashboard with something for everybody, and nodes that no browser shall make send. Whatever sends is taken down. */
const additions: FlowNode[] = [
  button('atk-button', 'lv-ui-group-field'),
  button('atk-filter', 'lv-ui-group-field', 'send-read'),
  {
    ...{ id: 'atk-page', type: 'ui-page', name: 'Admins', ui: 'lv-ui-base', path: '/admins', layout: 'grid' },
    ...{ theme: 'lv-ui-theme', className: 'see-administer', visible: true, disabled: false, order: 2 },
  },
  {
    ...{ id: 'atk-group', type: 'ui-group', name: 'Admins', page: 'atk-page', width: '6', height: '1', order: 1 },
    ...{ className: '', showTitle: false, visible: true, disabled: false, groupType: 'default' },
  },
  button('atk-hidden', 'atk-group'),
  {
    ...{ id: 'atk-inject', type: 'inject', ...inFlow, props: [{ p: 'payload' }], payload: 'x', payloadType: 'str' },
    ...{ repeat: '', once: false, wires: [['atk-keep']] },
  },
  {
    ...{ id: 'atk-function', type: 'function', ...inFlow, outputs: 1, func: 'return msg', libs: [] },
    wires: [['atk-keep']],
  },
  {
    ...{ id: 'atk-keep', type: 'function', ...inFlow, outputs: 0, libs: [], wires: [] },
    func: "const kept = global.get('kept') || []\nkept.push({ topic: msg.topic, payload: msg.payload, client: msg._client, look: msg.ui_update })\nglobal.set('kept', kept)",
  },
  { id: 'atk-in', type: 'http in', ...inFlow, url: '/atk/headers', method: 'get', wires: [['atk-tell']] },
  {
    ...{ id: 'atk-tell', type: 'function', ...inFlow, outputs: 1, libs: [], wires: [['atk-out']] },
    func: 'msg.payload = { headers: msg.req.headers, raw: msg.req.rawHeaders, cookies: msg.req.cookies }\nreturn msg',
  },
  { id: 'atk-out', type: 'http response', ...inFlow, statusCode: '200', headers: {}, wires: [] },
]

interface Kept {
  topic?: string
  payload?: unknown
  client?: { username?: string; role?: string; sessionId?: string; socketId?: string }
  look?: unknown
}

describe('attacks on the dashboard and the editor', function () {
  this.timeout(60_000)
  let system: RunningSystem
  let url: string
  const sockets: DashboardSocket[] = []
  const refusals = new Map<string, string>()

  before(async () => {
    system = await startSystem({ broker: 'embedded' })
    url = system.nodeRed.url
    await system.nodeRed.deploy((flows) => [
      ...flows.map((node) => (node.type === 'ui-base' ? { ...node, includeClientData: true } : node)),
      ...additions,
    ])
    await waitUntil('the dashboard', async () => (await system.nodeRed.admin.fetch('/dashboard/_setup')).ok)
  })
  after(async () => {
    for (const socket of sockets) socket.close()
    await system?.stop()
  })

  const cookieOf = (token: string): Record<string, string> => ({ Cookie: `lv_session=${token}`, Origin: url })
  async function open(role: Role, transport: Transport = 'websocket'): Promise<DashboardSocket> {
    const { Cookie } = cookieOf(await logIn(url, role)) as { Cookie: string }
    // As a browser does for what its page asks: without an Origin to read, with one to write.
    const socket = await DashboardSocket.open(url, { Cookie, 'Sec-Fetch-Site': 'same-origin' }, transport)
    sockets.push(socket)
    return socket
  }
  async function kept(): Promise<Kept[]> {
    const { msg, format } = (await (await system.nodeRed.admin.fetch('/editor/context/global/kept')).json()) as {
      msg: string
      format: string
    }
    return format.startsWith('array') ? (JSON.parse(msg) as Kept[]) : []
  }
  /** Says something, and sees that it is refused and reaches no flow. */
  async function refused(socket: DashboardSocket, event: string, id: unknown, message: unknown): Promise<string> {
    const before = (await kept()).length
    const answer = socket.next('linhaviva-refused')
    await socket.emit(event, id, message)
    const [, subject, why] = (await answer) as [string, string, string]
    assert.equal((await kept()).length, before, 'nothing reached the flow')
    refusals.set(subject, why)
    return why
  }
  const logged = (event: string, subject: string, detail: string): Promise<unknown> =>
    waitUntil(`${event} ${subject} in the access log`, async () => {
      const rows = await system.database.query(
        'select 1 from access_log where event = $1 and subject = $2 and detail = $3',
        [event, subject, detail],
      )
      return rows.length > 0
    })
  async function upgraded(path: string, headers: Record<string, string>, origin?: string): Promise<string> {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers, ...(origin !== undefined && { origin }) })
    socket.on('error', () => undefined)
    const answer = await Promise.race([
      once(socket, 'open').then(() => 'open'),
      once(socket, 'unexpected-response').then(([, response]) => String((response as IncomingMessage).statusCode)),
    ])
    socket.terminate()
    return answer
  }

  it('a bare socket gets nothing', async () => {
    await assert.rejects(DashboardSocket.open(url, {}, 'websocket'), (error: Error) => {
      say(`polling without a user: ${error.message}`)
      return /^401 not logged in$/.test(error.message)
    })
    const paths = ['/dashboard/socket.io/?EIO=4&transport=websocket', '/editor/comms', '/api/live']
    for (const path of paths) {
      const answer = await upgraded(path, {}, url)
      say(`WebSocket to ${path} without a user: ${answer}`)
      assert.equal(answer, '401')
      await logged('socket_refused', path.split('?')[0]!, 'not logged in')
    }
  })

  it('a page of another site gets nothing with the cookie of an admin', async () => {
    const { Cookie } = cookieOf(await logIn(url, 'admin')) as { Cookie: string }
    for (const path of ['/dashboard/socket.io/?EIO=4&transport=websocket', '/editor/comms', '/api/live']) {
      const answer = await upgraded(path, { Cookie }, 'http://evil.example')
      say(`WebSocket to ${path} from http://evil.example: ${answer}`)
      assert.equal(answer, '403')
    }
    const foreign = { Cookie, Origin: 'http://evil.example' }
    await assert.rejects(DashboardSocket.open(url, foreign, 'polling'), (error: Error) => {
      say(`polling from http://evil.example: ${error.message}`)
      return error.message.startsWith('403')
    })
    for (const [what, headers] of [
      ['with its Origin', foreign],
      ['without any', { Cookie }],
      ['as Sec-Fetch-Site says', { Cookie, 'Sec-Fetch-Site': 'cross-site' }],
    ] as const) {
      const deploy = await fetch(`${url}/editor/flows`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: '[]',
      })
      say(`a deploy by a page of another site, ${what}: ${deploy.status} ${(await deploy.text()).trim()}`)
      assert.equal(deploy.status, 403)
    }
    await logged('request_refused', 'POST /editor/flows', 'sent by a page of another site')
    assert.ok((await system.nodeRed.flows()).flows.length > 10, 'the flows are as they were')
  })

  it('a WebSocket that begins as none of its pages does is closed', async () => {
    const { Cookie } = cookieOf(await logIn(url, 'admin')) as { Cookie: string }
    const socket = new WebSocket(`${url.replace('http', 'ws')}/dashboard/socket.io/?EIO=4&transport=websocket`, {
      headers: { Cookie },
      origin: url,
    })
    const heard: string[] = []
    socket.on('message', (packet) => heard.push(String(packet)))
    await once(socket, 'open')
    socket.send('40')
    await once(socket, 'close')
    say(`a WebSocket without the polling before it: ${heard.slice(1).join(' ') || 'closed'}`)
    assert.ok(!heard.join().includes('ui-config'))
  })

  for (const transport of ['websocket', 'polling'] as const) {
    describe(`by ${transport}`, () => {
      it('the id of a node that is no widget makes no node send, whoever says it', async () => {
        for (const role of ['operator', 'admin'] as const) {
          const socket = await open(role, transport)
          for (const event of ['widget-action', 'widget-send', 'widget-change'])
            for (const id of ['atk-inject', 'atk-function', 'atk-in', 'lv-postgresql', 'lv-ui-base', '__proto__']) {
              const why = await refused(socket, event, id, { payload: 'forged' })
              assert.equal(why, 'is no widget of a dashboard')
            }
          say(`${role} with the id of an inject, function, http in, configuration node: is no widget of a dashboard`)
          socket.close()
        }
      })

      it('a viewer sends nothing that an operator may', async () => {
        const socket = await open('viewer', transport)
        for (const event of ['widget-action', 'widget-send', 'widget-change']) {
          const why = await refused(socket, event, 'atk-button', { payload: 'forged' })
          say(`viewer, ${event} of an operator's button: ${why}`)
          assert.equal(why, 'viewer may not send by it')
        }
        socket.close()
      })

      it('a forged _client is replaced by who it really is, and nothing else of it stays', async () => {
        const socket = await open('operator', transport)
        const before = (await kept()).length
        await socket.emit('widget-action', 'atk-button', {
          payload: 'pressed',
          _client: { username: 'admin', role: 'admin', socketId: 'forged', tenant: 'forged' },
          ui_update: { label: 'forged' },
        })
        const message = await waitUntil('the message', async () => (await kept())[before])
        const { username, role, sessionId, socketId } = message.client!
        assert.deepEqual([username, role, message.payload], ['operator', 'operator', 'pressed'])
        assert.match(sessionId!, /^[0-9a-f-]{36}$/)
        assert.doesNotMatch(JSON.stringify(message), /forged/)
        assert.ok(socketId)
        say(`operator who says _client is admin: the flow hears ${JSON.stringify({ username, role })}`)
        socket.close()
      })

      it('what a role may not see is not in what it gets, and cannot be asked for', async () => {
        for (const [role, sees] of [
          ['viewer', false],
          ['operator', false],
          ['admin', true],
        ] as const) {
          const socket = await open(role, transport)
          const config = await waitUntil('the configuration', async () =>
            socket.events.find(([name]) => name === 'ui-config'),
          )
          assert.equal(/atk-page|atk-group|atk-hidden/.test(JSON.stringify(config)), sees)
          if (!sees) {
            assert.equal(await refused(socket, 'widget-load', 'atk-hidden', undefined), `${role} may not see it`)
            say(`${role} asks for a widget of a page for admins: ${role} may not see it`)
          }
          socket.close()
        }
      })

      it('an event that no dashboard knows is refused', async () => {
        const socket = await open('admin', transport)
        for (const event of ['ui-config', 'message', 'constructor', '__proto__'])
          assert.equal(await refused(socket, event, 'atk-button', {}), 'no event of a dashboard')
        socket.close()
      })

      it('a viewer may send by what is there for viewers', async () => {
        const socket = await open('viewer', transport)
        const before = (await kept()).length
        await socket.emit('widget-action', 'atk-filter', { payload: 'F1' })
        const { client } = await waitUntil('the message', async () => (await kept())[before])
        assert.equal(client?.username, 'viewer')
        socket.close()
      })

      it('a socket closes within five seconds when its user logs out', async () => {
        const token = await logIn(url, 'operator')
        const socket = await DashboardSocket.open(url, { Authorization: `Bearer ${token}` }, transport)
        const began = performance.now()
        const response = await fetch(`${url}/api/auth/logout`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}` },
        })
        assert.ok(response.ok, `${response.status}`)
        const how = await socket.gone(5_000)
        say(`logout: ${how} after ${Math.round(performance.now() - began)} ms`)
        await assert.rejects(DashboardSocket.open(url, { Authorization: `Bearer ${token}` }, transport), /^Error: 401/)
      })

      it('a socket closes within five seconds when its user gets another role, and comes back with that', async () => {
        const token = await logIn(url, 'engineer')
        const headers = { Authorization: `Bearer ${token}` }
        const socket = await DashboardSocket.open(url, headers, transport)
        const began = performance.now()
        await become('engineer', 'viewer')
        try {
          const how = await socket.gone(5_000)
          say(`role engineer → viewer: ${how} after ${Math.round(performance.now() - began)} ms`)
          const again = await DashboardSocket.open(url, headers, transport)
          sockets.push(again)
          assert.equal(await refused(again, 'widget-action', 'atk-button', {}), 'viewer may not send by it')
          assert.equal((await fetch(`${url}/editor/flows`, { headers })).status, 403)
          again.close()
        } finally {
          await become('engineer', 'engineer')
        }
      })
    })
  }

  describe('afterwards', () => {
    it('all that dashboards refused stands in the access log', async () => {
      assert.ok(refusals.size >= 20)
      for (const [subject, why] of refusals) await logged('dashboard_refused', subject, why)
      say(`${refusals.size} kinds of refusals stand in the access log`)
    })
  })

  async function become(username: string, role: Role): Promise<void> {
    const response = await system.nodeRed.admin.fetch(`/api/users/${username}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ role }),
    })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  }

  it("the editor's socket closes within five seconds of a logout too", async () => {
    const token = await logIn(url, 'engineer')
    const socket = new WebSocket(`${url.replace('http', 'ws')}/editor/comms`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    await once(socket, 'open')
    const closed = once(socket, 'close')
    const began = performance.now()
    await fetch(`${url}/editor/auth/revoke`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } })
    await closed
    const tookMs = performance.now() - began
    say(`the editor's WebSocket after logout: closed after ${Math.round(tookMs)} ms`)
    assert.ok(tookMs < 5_000)
    assert.equal((await fetch(`${url}/editor/flows`, { headers: { Authorization: `Bearer ${token}` } })).status, 401)
  })

  it('what widgets last got is shown to nobody at _debug', async () => {
    for (const path of ['datastore/lv-ui-field-overview', 'statestore/atk-button', 'datastore/atk-hidden']) {
      const bare = await fetch(`${url}/dashboard/_debug/${path}`)
      const admin = await system.nodeRed.admin.fetch(`/dashboard/_debug/${path}`)
      say(`/dashboard/_debug/${path}: ${bare.status} without a user, ${admin.status} for an admin`)
      assert.deepEqual([bare.status, admin.status], [401, 404])
    }
  })

  it('a page, a file of it, and what a flow answers need a user', async () => {
    for (const path of [
      '/dashboard',
      '/dashboard/field',
      '/dashboard/_setup',
      '/dashboard/manifest.webmanifest',
      '/atk/headers',
    ]) {
      const bare = await fetch(url + path)
      const html = await fetch(url + path, { headers: { Accept: 'text/html' }, redirect: 'manual' })
      assert.deepEqual([bare.status, html.status], [401, 302], path)
      assert.equal(html.headers.get('location'), `/login?next=${encodeURIComponent(path)}`)
      assert.equal((await new Visitor(url, 'viewer').fetch(path)).status, 200, path)
    }
  })

  it('a flow that answers requests sees no token of who asks', async () => {
    const token = await logIn(url, 'admin')
    for (const headers of [
      { Cookie: `lv_session=${token}; theme=dark` },
      { Authorization: `Bearer ${token}`, 'X-Linha-Viva-Token': token },
    ]) {
      const seen = await (await fetch(`${url}/atk/headers`, { headers })).text()
      assert.ok(!seen.includes(token) && !seen.includes(token.split('.')[2]!), seen)
    }
  })

  it('the editor is closed to viewers and operators, and to nobody who forges its inner header', async () => {
    for (const role of ['viewer', 'operator'] as const)
      for (const path of ['/editor/', '/editor/flows', '/editor/settings', '/editor/context/global']) {
        const { status } = await new Visitor(url, role).fetch(path)
        assert.equal(status, 403, `${role} ${path}`)
      }
    const token = await logIn(url, 'admin')
    for (const headers of [
      { 'X-Linha-Viva-Token': token },
      { Authorization: 'Bearer forged', 'X-Linha-Viva-Token': token },
    ] as Record<string, string>[]) {
      const { status } = await fetch(`${url}/editor/flows`, { headers })
      say(`a good token in the inner header: ${status}`)
      assert.equal(status, 401)
    }
    const asked = await fetch(`${url}/editor/flows?access_token=${token}`)
    say(`a good token in the address: ${asked.status}`)
    assert.equal(asked.status, 401)
    const exchanged = await fetch(`${url}/editor/auth/token`, { method: 'POST' })
    say(`Node-RED's own exchange of a password: ${exchanged.status}`)
    assert.equal(exchanged.status, 401)
  })

  it('a deploy stands in the access log, with who did it', async () => {
    const rows = await waitUntil('the deploy in the access log', async () => {
      const found = await system.database.query<{ username: string; role: string }>(
        "select username, role from access_log where event = 'deploy'",
      )
      return found.length > 0 && found
    })
    assert.deepEqual(rows[0], { username: 'admin', role: 'admin' })
  })
})
