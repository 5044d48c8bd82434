import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import { defineNode, type Behaviour, type LinhaVivaNode } from './define-node.ts'
import { startFlow, type TestFlow } from './flow.fixture.ts'
import { waitUntil } from './waiting.fixture.ts'

interface FeederConfig {
  limitKw: number
  supply: string
}

describe('defineNode', () => {
  let flow: TestFlow

  afterEach(() => flow.stop())

  /** A node under test, between Complete and Catch. */
  async function start(
    build: (config: FeederConfig, node: LinhaVivaNode) => Behaviour,
    given: Record<string, unknown> = {},
    more: { id: string; type: string; [property: string]: unknown }[] = [],
  ): Promise<void> {
    const register = (RED: NodeAPI) => {
      defineNode<FeederConfig>(RED, 'linhaviva-test-feeder', { limitKw: 100, supply: '' }, build)
      defineNode(RED, 'linhaviva-test-supply', { host: '' }, (config, node) => {
        if (config.host === '') throw new Error('host is not set')
        node.offer({ address: config.host })
        return {}
      })
    }
    flow = await startFlow(
      [register],
      [
        ...more,
        { id: 'feeder', type: 'linhaviva-test-feeder', wires: [['out']], ...given },
        { id: 'complete', type: 'complete', scope: ['feeder'], uncaught: false, wires: [['done']] },
        { id: 'out', type: 'helper', wires: [] },
        { id: 'done', type: 'helper', wires: [] },
      ],
    )
  }

  const handlers: [string, Behaviour['onInput'], string | undefined][] = [
    ['returns', () => undefined, undefined],
    ['resolves', async () => sleep(1), undefined],
    [
      'throws',
      () => {
        throw new RangeError('limitKw is -1, not a limit')
      },
      'RangeError: limitKw is -1, not a limit',
    ],
    [
      'rejects',
      async () => {
        await sleep(1)
        throw new Error('limitKw is -1, not a limit')
      },
      'Error: limitKw is -1, not a limit',
    ],
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    ['rejects with a text', () => Promise.reject('no limit'), 'Error: no limit'],
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    ['rejects with nothing', () => Promise.reject(undefined), 'Error: undefined'],
  ]
  for (const [what, onInput, fault] of handlers) {
    it(`is done exactly once with a message whose handler ${what}`, async () => {
      await start(() => ({ onInput: onInput! }))
      flow.send('feeder', { payload: 1 })
      flow.send('feeder', { payload: 2 })
      const [ended, other] = fault === undefined ? ['done', 'caught'] : ['caught', 'done']
      await waitUntil('both messages to be done', () => flow.received(ended!).length >= 2)
      await sleep(20)
      assert.equal(flow.received(ended!).length, 2)
      assert.equal(flow.received(other!).length, 0)
      if (fault !== undefined) assert.deepEqual(flow.errors(), [fault, fault])
    })
  }

  it('hands the message that failed to Catch, and goes on with the next', async () => {
    await start(() => ({
      onInput(msg, send) {
        if (msg.payload === 'bad') throw new Error('payload is "bad"')
        send({ payload: msg.payload })
      },
    }))
    for (const payload of ['one', 'bad', 'two']) flow.send('feeder', { payload })
    await waitUntil('the two good ones', () => flow.received('out').length === 2)
    assert.deepEqual(
      flow.received('out').map(({ payload }) => payload),
      ['one', 'two'],
    )
    const [caught] = flow.received('caught')
    assert.equal(caught!.payload, 'bad')
    assert.equal(caught!.error!.source.id, 'feeder')
  })

  it('gives a property that an older configuration lacks its default', async () => {
    let seen: FeederConfig | undefined
    const build = (config: FeederConfig): Behaviour => ((seen = config), {})
    await start(build, { supply: 'north', limitKw: undefined })
    assert.deepEqual([seen!.limitKw, seen!.supply], [100, 'north'])
    await flow.stop()
    await start(build, { limitKw: 0 })
    assert.deepEqual([seen!.limitKw, seen!.supply], [0, ''])
  })

  it('shows in red that a node cannot be built, and lets the others run', async () => {
    await start(() => {
      throw new Error('limitKw is "much", not a number')
    })
    const status = await flow.showed('feeder', 'limitKw is "much", not a number')
    assert.deepEqual([status.fill, status.shape], ['red', 'ring'])
    flow.send('feeder', { payload: 1 })
    flow.send('out', { payload: 2 })
    await waitUntil('the other node', () => flow.received('out').length === 1)
  })

  it('waits at closing for what the node has to end, and shows nothing after it', async () => {
    const events: string[] = []
    await start((_config, node) => ({
      onInput() {
        node.status.show('green', 'dot', 'first')
        node.status.show('green', 'dot', 'second')
      },
      async onClose() {
        events.push('closing')
        await sleep(50)
        events.push('closed')
      },
    }))
    flow.send('feeder', { payload: 1 })
    await flow.showed('feeder', 'first')
    await flow.stop()
    assert.deepEqual(events, ['closing', 'closed'])
    await sleep(1_100)
    assert.deepEqual(
      flow.statuses('feeder').map(({ text }) => text),
      ['first'],
    )
  })

  it('closes also where ending fails', async () => {
    await start(() => ({ onClose: () => Promise.reject(new Error('connection lost')) }))
    await flow.stop()
  })

  it('reports a fault of its own, without a message, to Catch', async () => {
    let reporter: LinhaVivaNode
    await start((_config, node) => ((reporter = node), {}))
    reporter!.reportError(new Error('broker is gone'))
    await waitUntil('the error', () => flow.errors().length === 1)
    assert.deepEqual(flow.errors(), ['broker is gone'])
  })

  const supplyOf = (config: FeederConfig, node: LinhaVivaNode): Behaviour => {
    const { address } = node.configNode<{ address: string }>('supply', config.supply)
    node.status.show('green', 'dot', address)
    return {}
  }

  it('finds its configuration node', async () => {
    await start(supplyOf, { supply: 's' }, [{ id: 's', type: 'linhaviva-test-supply', host: 'north' }])
    await flow.showed('feeder', 'north')
  })

  it('keeps credentials, and what a configuration node offers, off the node that others can get', async () => {
    let itself: object | undefined
    let given: string | undefined
    const register = (RED: NodeAPI) =>
      defineNode(
        RED,
        'linhaviva-test-keeper',
        {},
        (_config, node, self) => {
          given = node.credentials['password']
          node.offer({ connection: `with ${given}` })
          itself = self
          return {}
        },
        { credentials: { password: { type: 'password' } } },
      )
    flow = await startFlow([register], [{ id: 'keeper', type: 'linhaviva-test-keeper' }], {
      keeper: { password: 'of-the-keeper' },
    })
    assert.equal(given, 'of-the-keeper')
    assert.deepEqual(flow.node('keeper'), { connection: 'with of-the-keeper' })

    const seen = inspect(itself, { depth: 12, showHidden: true, maxArrayLength: null, maxStringLength: null })
    assert.match(seen, /linhaviva-test-keeper/)
    assert.doesNotMatch(seen, /of-the-keeper/)
  })

  for (const [what, supply, more, fault] of [
    ['not set', '', [], 'supply is not set'],
    ['not there', 's', [], 'supply is "s", which is not in the flows'],
    [
      'broken itself',
      's',
      [{ id: 's', type: 'linhaviva-test-supply', name: 'North' }],
      'supply "North" does not work: host is not set',
    ],
  ] as const) {
    it(`says by field that its configuration node is ${what}`, async () => {
      await start(supplyOf, { supply }, [...more])
      await flow.showed('feeder', fault)
    })
  }
})
