import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { connectAsync } from 'mqtt'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { freePort } from '../../platform/runtime/ports.ts'
import { Broker, type Deed } from './broker.fixture.ts'
import { SparkplugHost } from './sparkplug-host.ts'
import { decodePayload } from './sparkplug-payload.ts'

const topic = 'spBv1.0/STATE/linha-viva'
const stateOf = ({ payload }: Deed) => JSON.parse(payload!) as { online: boolean; timestamp: number }

describe('a Sparkplug host application', function () {
  this.timeout(30_000)
  let port: number
  let broker: Broker
  let host: SparkplugHost | undefined
  /** Never the same twice: whatever has the same instant was made of one. */
  let now = 1_795_186_800_000
  const clock = { now: () => ++now }
  let seen: string[]

  beforeEach(async () => {
    seen = []
    port = await freePort()
    broker = await Broker.start(port)
  })
  afterEach(async () => {
    await host?.close()
    await broker.stop()
    host = undefined
  })

  function start(more: { group?: string; protocolVersion?: 4 | 5; port?: number } = {}): SparkplugHost {
    const { group = '+', protocolVersion = 4 } = more
    const client = { clientId: 'the-host', protocolVersion, reconnectPeriod: 50 }
    const options = { url: `mqtt://127.0.0.1:${more.port ?? port}`, client, hostId: 'linha-viva', group }
    return (host = new SparkplugHost(
      options,
      {
        onMessage: (name) => (seen.push(name), Promise.resolve()),
        onOnline: () => seen.push('online'),
        onOffline: (reason) => seen.push(`offline ${reason ?? ''}`.trim()),
      },
      clock,
    ))
  }
  const births = () => broker.deedsOf('the-host').filter((deed) => deed.what === 'publish' && stateOf(deed).online)
  const online = (count = 1) => waitUntil(`birth ${count}`, () => births().length >= count && births())

  it('connects with a clean session (tck-id-message-flow-phid-sparkplug-clean-session-311)', async () => {
    start()
    await online()
    assert.equal(broker.deedsOf('the-host')[0]!.clean, true)
  })

  it('of MQTT 5 begins anew and leaves nothing behind (tck-id-message-flow-phid-sparkplug-clean-session-50)', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    start({ protocolVersion: 5, port: (server.address() as AddressInfo).port })
    const [socket] = await waitUntil('the connection', () => sockets.length > 0 && sockets)
    const [packet] = (await once(socket!, 'data')) as [Buffer]
    // Fixed header, then the name MQTT, the level, the flags, the time to keep alive, the properties.
    const level = packet.indexOf('MQTT') + 4
    const [flags, propertyLength] = [packet[level + 1]!, packet[level + 4]!]
    const sessionExpiryInterval = 0x11
    assert.equal(packet[level], 5)
    assert.equal(flags & 0b10, 0b10, 'clean start')
    assert.ok(!packet.subarray(level + 5, level + 5 + propertyLength).includes(sessionExpiryInterval))
    await host!.close()
    host = undefined
    for (const one of sockets) one.destroy()
    server.close()
  })

  it('has a Will that says offline, retained, with QoS 1 (tck-id-host-topic-phid-death-required, tck-id-host-topic-phid-death-topic, tck-id-host-topic-phid-death-qos, tck-id-host-topic-phid-death-retain, tck-id-operational-behavior-host-application-connect-will, tck-id-operational-behavior-host-application-connect-will-topic, tck-id-operational-behavior-host-application-connect-will-qos, tck-id-operational-behavior-host-application-connect-will-retained, tck-id-payloads-state-will-message, tck-id-payloads-state-will-message-qos, tck-id-payloads-state-will-message-retain)', async () => {
    const before = now
    start()
    await online()
    const will = broker.deedsOf('the-host')[0]!
    assert.deepEqual([will.what, will.topic, will.qos, will.retain], ['connect', topic, 1, true])
    const { online: said, timestamp } = stateOf(will)
    assert.equal(said, false, 'tck-id-operational-behavior-host-application-connect-will-payload')
    assert.ok(timestamp > before && timestamp <= now)
  })

  it('its Will has the instant of the connection (tck-id-host-topic-phid-death-payload-timestamp-connect, tck-id-operational-behavior-host-application-connect-will-payload, tck-id-payloads-state-will-message-payload)', async () => {
    start()
    await online()
    assert.deepEqual(Object.keys(stateOf(broker.deedsOf('the-host')[0]!)), ['online', 'timestamp'])
  })

  it('listens before it speaks, and says first that it is online (tck-id-message-flow-phid-sparkplug-subscription, tck-id-message-flow-phid-sparkplug-state-publish, tck-id-host-topic-phid-birth-sub-required, tck-id-host-topic-phid-birth-required, tck-id-host-topic-phid-birth-message, tck-id-payloads-state-subscribe, tck-id-payloads-state-birth, tck-id-operational-behavior-host-application-connect-birth, tck-id-principles-birth-certificates-order)', async () => {
    start()
    await online()
    assert.deepEqual(
      broker.deedsOf('the-host').map(({ what, topic: about }) => [what, about]),
      [
        ['connect', topic],
        ['subscribe', 'spBv1.0/+/#'],
        ['subscribe', topic],
        ['publish', topic],
      ],
    )
    await waitUntil('its word', () => seen.includes('online'))
  })

  it('its birth is retained, with QoS 1 and the instant of its Will (tck-id-host-topic-phid-birth-qos, tck-id-host-topic-phid-birth-retain, tck-id-host-topic-phid-birth-payload-timestamp, tck-id-message-flow-phid-sparkplug-state-publish-payload, tck-id-message-flow-phid-sparkplug-state-publish-payload-timestamp, tck-id-operational-behavior-host-application-connect-birth-topic, tck-id-operational-behavior-host-application-connect-birth-payload, tck-id-operational-behavior-host-application-connect-birth-qos, tck-id-operational-behavior-host-application-connect-birth-retained, tck-id-payloads-state-birth-payload)', async () => {
    start()
    const [birth] = await online()
    assert.deepEqual([birth!.topic, birth!.qos, birth!.retain], [topic, 1, true])
    assert.deepEqual(stateOf(birth!), { online: true, timestamp: stateOf(broker.deedsOf('the-host')[0]!).timestamp })
  })

  it('says so again at once when somebody says that it is offline (tck-id-message-flow-hid-sparkplug-state-message-delivered)', async () => {
    start()
    const [first] = await online()
    const somebody = await connectAsync(`mqtt://127.0.0.1:${port}`)
    await somebody.publishAsync('spBv1.0/STATE/another', '{"online":false,"timestamp":1}', { qos: 1, retain: true })
    await somebody.publishAsync(topic, '{"online":false,"timestamp":1}', { qos: 1, retain: true })
    const [, second] = await online(2)
    assert.deepEqual(stateOf(second!), stateOf(first!))
    await somebody.endAsync()
    assert.equal(births().length, 2)
    assert.ok(!seen.includes(topic), 'which is no message for the session')
  })

  it('connected again, it has a new Will and is born anew, before anything else (tck-id-operational-behavior-primary-application-state-with-multiple-servers-state)', async () => {
    start()
    const [first] = await online()
    broker.breakConnections()
    const [, second] = await online(2)
    // Its own Will, which the broker retained, may make it say so once more.
    const since = broker.deedsOf('the-host').slice(4, 8)
    assert.deepEqual(
      since.map(({ what }) => what),
      ['connect', 'subscribe', 'subscribe', 'publish'],
    )
    assert.ok(stateOf(second!).timestamp > stateOf(first!).timestamp)
    assert.equal(stateOf(since[0]!).timestamp, stateOf(second!).timestamp)
    await waitUntil('its word', () => seen.filter((word) => word === 'online').length === 2)
    assert.ok(seen.indexOf('offline') > 0)
  })

  it('says that it goes before it goes: retained, with QoS 1, by the time of going (tck-id-host-topic-phid-death-payload-timestamp-disconnect-clean, tck-id-operational-behavior-host-application-termination, tck-id-operational-behavior-host-application-death-topic, tck-id-operational-behavior-host-application-death-payload, tck-id-operational-behavior-host-application-death-qos, tck-id-operational-behavior-host-application-death-retained, tck-id-operational-behavior-host-application-disconnect-intentional)', async () => {
    start()
    const [birth] = await online()
    await host!.close()
    const farewell = broker.deedsOf('the-host').at(-1)!
    assert.deepEqual([farewell.what, farewell.topic, farewell.qos, farewell.retain], ['publish', topic, 1, true])
    assert.equal(stateOf(farewell).online, false)
    assert.ok(stateOf(farewell).timestamp > stateOf(birth!).timestamp)
    assert.deepEqual(broker.wills, [], 'it went in order: its Will was not needed')
    host = undefined
  })

  it('is known to be offline when it is killed (tck-id-intro-sparkplug-host-state, tck-id-components-ph-state, tck-id-conformance-primary-host)', async () => {
    start()
    await online()
    broker.breakConnections()
    await waitUntil('its Will', () => broker.wills.includes(topic))
  })

  it('asks for births by NCMD, with QoS 0 and not retained (tck-id-operational-behavior-data-commands-ncmd-rebirth-verb, tck-id-operational-behavior-data-commands-ncmd-verb, tck-id-topics-ncmd-mqtt, tck-id-payloads-ncmd-qos, tck-id-payloads-ncmd-retain)', async () => {
    start()
    await online()
    host!.requestRebirth({ group: 'plant', edgeNode: 'edge' })
    const request = await waitUntil('the request', () =>
      broker.deeds.find(({ what, topic: about }) => what === 'publish' && about === 'spBv1.0/plant/NCMD/edge'),
    )
    assert.deepEqual([request.qos, request.retain], [0, false])
    const payload = decodePayload(request.bytes!, 100)
    assert.ok('metrics' in payload && payload.metrics[0]?.value === true)
  })

  it('takes every message of the namespace, and of its group only', async () => {
    start({ group: 'plant' })
    await online()
    const edge = await connectAsync(`mqtt://127.0.0.1:${port}`)
    for (const name of ['spBv1.0/other/NDATA/edge', 'spBv1.0/plant/NDATA/edge']) await edge.publishAsync(name, 'x')
    await waitUntil('the message', () => seen.includes('spBv1.0/plant/NDATA/edge'))
    await edge.endAsync()
    assert.ok(!seen.includes('spBv1.0/other/NDATA/edge'))
  })

  it('names what the broker refuses, and does not say that it is online', async () => {
    await broker.stop()
    broker = await Broker.start(port, {
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, subscription.topic === topic ? subscription : null),
    })
    start()
    await waitUntil('the refusal', () => seen.includes('offline the broker refuses spBv1.0/+/#'))
    assert.deepEqual(births(), [])
  })

  it('closes although the broker answers nothing any more', async () => {
    await broker.stop()
    broker = await Broker.start(port, {
      authorizePublish: (_client, packet, done) => {
        if (!String(packet.payload).includes('"online":false')) done(null)
      },
    })
    start()
    await online()
    let closed = false
    void host!.close().then(() => (closed = true))
    host = undefined
    await waitUntil('the end', () => closed)
  })

  it('closes in order although an earlier connection broke off before its birth was answered', async () => {
    await broker.stop()
    let heard = 0
    broker = await Broker.start(port, {
      authorizePublish: (_client, _packet, done) => {
        if (heard++ > 0) done(null)
      },
    })
    start()
    await waitUntil('the birth', () => heard > 0)
    broker.breakConnections()
    await online()
    let closed = false
    void host!.close().then(() => (closed = true))
    host = undefined
    await waitUntil('the end', () => closed)
    assert.equal(stateOf(broker.deedsOf('the-host').at(-1)!).online, false)
  })

  it('closes at once while there is no broker', async () => {
    await broker.stop()
    start()
    await waitUntil('an attempt', () => seen.some((word) => /ECONNREFUSED/.test(word)))
    const since = performance.now()
    await host!.close()
    assert.ok(performance.now() - since < 3_000)
    host = undefined
    broker = await Broker.start(port)
  })
})
