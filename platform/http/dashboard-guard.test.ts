import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { after, before, describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import type { AccessEntry } from '../access/access.ts'
import { TestDoor } from './front-door.fixture.ts'
import { admitSocket, dashboardsOf, guardDashboard, tellWhoSends, type DashboardSocket } from './dashboard-guard.ts'
import type { Shown } from './dashboard-rights.ts'

const shown: Shown = {
  pages: new Map([['page', {}]]),
  groups: new Map([['group', { page: 'page' }]]),
  widgets: new Map([
    ['button', { type: 'ui-button', props: { group: 'group' } }],
    ['secret', { type: 'ui-text', props: { group: 'group', className: 'see-administer' } }],
  ]),
}
const config = {
  dashboards: {},
  pages: Object.fromEntries(shown.pages),
  groups: Object.fromEntries(shown.groups),
  widgets: Object.fromEntries(shown.widgets),
}

/** As socket.io would: what it sends, and what it does with what it hears. */
class TestSocket implements DashboardSocket {
  readonly id = 'socket-1'
  readonly request: IncomingMessage
  readonly handshake: { address: string; xdomain: boolean }
  readonly conn = Object.assign(new EventEmitter(), { close: () => void (this.closed = true) })
  readonly sent: unknown[][] = []
  closed = false
  disconnected = false
  #middleware: ((packet: unknown[], next: () => void) => void) | undefined

  constructor(request: IncomingMessage, xdomain = false) {
    this.request = request
    this.handshake = { address: '127.0.0.1', xdomain }
  }
  use(middleware: (packet: unknown[], next: () => void) => void): void {
    this.#middleware = middleware
  }
  emit(event: string, ...args: unknown[]): boolean {
    this.sent.push([event, ...args])
    return true
  }
  disconnect(): void {
    this.disconnected = true
  }
  /** What reaches Dashboard of what the browser says; undefined if nothing. */
  hear(...packet: unknown[]): unknown[] | undefined {
    let heard: unknown[] | undefined
    this.#middleware!(packet, () => (heard = packet))
    return heard
  }
}

describe('the guard of the dashboard', () => {
  const refused: AccessEntry[] = []
  let door: TestDoor
  let request: IncomingMessage
  before(async () => {
    door = await TestDoor.open((given, response) => {
      request = given
      response.end()
    })
  })
  after(() => {
    guardDashboard(undefined)
    door.close()
  })

  async function admit(
    role: string | undefined,
    { xdomain = false, path = '/dashboard/x?transport=polling' } = {},
  ): Promise<{ socket: TestSocket; error: Error | undefined }> {
    await door.ask(path, role === undefined ? {} : { authorization: `Bearer ${role}` })
    const socket = new TestSocket(request, xdomain)
    let error: Error | undefined
    admitSocket(socket, (given) => (error = given))
    return { socket, error }
  }

  it('lets nobody in before it knows what the dashboards show', async () => {
    guardDashboard(undefined)
    const { socket, error } = await admit('admin')
    assert.equal(error?.message, 'not yet')
    assert.ok(socket.closed)
    guardDashboard({ connections: door.connections, refused: (entry) => refused.push(entry), shown: () => shown })
  })

  for (const [what, role, options, why] of [
    ['somebody who is not logged in', undefined, {}, 'not logged in'],
    [
      'who begins with a WebSocket, as no page does',
      'admin',
      { path: '/dashboard/x?EIO=4&transport=websocket' },
      'opened by a page of another site',
    ],
    ['a page of another site', 'admin', { xdomain: true }, 'opened by a page of another site'],
  ] as const)
    it(`does not let in ${what}`, async () => {
      const { socket, error } = await admit(role, options)
      assert.equal(error?.message, why)
      assert.ok(socket.closed)
      assert.deepEqual([refused.at(-1)!.event, refused.at(-1)!.detail], ['dashboard_refused', why])
      assert.equal(socket.hear, TestSocket.prototype.hear)
    })

  it('passes on what a role may send, but for what only the server can know', async () => {
    const { socket, error } = await admit('operator')
    assert.equal(error, undefined)
    const forged = { username: 'admin', role: 'admin', socketId: 'of-another' }
    assert.deepEqual(
      socket.hear('widget-action', 'button', {
        payload: { _client: 'is data here' },
        topic: 't',
        ...{ _client: forged, ui_update: { className: '' }, visible: true, enabled: true, class: 'x' },
      }),
      ['widget-action', 'button', { payload: { _client: 'is data here' }, topic: 't' }],
    )
    assert.deepEqual(socket.hear('widget-send', 'button', [[{ payload: 1, _client: forged }], 'text', 7]), [
      'widget-send',
      'button',
      [[{ payload: 1 }], 'text', 7],
    ])
    assert.deepEqual(socket.hear('widget-change', 'button', 'on'), ['widget-change', 'button', 'on'])
    assert.deepEqual(socket.hear('widget-load', 'button'), ['widget-load', 'button'])
  })

  it('tells flows who sends, whatever the browser says of itself', async () => {
    const { socket } = await admit('operator')
    assert.deepEqual(tellWhoSends(socket, { payload: 1, _client: { username: 'admin', tenant: 'x' } }), {
      payload: 1,
      _client: { username: 'operator', role: 'operator', sessionId: 'session-of-operator' },
    })
    assert.deepEqual(tellWhoSends({}, { _client: { username: 'admin' } }), { _client: {} })
  })

  it('drops the rest, says so to the browser, and keeps it', async () => {
    const { socket } = await admit('viewer')
    for (const [event, id, why] of [
      ['widget-action', 'button', 'viewer may not send by it'],
      ['widget-send', 'inject-1', 'is no widget of a dashboard'],
      ['widget-load', 'secret', 'viewer may not see it'],
    ] as const) {
      assert.equal(socket.hear(event, id, { payload: 1 }), undefined)
      assert.deepEqual(socket.sent.at(-1), ['linhaviva-refused', `${event} ${id}`, why])
      const { identity, subject, detail } = refused.at(-1)!
      assert.deepEqual([identity?.username, subject, detail], ['viewer', `${event} ${id}`, why])
    }
  })

  it('tells a browser of what its user may see, and nothing else', async () => {
    const { socket } = await admit('viewer')
    socket.emit('ui-config', 'base', config)
    assert.deepEqual(Object.keys((socket.sent.at(-1)![2] as typeof config).widgets), ['button'])
    const { length } = socket.sent
    for (const event of ['msg-input', 'widget-load', 'widget-sync']) socket.emit(`${event}:secret`, { payload: 'x' })
    assert.equal(socket.sent.length, length)
    socket.emit('msg-input:button', { payload: 1, _client: { username: 'ana', socketIp: '10.0.0.1' } })
    assert.equal(JSON.stringify(socket.sent.at(-1)), '["msg-input:button",{"payload":1}]')
    const admin = (await admit('admin')).socket
    admin.emit('msg-input:secret', { payload: 'x' })
    assert.deepEqual(admin.sent, [['msg-input:secret', { payload: 'x' }]])
  })

  it('closes with the session, and forgets what is closed', async () => {
    const { socket } = await admit('engineer')
    const before = door.connections.size
    door.endSession('session-of-engineer')
    assert.ok(socket.disconnected)
    socket.conn.emit('close')
    assert.equal(door.connections.size, before - 1)
  })

  it('knows what all dashboards show, also after a deploy', () => {
    const events = new EventEmitter()
    const flows = new Map<string, { id: string; type: string; ui?: Shown }>([
      ['base', { id: 'base', type: 'ui-base', ui: shown }],
      ['function', { id: 'function', type: 'function' }],
    ])
    const dashboards = dashboardsOf({
      events,
      nodes: {
        eachNode: (each: (node: unknown) => void) => flows.forEach((node) => each(node)),
        getNode: (id: string) => flows.get(id) ?? null,
      },
    } as unknown as NodeAPI)
    assert.deepEqual([...dashboards().widgets.keys()], ['button', 'secret'])
    const other = { ...shown, widgets: new Map([['other', { type: 'ui-text', props: {} }]]) }
    flows.set('second', { id: 'second', type: 'ui-base', ui: other })
    events.emit('flows:starting')
    assert.deepEqual([...dashboards().widgets.keys()], ['button', 'secret', 'other'])
    flows.delete('base')
    assert.deepEqual([...dashboards().widgets.keys()], ['other'])
  })
})
