import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import type { CommandAck, CommandType } from '../../platform/wire/command.ts'
import { TestBroker, until } from '../../simulator/broker.fixture.ts'
import { drawOf } from '../../simulator/draw.ts'
import { signed } from '../../nodes/commands/dispatch/signing.ts'
import { ConnectedDevice } from './connected-device.ts'

const secret = 'Example-of-a-secret-of-tests-and-of-nothing-else-2'

for (const over of ['tcp', 'websocket'] as const)
  describe(`a counting device on the network, over ${over}`, () => {
    const broker = new TestBroker(over)
    let controller: MqttClient
    let device: ConnectedDevice
    let heard: { topic: string; body: Record<string, unknown> }[]

    beforeEach(async () => {
      heard = []
      await broker.start()
      controller = await connectAsync(broker.url)
      controller.on('message', (topic, payload) => heard.push({ topic, body: JSON.parse(payload.toString()) }))
      await controller.subscribeAsync('#', { qos: 1 })
      device = new ConnectedDevice({
        traits: {
          ...{ deviceId: 'sw-1', kind: 'switch', keepsLedger: true, skewMs: -60_000, failing: 0, mostActMs: 20 },
          capabilities: { ledger: true, expiry: true, select: true, clock: true, signature: true },
        },
        ...{ url: broker.url, login: { username: 'field', password: '' } },
        ...{ saysEveryMs: 60_000, mostDownMs: 50, secret, draw: drawOf(1, 'sw-1') },
      })
      device.start()
      await until('its presence', () => statuses().includes('online'))
    })
    afterEach(async () => {
      await device.stop()
      await controller.endAsync(true)
      await broker.stop()
      broker.port = 0
    })

    const statuses = () => heard.filter(({ topic }) => topic === 'grid/status/sw-1').map(({ body }) => body['status'])
    const answers = () =>
      heard.filter(({ topic }) => topic === 'grid/acks/sw-1').map(({ body }) => (body as unknown as CommandAck).status)
    const states = () => heard.filter(({ topic }) => topic === 'grid/switches/sw-1/state').map(({ body }) => body)
    const command = (n: number, type: CommandType, key = secret) =>
      controller.publishAsync(
        'grid/commands/sw-1',
        JSON.stringify(
          signed(key, 'sw-1', {
            ...{
              command_id: `0000000${n}-0000-4000-8000-000000000000`,
              control_number: n,
              phase: 'operate',
              type,
              args: {},
            },
            expires_at: new Date(Date.now() + 60_000).toISOString(),
          }),
        ),
        { qos: 1 },
      )

    it('does what it is told, and shows it, by its own clock', async () => {
      await until('its first state', () => states().length > 0)
      await command(1, 'open')
      await until('its answers', () => answers().length === 2)
      await until('its new state', () => states().length > 1)
      assert.deepEqual([answers(), device.effects.length], [['accepted', 'executed'], 1])
      assert.deepEqual(
        states().map(({ position }) => position),
        ['closed', 'open'],
      )
      const age = Date.now() - Date.parse(String(states()[1]!['timestamp']))
      assert.ok(age >= 60_000 && age < 120_000, String(age))
    })

    it('comes back after a reboot, and hears what was said meanwhile', async () => {
      device.reboot(100)
      await until('its Last Will', () => statuses().includes('offline'))
      await command(1, 'open')
      await until('its answers', () => answers().length === 2)
      assert.deepEqual([statuses().at(-1), device.reboots, device.effects.length], ['online', 1, 1])
    })

    it('does not hear what is signed by somebody else', async () => {
      await command(1, 'open', `${secret}0`)
      await command(2, 'open')
      await until('its answers', () => answers().length === 2)
      assert.deepEqual(
        device.effects.map(({ commandId }) => commandId[7]),
        ['2'],
      )
    })

    it('reboots when it is told to, after it has answered', async () => {
      await command(1, 'reboot')
      await until('its return', () => device.reboots === 1 && statuses().at(-1) === 'online' && statuses().length > 2)
      assert.deepEqual(answers(), ['accepted', 'executed'])
    })
  })
