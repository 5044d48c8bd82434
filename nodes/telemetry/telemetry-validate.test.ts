import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import type { TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { Reading } from '../../platform/wire/reading.ts'
import type { Rejected } from '../../platform/wire/reasons.ts'
import { batteryBody, meterBody, openBatch, probe, startTelemetry, store, validate } from './telemetry-flow.fixture.ts'

describe('telemetry validate', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow

  afterEach(() => flow.stop())

  const start = async (kind = 'topic'): Promise<void> => {
    const node = { ...validate(['valid'], ['rejected']), kind, wires: [['valid'], ['rejected']] }
    flow = await startTelemetry(test.login, [node, probe('valid'), probe('rejected')])
  }
  const valid = async (): Promise<Reading[]> => {
    const [message] = await waitUntil(
      'a valid batch',
      () => flow.received('valid').length > 0 && flow.received('valid'),
    )
    return message!.payload as Reading[]
  }
  const rejected = async (): Promise<Rejected[]> => {
    const messages = await waitUntil(
      'a rejected payload',
      () => flow.received('rejected').length > 0 && flow.received('rejected'),
    )
    return messages.flatMap(({ payload }) => payload as Rejected[])
  }

  const body = batteryBody('battery-1', Date.now(), 3)
  for (const [what, payload] of [
    ['an object', body],
    ['an array of objects', [body]],
    ['JSON text', JSON.stringify(body)],
    ['JSON text of an array', JSON.stringify([body])],
    ['bytes', Buffer.from(JSON.stringify(body))],
  ] as const) {
    for (const [way, kind, topic] of [
      ['its topic', 'topic', 'der/telemetry/battery-1'],
      ['the kind that is set', 'der', undefined],
    ] as const) {
      it(`takes ${what} by ${way}`, async () => {
        await start(kind)
        flow.send('validate', { ...(topic && { topic }), payload })
        const [reading] = await valid()
        assert.deepEqual([reading!.deviceId, reading!.kind, reading!.at], ['battery-1', 'der', body.timestamp])
        assert.deepEqual(reading!.values, { p_actual_kw: 3, p_max_kw: 1_000 })
        assert.equal(reading!.feederId, 'f-1')
        assert.deepEqual(flow.errors(), [])
      })
    }
  }

  it('parts the good from the bad in one payload', async () => {
    await start()
    const payload = [body, { ...body, p_actual_kw: 'much' }, 7, { ...body, deviceId: 'battery-9' }]
    flow.send('validate', { topic: 'der/telemetry/battery-1', payload })
    assert.equal((await valid()).length, 1)
    assert.deepEqual(
      (await rejected()).map(({ reason }) => reason),
      ['bad_value', 'bad_shape', 'topic_mismatch'],
    )
    await flow.showed('validate', 'telemetry-validate.status.counts')
  })

  for (const [what, message, reason] of [
    ['a topic that is none of the contract', { topic: 'weather/today', payload: {} }, 'bad_topic'],
    ['no topic at all', { payload: body }, 'bad_topic'],
    ['text that is no JSON', { topic: 'der/telemetry/battery-1', payload: '{"deviceId":' }, 'bad_json'],
    ['bytes that are no text', { topic: 'der/telemetry/battery-1', payload: Buffer.from([0xff, 0xfe]) }, 'bad_json'],
    ['nothing', { topic: 'der/telemetry/battery-1' }, 'bad_shape'],
  ] as const) {
    it(`puts ${what} into quarantine as ${reason}`, async () => {
      await start()
      flow.send('validate', message)
      assert.equal((await rejected())[0]!.reason, reason)
    })
  }

  it('dates what has no timestamp by the time of receipt that the message names', async () => {
    await start()
    const receivedAt = Date.now() - 3_600_000
    const { timestamp: _, ...undated } = body
    flow.send('validate', { topic: 'der/telemetry/battery-1', payload: undated, receivedAt })
    const [reading] = await valid()
    assert.deepEqual([reading!.at, reading!.receivedAt, reading!.quality], [receivedAt, receivedAt, 'server-time'])
  })

  it('refuses a message whose number or time of receipt is none, by field and value', async () => {
    await start()
    for (const wrong of [{ batchId: 'seven' }, { receivedAt: 'now' }, { receivedAt: NaN }])
      flow.send('validate', { topic: 'der/telemetry/battery-1', payload: body, ...wrong })
    await waitUntil('three errors', () => flow.errors().length === 3)
    assert.deepEqual(flow.errors(), [
      'TypeError: batchId is "seven", not a number',
      'TypeError: receivedAt is "now": it takes UTC milliseconds',
      'TypeError: receivedAt is NaN: it takes UTC milliseconds',
    ])
    assert.deepEqual(flow.received('valid'), [])
  })

  it('does not run with a kind that is none', async () => {
    await start('weather')
    await flow.showed('validate', /^kind is "weather": it takes topic, der, panel, meter, switch, event, status$/)
  })

  it('settles the number of a message when all that came of it is settled', async () => {
    flow = await startTelemetry(test.login, [validate(['valid'], ['store']), probe('valid'), store()])
    const { batchId, settled, isSettled } = openBatch()
    const payload = [batteryBody('battery-2', Date.now(), 1), { ...body, p_actual_kw: 'much' }]
    flow.send('validate', { topic: 'der/telemetry/battery-2', payload, batchId })
    await waitUntil('the good part', () => flow.received('valid').length === 1)
    await waitUntil('the bad part to be stored', async () => {
      const kept = await test.database.query("select from quarantine where device_id = 'battery-2'")
      return kept.length === 1
    })
    assert.equal(isSettled(), false)
    acknowledgements.settle(flow.received('valid')[0]!.batchId!, { stored: 1, duplicates: 0, quarantined: 0 })
    assert.deepEqual(await settled(), { stored: 1, duplicates: 0, quarantined: 1 })
  })

  it('passes on what the store refused before, in the form in which it travels', async () => {
    await start()
    const item = { deviceId: 'battery-1', kind: 'der', at: 1, receivedAt: 2, values: {}, quality: 'good' }
    const { batchId } = openBatch()
    flow.send('validate', { topic: 'der', payload: JSON.stringify(item), batchId })
    assert.deepEqual(await valid(), [item])
    flow.send('validate', { topic: 'der', payload: 'null' })
    await waitUntil('the second', () => flow.received('valid').length === 2)
    assert.deepEqual(flow.received('valid')[1]!.payload, [null])
  })

  it('enriches a meter with what the registry knows of it', async () => {
    await start()
    await test.database.query(
      `with f as (insert into feeder (feeder_id) values ('f-unit') returning feeder_id),
         u as (insert into consumer_unit (unit_id, feeder_id, nominal_voltage_v) select 'unit-1', feeder_id, 220 from f returning unit_id),
         d as (insert into device (device_id, kind, status) values ('meter-1', 'meter', 'active') returning device_key)
       insert into meter_assignment select unit_id, device_key, tstzrange(now() - interval '1 day', null) from u, d`,
    )
    const { registry } = flow.node<{ registry: { find(id: string): unknown } }>('db')
    await waitUntil('the registry', () => registry.find('meter-1') !== undefined)
    flow.send('validate', { topic: 'grid/meters/meter-1/readings', payload: meterBody('meter-1', Date.now(), 219) })
    const [reading] = await valid()
    assert.deepEqual([reading!.feederId, reading!.nominalVoltageV], ['f-unit', 220])
  })
})
