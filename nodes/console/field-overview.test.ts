import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { emptyPage, fakeGroup, helper, nodeRed, type Page } from './dashboard-group.fixture.ts'
import register from './field-overview.ts'
import { calmOverview } from './overview.fixture.ts'

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
    page = emptyPage()
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
