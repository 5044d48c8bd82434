import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { Aedes, type AedesOptions } from 'aedes'
import { afterEach, describe, it } from 'mocha'
import { TestBroker, until } from './broker.fixture.ts'
import { ReplayPublisher } from './replay-publisher.ts'

/** Messages on their way, at most. */
const most = 1_000

describe('the connection of a replay', () => {
  const stopping = new AbortController()
  const endings: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const end of endings.splice(0).toReversed()) await end()
  })

  async function brokerWith(options: AedesOptions): Promise<string> {
    const broker = await Aedes.createBroker({ concurrency: 2 * most, ...options })
    const server: Server = createServer(broker.handle).listen(0, '127.0.0.1')
    await once(server, 'listening')
    endings.push(
      () => new Promise<void>((resolve) => server.close(() => resolve())),
      () => new Promise<void>((resolve) => broker.close(resolve)),
    )
    return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const message = { topic: 'a/b', payload: '{}', retain: false }

  it('waits for room while the broker does not acknowledge, and for the last acknowledgement', async () => {
    const held: (() => void)[] = []
    let holds = true
    const url = await brokerWith({
      authorizePublish: (_client, _packet, done) => (holds ? void held.push(() => done(null)) : done(null)),
    })
    const publisher = await ReplayPublisher.connect({ url }, 'm-1', stopping.signal, () => undefined)
    for (let n = 1; n < most; n++) await publisher.send(message)
    let hasRoom = false
    const last = publisher.send(message).then(() => (hasRoom = true))
    await until('the first to arrive', () => held.length > 0)
    assert.equal(hasRoom, false)
    let isClosed = false
    const closed = publisher.close(0).then(() => (isClosed = true))
    held.shift()!()
    await last
    assert.equal(isClosed, false)
    holds = false
    for (const acknowledge of held) acknowledge()
    await closed
    assert.equal(publisher.refused, 0)
  })

  it('stopped, gives up what the broker does not acknowledge, and counts it', async () => {
    const url = await brokerWith({ authorizePublish: () => undefined })
    const stop = new AbortController()
    const publisher = await ReplayPublisher.connect({ url }, 'm-1', stop.signal, () => undefined)
    for (let n = 1; n < most; n++) await publisher.send(message)
    const waiting = publisher.send(message)
    stop.abort()
    await waiting
    await publisher.close(20)
    assert.equal(publisher.refused, most)
  })

  it('goes over WebSocket too', async () => {
    const broker = new TestBroker('websocket')
    await broker.start()
    endings.push(() => broker.stop())
    const publisher = await ReplayPublisher.connect(broker, 'm-1', stopping.signal, assert.fail)
    await publisher.send(message)
    await publisher.close(0)
    assert.equal(publisher.refused, 0)
  })

  it('says who does not let it in', async () => {
    const url = await brokerWith({ authenticate: (_client, _user, _password, done) => done(null, false) })
    await assert.rejects(ReplayPublisher.connect({ url }, 'm-1', stopping.signal, assert.fail), {
      message: /^mqtt:\/\/127.0.0.1:\d+ cannot be reached: Connection refused: /,
    })
  })
})
