import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTcp, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Aedes } from 'aedes'
import { after, afterEach, before, describe, it } from 'mocha'
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { holdAcknowledgements, type HeldMessage } from './held-acknowledgements.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { freePort } from '../runtime/ports.ts'

interface Broker {
  port: number
  stop(): Promise<void>
}

async function startAedes(): Promise<Broker> {
  const broker = await Aedes.createBroker()
  const server = createServer(broker.handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      await new Promise<void>((resolve) => broker.close(resolve))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const mosquitto = '/usr/sbin/mosquitto'

async function startMosquitto(): Promise<Broker> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-mosquitto-'))
  const file = join(folder, 'mosquitto.conf')
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`)
  const child = spawn(mosquitto, ['-c', file], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  for (let attempt = 0; !(await answers(port)); attempt++) {
    assert.ok(attempt < 200, 'mosquitto does not answer')
    await delay(20)
  }
  return {
    port,
    async stop() {
      child.kill()
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** A subscriber with a session of its own that acknowledges nothing by itself. */
class Subscriber {
  readonly received: (HeldMessage & { text: string })[] = []
  pubacks = 0
  connections = 0
  readonly client: MqttClient

  constructor(port: number, options: IClientOptions, takes: () => Promise<void> = () => Promise.resolve()) {
    this.client = connect({
      ...options,
      host: '127.0.0.1',
      port,
      clean: false,
      resubscribe: false,
      reconnectPeriod: 20,
    })
    holdAcknowledgements(this.client, (message) => {
      this.received.push({ ...message, text: message.payload.toString() })
      return takes()
    })
    this.client.on('connect', () => {
      this.connections++
      this.#countPubacks()
    })
  }

  #countPubacks(): void {
    const { stream } = this.client
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
    stream.write = (bytes: Buffer, ...rest: unknown[]) => {
      // The number of a packet is written by itself, and may begin like a PUBACK: with two bytes it is none.
      if (bytes[0] === 0x40 && bytes.length % 4 === 0) this.pubacks += bytes.length / 4
      return write(bytes, ...rest)
    }
  }

  get texts(): string[] {
    return this.received.map(({ text }) => text)
  }

  acknowledge(...texts: string[]): void {
    for (const text of texts) this.received.find((one) => one.text === text)!.acknowledge()
  }

  async subscribed(): Promise<this> {
    await waitUntil('connected', () => this.connections > 0)
    await this.client.subscribeAsync('grid/#', { qos: 1 })
    return this
  }

  /** As when the cable is pulled: nothing more is said on this connection. */
  cut(): void {
    this.client.stream.destroy()
  }
}

function contract(name: string, start: () => Promise<Broker>, version: 4 | 5): void {
  describe(`held acknowledgements with ${name}, MQTT ${version === 5 ? '5' : '3.1.1'}`, () => {
    let broker: Broker
    let device: MqttClient
    let options: IClientOptions
    const open: Subscriber[] = []
    let sessions = 0

    before(async () => {
      broker = await start()
      device = await connectAsync({ host: '127.0.0.1', port: broker.port })
    })
    after(async () => {
      await device.endAsync()
      await broker.stop()
    })
    afterEach(() => Promise.all(open.splice(0).map(({ client }) => client.endAsync(true))))

    function subscriber(takes?: () => Promise<void>): Subscriber {
      const made = new Subscriber(broker.port, options, takes)
      open.push(made)
      return made
    }
    /** A subscriber with a session that nobody had before. */
    function newSubscriber(takes?: () => Promise<void>): Promise<Subscriber> {
      options = {
        clientId: `telemetry-in-${++sessions}`,
        protocolVersion: version,
        ...(version === 5 && { properties: { sessionExpiryInterval: 600 } }),
      }
      return subscriber(takes).subscribed()
    }
    const publish = async (...texts: string[]) => {
      for (const text of texts) await device.publishAsync('grid/events/meter-1', text, { qos: 1 })
    }
    /**
     * The session's next life: the broker delivers to it exactly these, and then what comes anew. aedes may deliver the
     * two side by side, so the mark is sent last.
     */
    async function assertDelivered(expected: string[]): Promise<void> {
      const next = subscriber()
      await waitUntil('connected again', () => next.connections > 0)
      await waitUntil(`${expected.length} delivered again`, () => next.received.length >= expected.length)
      await publish('mark')
      await waitUntil('the mark', () => next.texts.includes('mark'))
      assert.deepEqual(next.texts, [...expected, 'mark'])
      next.received.forEach((message) => message.acknowledge())
      await next.client.endAsync()
    }

    it('none is sent by itself: message after message arrives without', async () => {
      const one = await newSubscriber()
      await publish('a', 'b', 'c', 'd', 'e')
      await waitUntil('all received', () => one.received.length === 5)
      assert.equal(one.pubacks, 0)
      await one.client.endAsync()
      await assertDelivered(['a', 'b', 'c', 'd', 'e'])
    })

    it('they are sent when told so, in any order, and only those are safe', async () => {
      const one = await newSubscriber()
      await publish('a', 'b', 'c', 'd', 'e')
      await waitUntil('all received', () => one.received.length === 5)
      one.acknowledge('d', 'a', 'e')
      await one.client.endAsync()
      assert.equal(one.pubacks, 3)
      await assertDelivered(['b', 'c'])
      await assertDelivered([])
    })

    it('after a cut the same client receives again what was not acknowledged', async () => {
      const one = await newSubscriber()
      await publish('a', 'b', 'c')
      await waitUntil('all received', () => one.received.length === 3)
      one.acknowledge('b')
      // The broker has the PUBACK once it answers what was said after it.
      await one.client.subscribeAsync('grid/#', { qos: 1 })
      one.cut()
      await waitUntil('received again', () => one.connections === 2 && one.received.length >= 5)
      await publish('mark')
      await waitUntil('the mark', () => one.texts.includes('mark'))
      assert.deepEqual(one.texts, ['a', 'b', 'c', 'a', 'c', 'mark'])
    })

    it('a late one of an old connection does nothing on the new one, nor while there is none', async () => {
      const one = await newSubscriber()
      await publish('a', 'b', 'c')
      await waitUntil('all received', () => one.received.length === 3)
      const [first, second, third] = [...one.received]
      one.cut()
      first!.acknowledge()
      await waitUntil('closed', () => !one.client.connected)
      const written = one.pubacks
      second!.acknowledge()
      await waitUntil('received again', () => one.received.length === 6)
      third!.acknowledge()
      assert.equal(one.pubacks, written)
      await one.client.endAsync()
      await assertDelivered(['a', 'b', 'c'])
    })

    it('the next message is read once the one before was taken', async () => {
      let take: () => void = () => undefined
      const one = await newSubscriber(() => new Promise((resolve) => (take = resolve)))
      await publish('a', 'b')
      await waitUntil('the first', () => one.received.length === 1)
      await delay(50)
      assert.deepEqual(one.texts, ['a'])
      take()
      await waitUntil('the second', () => one.received.length === 2)
      take()
    })

    it('a QoS 0 message has none', async () => {
      const one = await newSubscriber()
      await device.publishAsync('grid/events/meter-1', 'unsafe', { qos: 0 })
      await waitUntil('received', () => one.received.length === 1)
      one.acknowledge('unsafe')
      assert.equal(one.pubacks, 0)
    })
  })
}

contract('aedes', startAedes, 4)
if (existsSync(mosquitto)) {
  contract('mosquitto', startMosquitto, 4)
  contract('mosquitto', startMosquitto, 5)
} else it.skip(`held acknowledgements with mosquitto: there is no ${mosquitto} here`)
