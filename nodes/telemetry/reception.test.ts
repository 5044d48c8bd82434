import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import type { FirstContact } from '../../platform/network/first-contact.ts'
import { Registry } from '../../platform/network/registry.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { Rejected } from '../../platform/wire/reasons.ts'
import { receiveMessages, rulesFromEnvironment } from './reception.ts'
import { batteryBody } from './telemetry-flow.fixture.ts'

const now = Date.UTC(2026, 10, 21, 12)

describe('reception of field messages', () => {
  const test = useDatabase()
  let registry: Registry

  afterEach(() => registry.close())

  const receive = async (firstContact: FirstContact, ...messages: [topic: string, payload: unknown][]) => {
    registry = new Registry(test.database, firstContact, (error) => assert.fail(String(error)))
    return receiveMessages(
      messages.map(([topic, payload]) => ({ topic, payload: JSON.stringify(payload), receivedAt: now })),
      rulesFromEnvironment(),
      registry,
    )
  }

  it('answers each message for itself, in order, with what the registry adds', async () => {
    const received = await receive(
      'register',
      ['der/telemetry/battery-1', batteryBody('battery-1', now, 1)],
      ['weather/today', {}],
      ['grid/status/battery-1', { status: 'online' }],
      ['der/telemetry/battery-1', [batteryBody('battery-1', now + 1, 2), {}]],
    )
    assert.deepEqual(
      received.map((batches) => batches.map(({ topic, payload }) => [topic, payload.length])),
      [
        [['der', 1]],
        [['quarantine', 1]],
        [['status', 1]],
        [
          ['der', 1],
          ['quarantine', 1],
        ],
      ],
    )
    assert.equal((received[0]![0]!.payload[0] as { feederId?: string }).feederId, 'f-1')
  })

  for (const [setting, reason] of [
    ['approve', 'awaiting_approval'],
    ['quarantine', 'unknown_device'],
  ] as const) {
    it(`holds a stranger by the setting "${setting}", with the message as it came`, async () => {
      const body = batteryBody(`stranger-${setting}`, now, 1)
      const [[batch] = []] = await receive(setting, [`der/telemetry/stranger-${setting}`, body])
      const [held] = batch!.payload as Rejected[]
      assert.deepEqual([held!.reason, held!.deviceId], [reason, body.deviceId])
      assert.deepEqual(JSON.parse(String(held!.payload)), body)
    })
  }

  it('refuses a device that reports as another kind than it is registered', async () => {
    await receive('register', ['der/telemetry/battery-2', batteryBody('battery-2', now, 1)])
    await registry.close()
    const panel = {
      panel_id: 'battery-2',
      temperature_celsius: 20,
      voltage_volts: 30,
      current_amperes: 1,
      power_output_watts: 9,
    }
    const [[batch] = []] = await receive('register', ['sensors/battery-2/readings', panel])
    assert.equal((batch!.payload[0] as Rejected).reason, 'kind_mismatch')
  })

  it('takes its limits from the environment', () => {
    registry = new Registry(test.database, 'register', () => undefined)
    process.env['MAX_AGE_DAYS'] = '2'
    process.env['LATE_AFTER_SECONDS'] = '30'
    try {
      const { maxAgeMs, lateAfterMs, maxAheadMs } = rulesFromEnvironment()
      assert.deepEqual([maxAgeMs, lateAfterMs, maxAheadMs], [2 * 86_400_000, 30_000, 300_000])
    } finally {
      delete process.env['MAX_AGE_DAYS']
      delete process.env['LATE_AFTER_SECONDS']
    }
  })
})
