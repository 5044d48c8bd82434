import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { WebSocket } from 'ws'
import { type EmbeddedBroker, type EmbeddedBrokerOptions, startEmbeddedBroker } from './embedded-broker.ts'

describe('embedded broker', function () {
  this.timeout(60_000)
  let broker: EmbeddedBroker
  const clients: MqttClient[] = []

  async function start(options: Partial<EmbeddedBrokerOptions> = {}): Promise<void> {
    broker = await startEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      webSocketPort: 0,
      access: 'everybody',
      ...options,
    })
  }
  async function client(options: IClientOptions = {}, url = `mqtt://127.0.0.1:${broker.port}`): Promise<MqttClient> {
    const connected = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5_000, ...options }, false)
    connected.on('error', () => undefined)
    clients.push(connected)
    return connected
  }
  /** The payloads that come in until a message on the topic 'end' does. */
  async function until(receiver: MqttClient): Promise<string[]> {
    const payloads: string[] = []
    await new Promise<void>((resolve) =>
      receiver.on('message', (topic, payload) => (topic === 'end' ? resolve() : payloads.push(payload.toString()))),
    )
    return payloads
  }

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((connected) => connected.endAsync(true)))
    await broker.stop()
  })

  it('carries messages from TCP to WebSocket', async () => {
    await start()
    const receiver = await client({}, `ws://127.0.0.1:${broker.webSocketPort}`)
    await receiver.subscribeAsync(['a/+', 'end'], { qos: 1 })
    const received = until(receiver)
    const sender = await client()
    await sender.publishAsync('a/b', 'one', { qos: 1 })
    await sender.publishAsync('end', '', { qos: 1 })
    assert.deepEqual(await received, ['one'])
  })

  it('keeps for an absent session what fits its queue, in order, and counts the rest', async () => {
    await start({ limits: { queuedPerSession: 10 } })
    const session = { clientId: 'absent', clean: false }
    const first = await client(session)
    await first.subscribeAsync(['field/#', 'end'], { qos: 1 })
    await first.endAsync()
    const sender = await client()
    for (let number = 1; number <= 25; number++) await sender.publishAsync('field/x', String(number), { qos: 1 })
    await condition(() => broker.refused.queued === 15)
    const again = await receiving(session)
    await condition(() => again.payloads.length >= 10)
    // What was acknowledged makes room.
    await sender.publishAsync('end', '', { qos: 1 })
    await condition(() => again.topics.includes('end'))
    assert.deepEqual(again.payloads.slice(0, 10), ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
    assert.equal(broker.refused.queued, 15)
  })

  it('does not send again what was acknowledged', async () => {
    await start()
    const session = { clientId: 'returning', clean: false }
    const first = await receiving(session)
    await first.client.subscribeAsync('field/#', { qos: 1 })
    const sender = await client()
    for (const payload of ['1', '2', '3']) await sender.publishAsync('field/x', payload, { qos: 1 })
    await condition(() => first.payloads.length === 3)
    await first.client.endAsync()
    const second = await receiving(session)
    await sender.publishAsync('field/x', '4', { qos: 1 })
    await condition(() => second.payloads.includes('4'))
    assert.deepEqual(second.payloads, ['4'])
  })

  it('forgets the queue of a session that is given up', async () => {
    await start({ limits: { queuedBytes: 100 } })
    const sender = await client()
    for (let round = 0; round < 3; round++) {
      const session = await client({ clientId: 'given-up', clean: false })
      await session.subscribeAsync('field/#', { qos: 1 })
      await session.endAsync()
      await sender.publishAsync('field/x', 'x'.repeat(80), { qos: 1 })
      await (await client({ clientId: 'given-up', clean: true })).endAsync()
    }
    assert.equal(broker.refused.queued, 0)
  })

  it('bounds retained messages, and makes room when one is emptied', async () => {
    await start({ limits: { retainedTopics: 2 } })
    const sender = await client()
    for (const topic of ['r/1', 'r/2', 'r/3']) await sender.publishAsync(topic, 'x', { qos: 1, retain: true })
    await condition(() => broker.refused.retained === 1)
    await sender.publishAsync('r/1', '', { qos: 1, retain: true })
    await sender.publishAsync('r/4', 'x', { qos: 1, retain: true })
    const reader = await client()
    const topics: string[] = []
    reader.on('message', (topic) => topics.push(topic))
    await reader.subscribeAsync('r/#', { qos: 1 })
    await condition(() => topics.length === 2)
    assert.deepEqual(topics.sort(), ['r/2', 'r/4'])
  })

  it('cuts off who sends a packet that is too large, and serves the others', async () => {
    await start({ limits: { payloadBytes: 1_000 } })
    const large = await client()
    const closed = new Promise<void>((resolve) => large.once('close', () => resolve()))
    large.publish('a', Buffer.alloc(200_000), { qos: 1 }, () => undefined)
    await closed
    assert.equal(broker.refused.oversized, 1)
    await (await client()).publishAsync('a', 'small', { qos: 1 })
  })

  it('survives bytes that are no MQTT', async () => {
    await start()
    const socket = connectSocket(broker.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.end('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    await (await client()).publishAsync('a', 'still there', { qos: 1 })
  })

  it('refuses the pages of other sites', async () => {
    await start()
    const url = `ws://127.0.0.1:${broker.webSocketPort}`
    const foreign = new WebSocket(url, ['mqtt'], { origin: 'https://evil.example' })
    const [error] = (await once(foreign, 'error')) as [Error]
    assert.match(error.message, /401/)
    const own = new WebSocket(url, ['mqtt'], { origin: 'http://localhost:1880' })
    await once(own, 'open')
    own.terminate()
  })

  /** A client that listens from the first packet on: a session's queue comes before anybody could attach a listener. */
  async function receiving(
    options: IClientOptions,
  ): Promise<{ client: MqttClient; payloads: string[]; topics: string[] }> {
    const connected = connect(`mqtt://127.0.0.1:${broker.port}`, { ...options, reconnectPeriod: 0 })
    clients.push(connected)
    const payloads: string[] = []
    const topics: string[] = []
    connected.on('message', (topic, payload) => {
      topics.push(topic)
      payloads.push(payload.toString())
    })
    await new Promise<void>((resolve) => connected.once('connect', () => resolve()))
    return { client: connected, payloads, topics }
  }
})

async function condition(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, `in vain waited for ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
