import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { health } from '../../platform/http/health.ts'
import type { TestFlow } from '../../platform/node/flow.fixture.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { restartableDatabase, type RestartableDatabase } from '../../platform/storage/restartable-database.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { withoutReading } from './domain/live-device.ts'
import {
  batteryBody,
  batteryReading,
  openBatch,
  probe,
  registryOf,
  startTelemetry,
  store,
  tinker,
  validate,
} from './telemetry-flow.fixture.ts'

const minute = 60_000

describe('telemetry store', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow

  afterEach(() => flow.stop())

  const storedOf = (deviceId: string) =>
    test.database.query<{ kw: number }>(
      'select p_actual_kw as kw from der_reading join device using (device_key) where device_id = $1 order by at',
      [deviceId],
    )
  const quarantinedOf = (deviceId: string) =>
    test.database.query<{ reason: string; detail: string; topic: string }>(
      'select reason, detail, topic from quarantine where device_id = $1 order by quarantine_id',
      [deviceId],
    )
  const field = (deviceId: string, count: number) => {
    const now = Date.now()
    return {
      topic: `der/telemetry/${deviceId}`,
      payload: Array.from({ length: count }, (_, n) => batteryBody(deviceId, now - n * minute, n)),
    }
  }

  it('settles a batch when it is durable, and sends on what was new', async () => {
    flow = await startTelemetry(test.login, [validate(['store']), store(['stored']), probe('stored')])
    const { batchId, settled } = openBatch()
    flow.send('validate', { ...field('battery-1', 3), batchId })
    assert.deepEqual(await settled(), { stored: 3, duplicates: 0, quarantined: 0 })
    assert.equal((await storedOf('battery-1')).length, 3)
    const [message] = await waitUntil(
      'what was stored',
      () => flow.received('stored').length > 0 && flow.received('stored'),
    )
    assert.equal(message!.topic, 'der')
    assert.equal((message!.payload as unknown[]).length, 3)
  })

  it('shows on the live stream what is durable, and nothing else', async () => {
    flow = await startTelemetry(test.login, [validate(['store']), store()])
    const registered = { kind: 'der', type: 'battery', feederId: 'f-1', priority: null, ofUnit: false } as const
    liveHub.publish('devices', 'live-1', withoutReading({ deviceId: 'live-1', ...registered }), -Infinity)
    const { batchId, settled } = openBatch()
    const message = field('live-1', 3)
    flow.send('validate', {
      ...message,
      payload: [...message.payload, { deviceId: 'live-1', p_actual_kw: 'much' }],
      batchId,
    })
    await settled()
    const { at, powerKw } = liveHub.get('devices', 'live-1')!
    assert.deepEqual([at, powerKw], [new Date(message.payload[0]!.timestamp).toISOString(), 0])
    const { version } = liveHub.state('devices')
    const again = openBatch()
    flow.send('validate', { ...message, batchId: again.batchId })
    assert.equal((await again.settled()).duplicates, 3)
    assert.equal(liveHub.state('devices').version, version)
    liveHub.remove('devices', 'live-1')
  })

  it('sends nothing on of what it knew already', async () => {
    flow = await startTelemetry(test.login, [validate(['store']), store(['stored']), probe('stored')])
    const twice = field('battery-2', 2)
    const [first, second] = [openBatch(), openBatch()]
    flow.send('validate', { ...twice, batchId: first.batchId })
    await first.settled()
    flow.send('validate', { ...twice, batchId: second.batchId })
    assert.deepEqual(await second.settled(), { stored: 0, duplicates: 2, quarantined: 0 })
    assert.equal(flow.received('stored').length, 1)
    assert.equal((await storedOf('battery-2')).length, 2)
  })

  it('stores a batch that nobody waits for', async () => {
    flow = await startTelemetry(test.login, [store()])
    await registryOf(flow).ready()
    await registryOf(flow).contact([{ deviceId: 'battery-3', kind: 'der' }])
    flow.send('store', { topic: 'der', payload: [batteryReading('battery-3', Date.now(), 1)] })
    await waitUntil('the reading', async () => (await storedOf('battery-3')).length === 1)
    assert.deepEqual(flow.errors(), [])
  })

  it('keeps out what a function node made of a batch, and stores the rest of it', async () => {
    const spoil = `
      msg.payload[0].values.p_actual_kw = NaN
      msg.payload[1].values.p_actual_kw = '12'
      msg.payload[2] = null
      msg.payload[3] = 'a reading'
      msg.payload[4].deviceId = 'battery-4\\u0000'
      msg.payload[5].at = Infinity
      msg.payload[6].receivedAt = 1e300
      delete msg.payload[7].values.p_actual_kw
      msg.payload[8].values.p_actual_kw = 5n
      msg.payload[9].self = msg.payload[9]
      msg.payload[9].quality = 'perfect'
      return msg`
    flow = await startTelemetry(test.login, [validate(['tinker'], ['store']), tinker(spoil, ['store']), store()])
    const { batchId, settled } = openBatch()
    flow.send('validate', { ...field('battery-4', 13), batchId })
    assert.deepEqual(await settled(), { stored: 3, duplicates: 0, quarantined: 10 })
    assert.deepEqual(
      (await storedOf('battery-4')).map(({ kw }) => kw),
      [12, 11, 10],
    )
    assert.deepEqual(
      await test.database.query(
        "select reason, count(*)::integer, min(topic) as topic from quarantine where reason = 'storage_refused' group by 1",
      ),
      [{ reason: 'storage_refused', count: 10, topic: 'der' }],
    )
    assert.deepEqual(flow.errors(), [])
  })

  it('lets no batch suffer for another one that the database refuses', async () => {
    const spoil = `
      if (msg.payload[0].deviceId === 'battery-6') delete msg.payload[0].values.p_actual_kw
      return msg`
    flow = await startTelemetry(test.login, [validate(['tinker'], ['store']), tinker(spoil, ['store']), store()])
    await registryOf(flow).ready()
    const batches = ['battery-5', 'battery-6', 'battery-7'].map((deviceId) => ({ deviceId, ...openBatch() }))
    for (const { deviceId, batchId } of batches) flow.send('validate', { ...field(deviceId, 50), batchId })
    const outcomes = await Promise.all(batches.map(({ settled }) => settled()))
    assert.deepEqual(outcomes, [
      { stored: 50, duplicates: 0, quarantined: 0 },
      { stored: 49, duplicates: 0, quarantined: 1 },
      { stored: 50, duplicates: 0, quarantined: 0 },
    ])
    const [refused] = await quarantinedOf('battery-6')
    assert.equal(refused!.reason, 'storage_refused')
    assert.match(refused!.detail, /p_actual_kw/)
  })

  it('stores a copy of a batch that waits, or was settled, no second time', async () => {
    flow = await startTelemetry(test.login, [store()])
    await registryOf(flow).ready()
    await registryOf(flow).contact([{ deviceId: 'battery-8', kind: 'der' }])
    const { batchId, settled } = openBatch()
    const batch = { topic: 'der', payload: [batteryReading('battery-8', Date.now(), 1)], batchId }
    flow.send('store', batch)
    flow.send('store', { ...batch, again: true })
    assert.deepEqual(await settled(), { stored: 1, duplicates: 0, quarantined: 0 })
    const [before] = await test.database.query<{ commits: number }>(
      'select count(*)::integer as commits from batch_log',
    )
    flow.send('store', { ...batch, again: true })
    const later = openBatch()
    flow.send('store', { topic: 'der', payload: [], batchId: later.batchId })
    await later.settled()
    assert.equal(health(0).ingest.duplicates, 0)
    assert.deepEqual(await test.database.query('select count(*)::integer as commits from batch_log'), [before])
  })

  it('stores both halves of a batch that a node on the way has split', async () => {
    flow = await startTelemetry(test.login, [store()])
    await registryOf(flow).ready()
    await registryOf(flow).contact([{ deviceId: 'battery-10', kind: 'der' }])
    const { batchId, settled } = openBatch()
    const at = Date.now()
    for (const offset of [0, 1])
      flow.send('store', { topic: 'der', payload: [batteryReading('battery-10', at + offset, 1)], batchId })
    await settled()
    const [stored] = await test.database.query<{ rows: number }>(
      `select count(*)::integer as rows from der_reading join device using (device_key) where device_id = 'battery-10'`,
    )
    assert.equal(stored!.rows, 2)
  })

  it('says what it cannot take, by field and value', async () => {
    flow = await startTelemetry(test.login, [store()])
    flow.send('store', { topic: 'der', payload: { deviceId: 'battery-9' } })
    flow.send('store', { topic: 'weather', payload: [] })
    flow.send('store', { payload: [] })
    flow.send('store', { topic: 'der', payload: [], batchId: 'seven' })
    await waitUntil('four errors', () => flow.errors().length === 4)
    assert.deepEqual(flow.errors().toSorted(), [
      'TypeError: batchId is "seven", not a number',
      'TypeError: payload is {"deviceId":"battery-9"}: telemetry store takes an array',
      'TypeError: topic is "weather": telemetry store takes der, panel, meter, switch, event, status or quarantine',
      'TypeError: topic is undefined: telemetry store takes der, panel, meter, switch, event, status or quarantine',
    ])
  })
})

