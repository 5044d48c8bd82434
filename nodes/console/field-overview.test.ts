import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Node, NodeAPI, NodeDef } from 'node-red'
import type { WidgetMessage } from './dashboard.ts'
import register from './field-overview.ts'
import { calmOverview } from './overview.fixture.ts'

/** node-red-node-test-helper brings no types. */
interface Helper {
  init(runtime: string): void
  startServer(done: () => void): void
  stopServer(done: () => void): void
  load(registrations: unknown[], flow: object[]): Promise<void>
  unload(): Promise<void>
  getNode(id: string): {
    receive(message: object): void
    once(event: 'input', listener: (message: unknown) => void): void
  }
}
const require = createRequire(import.meta.url)
const nodeRed = require.resolve('node-red')
const helper = require('node-red-node-test-helper') as Helper

interface Page {
  sent: { event: string; message: WidgetMessage<{ readingsPerSecond: number }> }[]
  kept: WidgetMessage<object> | undefined
  inputsHeard: number
  properties: Record<string, unknown>
  handlers: Record<string, (...heard: unknown[]) => unknown>
}

/** Stands in for Dashboard's ui-group: notes what the widget gives it. */
function fakeGroup(page: Page): (RED: NodeAPI) => void {
  return (RED) => {
    function Group(this: Node & Record<string, unknown>, config: NodeDef): void {
      RED.nodes.createNode(this, config)
      this['register'] = (widget: Node, properties: Page['properties'], handlers: Page['handlers']) => {
        Object.assign(page, { properties, handlers })
        widget.on('input', () => void page.inputsHeard++)
      }
      this['getBase'] = () => ({
        emit: (event: string, message: Page['sent'][number]['message']) => page.sent.push({ event, message }),
        stores: {
          data: { save: (_base: unknown, _node: unknown, message: WidgetMessage<object>) => (page.kept = message) },
        },
      })
    }
    RED.nodes.registerType('ui-group', Group)
  }
}

const flow = [
  { id: 'tab', type: 'tab' },
  { id: 'group', type: 'ui-group', z: 'tab' },
  { id: 'widget', type: 'linhaviva-ui-field-overview', z: 'tab', group: 'group', wires: [], width: 12, x: 1, y: 1 },
  { id: 'catch', type: 'catch', z: 'tab', scope: ['widget'], wires: [['caught']], x: 1, y: 1 },
  { id: 'caught', type: 'helper', z: 'tab', x: 1, y: 1 },
]

describe('linhaviva-ui-field-overview', () => {
  let page: Page

  before((done) => {
    helper.init(nodeRed)
    helper.startServer(done)
  })
  after((done) => void helper.stopServer(done))

  beforeEach(async () => {
    page = { sent: [], kept: undefined, inputsHeard: 0, properties: {}, handlers: {} }
    await helper.load([fakeGroup(page), register], flow)
  })
  afterEach(() => helper.unload())

  it('sends topic, payload and time, and keeps them for pages opened later', async () => {
    const payload = calmOverview(Date.now())
    helper.getNode('widget').receive({ topic: 'overview', payload, token: 'secret', enabled: false })
    await sleep(50)
    const { event, message } = page.sent[0]!
    assert.equal(event, 'msg-input:widget')
    assert.deepEqual(Object.keys(message), ['topic', 'payload', 'sentAt'])
    assert.deepEqual(message.payload, payload)
    assert.equal(page.kept, message)
  })

  it('updates a page once a second, with the newest', async () => {
    for (let rate = 1; rate <= 200; rate++)
      helper.getNode('widget').receive({ payload: { ...calmOverview(0), readingsPerSecond: rate } })
    await sleep(1300)
    assert.deepEqual(
      page.sent.map(({ message }) => message.payload.readingsPerSecond),
      [1, 200],
    )
  })

  it('gives Dashboard no ear for its input, and only what the page needs to know', () => {
    helper.getNode('widget').receive({ payload: calmOverview(0) })
    assert.equal(page.inputsHeard, 0)
    assert.deepEqual(Object.keys(page.properties).sort(), [
      'className',
      'group',
      'height',
      'id',
      'order',
      'type',
      'width',
    ])
  })

  it('ignores what browsers say', () => {
    assert.deepEqual(Object.keys(page.handlers).sort(), ['onChange', 'onSend'])
    for (const handler of Object.values(page.handlers)) assert.equal(handler({ payload: 'from a browser' }), undefined)
    assert.equal(page.sent.length, 0)
    assert.equal(page.kept, undefined)
  })

  it('sends what is not an overview to Catch, naming field and value', async () => {
    const caught = new Promise<{ error: { message: string } }>((resolve) =>
      helper.getNode('caught').once('input', (message: unknown) => resolve(message as { error: { message: string } })),
    )
    helper.getNode('widget').receive({ payload: { ...calmOverview(0), lagMs: 'slow' } })
    assert.match((await caught).error.message, /payload\.lagMs must be a number, found "slow"/)
    assert.equal(page.sent.length, 0)
  })

  it('sends nothing after it was closed', async () => {
    const widget = helper.getNode('widget')
    widget.receive({ payload: calmOverview(0) })
    widget.receive({ payload: calmOverview(1) })
    await sleep(20)
    await helper.unload()
    await sleep(1200)
    assert.equal(page.sent.length, 1)
  })
})
