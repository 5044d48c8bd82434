import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AedesOptions } from 'aedes'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { connectAsync } from 'mqtt'
import { platformClock } from '../../platform/clock/clock.ts'
import { health } from '../../platform/http/health.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import type { FlowNode, TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { freePort } from '../../platform/runtime/ports.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { Broker } from './broker.fixture.ts'
import { batteryBody, meterBody, probe, startTelemetry, store } from './telemetry-flow.fixture.ts'

describe('telemetry in', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let broker: Broker | undefined
  let flow: TestFlow | undefined
  let port: number

  before(async () => (port = await freePort()))
  afterEach(async () => {
    delete process.env['CLOCK']
    platformClock.set(undefined)
    await flow?.stop()
    await broker?.stop()
    broker = flow = undefined
  })
  after(() => assert.equal(acknowledgements.size, 0))

  const nodes = (to: string[], more: Record<string, unknown> = {}): FlowNode[] => [
    { id: 'broker', type: 'linhaviva-broker', url: `mqtt://127.0.0.1:${port}`, protocol: '3.1.1', ...more },
    { id: 'in', type: 'linhaviva-telemetry-in', broker: 'broker', database: 'db', wires: [to, to], ...more },
  ]
  const connected = () => waitUntil('the subscriptions', () => broker!.subscribed.length >= 6)
  async function publish(messages: [topic: string, payload: unknown][], retain = false): Promise<void> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { username: 'field', password: 'secret' })
    for (const [topic, payload] of messages)
      await client.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), {
        qos: 1,
        retain,
      })
    await client.endAsync()
  }
  const stored = async (deviceId: string) =>
    (
      await test.database.query('select from der_reading join device using (device_key) where device_id = $1', [
        deviceId,
      ])
    ).length

  it('takes what the field sends to the store, good and bad, singly and in arrays, and then acknowledges it', async () => {
    broker = await Broker.start(port)
    flow = await startTelemetry(test.login, [...nodes(['store']), store()])
    await connected()
    const now = Date.now()
    const messages: [string, unknown][] = [
      ['der/telemetry/battery-1', batteryBody('battery-1', now, 1)],
      ['der/telemetry/battery-1', [1, 2, 3].map((kw) => batteryBody('battery-1', now + kw, kw))],
      ['grid/meters/meter-1/readings', meterBody('meter-1', now, 127)],
      ['grid/meters/meter-1/readings', 'no JSON'],
      ['der/telemetry/battery-1', batteryBody('battery-2', now, 1)],
    ]
    await publish(messages)
    await waitUntil('the acknowledgements', () => broker!.acknowledged.length >= messages.length)
    assert.deepEqual(
      broker.acknowledged.toSorted(),
      messages.map(([, payload]) => (typeof payload === 'string' ? payload : JSON.stringify(payload))).toSorted(),
    )
    assert.equal(await stored('battery-1'), 4)
    assert.deepEqual(await test.database.query('select va_v from meter_reading'), [{ va_v: 127 }])
    assert.deepEqual(await test.database.query('select reason from quarantine order by reason'), [
      { reason: 'bad_json' },
      { reason: 'topic_mismatch' },
    ])
    const { mqtt, db, ingest } = health(0)
    assert.deepEqual([mqtt, db], ['up', 'up'])
    assert.deepEqual([ingest.stored, ingest.quarantined, ingest.inFlight], [5, 2, 0])
  })

  it('acknowledges nothing that nobody stored, and has it again after a restart', async () => {
    broker = await Broker.start(port)
    flow = await startTelemetry(test.login, [...nodes(['dropped']), probe('dropped')])
    await connected()
    await publish([['der/telemetry/battery-3', batteryBody('battery-3', Date.now(), 1)]])
    await waitUntil('the batch', () => flow!.received('dropped').length === 1)
    const { batchId } = flow.received('dropped')[0]!
    assert.equal(acknowledgements.isOpen(batchId!), true)
    assert.equal(health(0).ingest.inFlight, 1)
    await flow.stop()
    assert.equal(acknowledgements.isOpen(batchId!), false)
    assert.equal(health(0).ingest.inFlight, 0)
    assert.deepEqual(broker.acknowledged, [])

    flow = await startTelemetry(test.login, [...nodes(['store']), store()])
    await waitUntil('the acknowledgement', () => broker!.acknowledged.length === 1)
    assert.equal(await stored('battery-3'), 1)
  })

  it('emits a batch again that nobody settles, and tells Catch', async () => {
    broker = await Broker.start(port)
    const lossy = { id: 'lossy', type: 'function', outputs: 1, wires: [['store']] }
    const func = 'const n = context.get("n") || 0; context.set("n", n + 1); return n === 0 ? null : msg'
    flow = await startTelemetry(test.login, [...nodes(['lossy'], { deadlineSeconds: 1 }), { ...lossy, func }, store()])
    await connected()
    await publish([['der/telemetry/battery-4', batteryBody('battery-4', Date.now(), 1)]])
    await waitUntil('the acknowledgement', () => broker!.acknowledged.length === 1)
    assert.match(flow.errors()[0]!, /^batch \d+ \(der, 1 messages\) is not stored after \d+ s: emitted again$/)
    assert.equal(await stored('battery-4'), 1)
  })

  it('waits for a broker that comes later, and for one that comes back', async () => {
    flow = await startTelemetry(test.login, [...nodes(['store']), store()])
    await waitUntil('the reason', () => /ECONNREFUSED/.test(health(0).reasons?.join() ?? ''))
    assert.equal(health(0).mqtt, 'down')
    broker = await Broker.start(port)
    await connected()
    await waitUntil('health', () => health(0).mqtt === 'up')
    await publish([['der/telemetry/battery-5', batteryBody('battery-5', Date.now(), 1)]])
    await waitUntil('the reading', async () => (await stored('battery-5')) === 1)

    await broker.stop()
    await waitUntil('health', () => health(0).mqtt === 'down')
    broker = await Broker.start(port)
    await connected()
    await publish([['der/telemetry/battery-5', batteryBody('battery-5', Date.now(), 2)]])
    await waitUntil('the second reading', async () => (await stored('battery-5')) === 2)
  })

  it('says that the broker does not let it in, for as long as it does not', async () => {
    const authenticate: AedesOptions['authenticate'] = (_client, user, password, done) =>
      done(null, user === 'field' && String(password) === 'secret')
    broker = await Broker.start(port, { authenticate })
    flow = await startTelemetry(test.login, [...nodes(['store']), store()])
    const refusal = /Not authorized|Bad username/i
    await flow.showed('in', refusal)
    // Over the attempts that follow.
    await sleep(2_500)
    assert.match(health(0).reasons!.join(), refusal)
    assert.match(flow.statuses('in').at(-1)!.text!, refusal)
    await flow.stop()

    const credentials = { broker: { password: 'secret' } }
    flow = await startTelemetry(test.login, [...nodes(['store'], { user: 'field' }), store()], credentials)
    await waitUntil('health', () => health(0).mqtt === 'up')
  })

  it('names the topics that the broker refuses', async () => {
    broker = await Broker.start(port, {
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, subscription.topic.startsWith('grid/meters') ? null : subscription),
    })
    flow = await startTelemetry(test.login, [...nodes(['store']), store()])
    await flow.showed('in', 'the broker refuses grid/meters/+/readings')
    assert.equal(health(0).mqtt, 'down')
  })

  describe('with a simulated clock', () => {
    const newYear = Date.UTC(2008, 0, 1)
    const clockAt = (at: number | string, rate = 0): [string, unknown] => ['sim/clock', { at, rate }]
    const receivedAt = async (deviceId: string) =>
      (
        await test.database.query<{ at: Date; quality: string; committed_at: Date }>(
          `select at, quality, committed_at from der_reading join device using (device_key) join batch_log using (batch_id)
           where device_id = $1 order by at`,
          [deviceId],
        )
      ).map(({ at, quality, committed_at: committedAt }) => [at.getTime(), quality, committedAt.getTime()])

    beforeEach(() => (process.env['CLOCK'] = 'simulated'))

    it('judges each reading by the time that came before it', async () => {
      broker = await Broker.start(port)
      flow = await startTelemetry(test.login, [...nodes(['store']), store()])
      await connected()
      const instants = [0, 1, 2, 3, 4].map((n) => newYear + n * 86_400_000)
      for (const at of instants) {
        await publish([clockAt(at), ['der/telemetry/battery-6', batteryBody('battery-6', at, 1)]])
      }
      await waitUntil('the readings', async () => (await stored('battery-6')) === instants.length)
      assert.deepEqual(
        (await receivedAt('battery-6')).map(([at, quality]) => [at, quality]),
        instants.map((at) => [at, 'good']),
      )
      assert.equal(platformClock.now(), instants.at(-1))
      assert.deepEqual(health(0).clock, { source: 'simulated', at: '2008-01-05T00:00:00.000Z', rate: 0 })
      const [{ first_seen_at: firstSeenAt }] = (await test.database.query(
        "select first_seen_at from device where device_id = 'battery-6'",
      )) as [{ first_seen_at: Date }]
      assert.equal(firstSeenAt.getFullYear(), 2008)
    })

    it('knows the time that the broker has kept before it sees what else was kept', async () => {
      broker = await Broker.start(port)
      const state = { switch_id: 'switch-8', position: 'open', mode: 'remote', quality: 'good' }
      await publish([['grid/switches/switch-8/state', { ...state, timestamp: newYear }], clockAt(newYear)], true)
      flow = await startTelemetry(test.login, [...nodes(['store']), store()])
      await waitUntil('the position', async () => (await test.database.query('select from switch_reading')).length > 0)
      assert.deepEqual(await test.database.query('select at, quality from switch_reading'), [
        { at: new Date(newYear), quality: 'good' },
      ])
    })

    it('tells Catch of a time that cannot be read, and keeps the one it has', async () => {
      broker = await Broker.start(port)
      flow = await startTelemetry(test.login, [...nodes(['store']), store()])
      await connected()
      await publish([clockAt(newYear), clockAt('soon'), clockAt(newYear, -1), ['sim/clock', 'noon']])
      await waitUntil('the acknowledgements', () => broker!.acknowledged.length === 3)
      assert.deepEqual(
        flow.errors().map((error) => error.slice(0, 30)),
        ['sim/clock: at is "soon": it ta', 'sim/clock: rate is -1: it take', 'sim/clock: payload is "noon": '],
      )
      assert.equal(platformClock.now(), newYear)
    })

    it('has readings again after a restart under the time at which they were sent', async () => {
      broker = await Broker.start(port)
      flow = await startTelemetry(test.login, [...nodes(['dropped']), probe('dropped')])
      await connected()
      const later = newYear + 90 * 86_400_000
      await publish([clockAt(newYear), ['der/telemetry/battery-7', batteryBody('battery-7', newYear, 1)]])
      await publish([clockAt(later), ['der/telemetry/battery-7', batteryBody('battery-7', later, 2)]])
      await waitUntil('both', () => flow!.received('dropped').flatMap(({ payload }) => payload).length === 2)
      await flow.stop()
      platformClock.set(undefined)

      flow = await startTelemetry(test.login, [...nodes(['store']), store()])
      await waitUntil('the readings', async () => (await stored('battery-7')) === 2)
      assert.deepEqual(
        (await receivedAt('battery-7')).map(([at, quality]) => [at, quality]),
        [
          [newYear, 'good'],
          [later, 'good'],
        ],
      )
    })

    it('does not know the topic with CLOCK=wall, also where its session did before', async () => {
      broker = await Broker.start(port)
      flow = await startTelemetry(test.login, [...nodes(['store']), store()])
      await waitUntil('the subscriptions', () => broker!.subscribed.includes('sim/clock'))
      await flow.stop()
      platformClock.set(undefined)

      process.env['CLOCK'] = 'wall'
      broker.subscribed.length = 0
      flow = await startTelemetry(test.login, [...nodes(['store']), store()])
      await connected()
      assert.ok(!broker.subscribed.includes('sim/clock'))
      const now = Date.now()
      await publish([clockAt(newYear), ['der/telemetry/battery-8', batteryBody('battery-8', now, 1)]])
      await waitUntil('the reading', async () => (await stored('battery-8')) === 1)
      assert.deepEqual(
        (await receivedAt('battery-8')).map(([at, quality]) => [at, quality]),
        [[now, 'good']],
      )
      assert.equal(platformClock.simulated, undefined)
      assert.equal(health(0).clock.source, 'wall')
      assert.equal(
        broker.acknowledged.some((payload) => payload.includes('rate')),
        false,
      )
    })
  })

  it('closes at once while there is no broker', async () => {
    flow = await startTelemetry(test.login, nodes([]))
    await waitUntil('an attempt', () => /ECONNREFUSED/.test(health(0).reasons?.join() ?? ''))
    const since = performance.now()
    await flow.stop()
    assert.ok(performance.now() - since < 3_000)
    flow = undefined
  })

  for (const deadlineSeconds of ['soon', '', 0, -1]) {
    it(`does not run with a deadline of ${JSON.stringify(deadlineSeconds)} seconds`, async () => {
      flow = await startTelemetry(test.login, nodes([], { deadlineSeconds }))
      await flow.showed(
        'in',
        `deadlineSeconds is ${JSON.stringify(deadlineSeconds)}: it takes a number from 1 to 86400`,
      )
    })
  }

  it('does not run with an address that is none', async () => {
    flow = await startTelemetry(test.login, nodes([], { url: 'somewhere' }))
    assert.equal((await flow.showed('in', /protocol|somewhere/i)).fill, 'red')
  })
})