describe('telemetry store, while the database is away', function () {
  this.timeout(120_000)
  let database: RestartableDatabase
  let flow: TestFlow

  before(async () => (database = await restartableDatabase()))
  after(() => database.remove())

  it('waits for it, and stores every batch once', async () => {
    flow = await startTelemetry(database.server.running, [validate(['store']), store(['stored']), probe('stored')])
    try {
      const now = Date.now()
      let readings = 0
      const field = (deviceId: string, batchId: number) => ({
        topic: `der/telemetry/${deviceId}`,
        payload: batteryBody(deviceId, now + readings++, 1),
        batchId,
      })
      const before = openBatch()
      flow.send('validate', field('battery-1', before.batchId))
      await before.settled()

      await database.kill()
      const meanwhile = Array.from({ length: 5 }, openBatch)
      for (const { batchId } of meanwhile) flow.send('validate', field('battery-1', batchId))
      const stranger = openBatch()
      flow.send('validate', field('battery-2', stranger.batchId))
      await waitUntil(
        'the state of the database',
        () => flow.node<{ database: { state: { up: boolean } } }>('db').database.state.up === false,
      )
      assert.ok(!meanwhile.some(({ isSettled }) => isSettled()))

      await database.start()
      const outcomes = await Promise.all(meanwhile.map(({ settled }) => settled()))
      assert.equal(outcomes.filter(({ stored }) => stored === 1).length, 5)
      // Who the stranger is could not be asked: that is an error, and telemetry in would emit it again.
      assert.match(flow.errors().join(), /ECONNREFUSED|terminat|ECONNRESET/)
      assert.equal(stranger.isSettled(), false)
      flow.send('validate', field('battery-2', stranger.batchId))
      assert.deepEqual(await stranger.settled(), { stored: 1, duplicates: 0, quarantined: 0 })
    } finally {
      await flow.stop()
    }
  })
})

describe('telemetry store, closed before the database ever came', () => {
  it('ends promptly', async () => {
    const flow = await startTelemetry(
      { host: '127.0.0.1', port: 1, database: 'none', user: 'none', password: 'none' },
      [store()],
    )
    flow.send('store', { topic: 'der', payload: [batteryReading('battery-1', Date.now(), 1)] })
    const since = performance.now()
    await flow.stop()
    assert.ok(performance.now() - since < 3_000, 'closing takes too long')
  })
})
