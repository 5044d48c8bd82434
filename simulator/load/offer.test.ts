import assert from 'node:assert/strict'
import { createHistogram } from 'node:perf_hooks'
import { connect, type MqttClient } from 'mqtt'
import { TestBroker, until } from '../broker.fixture.ts'
import { startOffer, type Offer, type Offering } from './offer.ts'
import { Publisher } from './publisher.ts'

for (const over of ['tcp', 'websocket'] as const) {
  describe(`a load over ${over}`, function () {
    this.timeout(30_000)
    const broker = new TestBroker(over)
    let observer: MqttClient
    let heard: string[]
    let observed: Set<unknown>

    beforeEach(async () => {
      heard = []
      await broker.start()
      observer = connect(broker.url, { protocolVersion: 4 })
      observer.on('message', (_topic, payload) => heard.push(payload.toString()))
      await observer.subscribeAsync('load/+', { qos: 1 })
      observed = new Set(broker.sockets)
    })
    afterEach(async () => {
      await observer.endAsync(true)
      await broker.stop()
    })

    const offer = (options: Partial<Offer> = {}): Promise<Offering> =>
      startOffer({
        ...{ broker: { url: broker.url }, clientId: 'load', count: 3_000, perSecond: Infinity },
        ...{ qos: 1, connections: 3, inFlight: 60 },
        messageOf: (n) => ({ topic: `load/${n % 7}`, payload: n % 2 === 0 ? String(n) : Buffer.from(String(n)) }),
        ...options,
      })
    const each = (count: number) => Array.from({ length: count }, (_, n) => String(n))
    const numbers = () => heard.toSorted((one, other) => Number(one) - Number(other))

    it('brings every message once, and knows when all are acknowledged', async () => {
      const offering = await offer()
      const { sent, acknowledged, inFlight } = await offering.done
      assert.deepEqual([sent, acknowledged, inFlight], [3_000, 3_000, 0])
      await until('all', () => heard.length >= 3_000)
      assert.deepEqual(numbers(), each(3_000))
      assert.equal(offering.latency.count, 3_000)
    })

    it('keeps its bound of messages in flight', async () => {
      const offering = await offer()
      let most = 0
      const watching = setInterval(() => (most = Math.max(most, offering.progress.inFlight)), 1)
      await offering.done
      clearInterval(watching)
      assert.ok(most <= 60, `${most} in flight`)
    })

    it('sends again over the next connection what the last one left open', async () => {
      const offering = await offer({ count: 4_000, perSecond: 4_000 })
      await until('some', () => heard.length > 500)
      for (const socket of broker.sockets) if (!observed.has(socket)) socket.destroy()
      const { acknowledged } = await offering.done
      assert.equal(acknowledged, 4_000)
      await until('all', () => new Set(heard).size >= 4_000)
      assert.deepEqual([...new Set(numbers())], each(4_000))
    })

    it('without acknowledgements hands all to the connection', async () => {
      const offering = await offer({ qos: 0 })
      const { acknowledged } = await offering.done
      assert.deepEqual([acknowledged, offering.latency.count], [3_000, 0])
      await until('all', () => heard.length >= 3_000)
      assert.deepEqual(numbers(), each(3_000))
    })

    it('keeps its pace, and ends early when it is stopped', async () => {
      const offering = await offer({ count: Infinity, perSecond: 500 })
      await until('some', () => heard.length > 100)
      const { sent, seconds } = offering.progress
      assert.ok(sent <= seconds * 500 + 1, `${sent} messages after ${seconds} s`)
      offering.stop()
      const end = await offering.done
      assert.equal(end.acknowledged, end.sent)
    })
  })
}

describe('a load without a broker', () => {
  it('does not begin, and says why', async () => {
    const options = { broker: { url: 'mqtt://127.0.0.1:9' }, clientId: 'load', qos: 1, inFlight: 1 } as const
    const messageOf = () => ({ topic: 'a', payload: 'b' })
    await assert.rejects(
      startOffer({ ...options, messageOf, count: 1, perSecond: 1, connections: 2 }),
      /ECONNREFUSED 127\.0\.0\.1:9/,
    )
    const publisher = new Publisher({ ...options, latency: createHistogram() })
    assert.ok(!publisher.hasRoom)
    await assert.rejects(publisher.connected(), /ECONNREFUSED/)
    await publisher.close()
  })
})
