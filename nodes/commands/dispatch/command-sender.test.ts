import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import type { Command } from '../domain/command.ts'
import { begun, fullCapabilities, plainPlan } from '../made-command.fixture.ts'
import { CommandSender } from './command-sender.ts'

const command: Command = {
  ...{ commandId: '7b0c5e2a-3a55-4c8e-9a0e-2f6f4e3c1d10', deviceId: 'sw-1', type: 'open', args: {}, plan: plainPlan },
  ...{ capabilities: fullCapabilities, state: 'dispatched', requestedAt: begun, expiresAt: begun + 90_000 },
  ...{ controlNumber: 1_000_000_001, attempts: 1, asked: 0, firstDispatchedAt: begun, executedAt: null },
  ...{ stateSince: begun, sendAt: null, dueAt: null, quarantined: false, reason: null },
}
const sending = { command, phase: 'operate' as const, keyIssue: 0 }
const weak = { ...fullCapabilities, ledger: false }

describe('a sender of commands', function () {
  this.timeout(30_000)
  let broker: Aedes
  let server: Server
  let sockets: Socket[]
  let sender: CommandSender
  let device: MqttClient
  let heard: string[]
  let faults: string[]
  /** Whether the broker says nothing to what is published, and does nothing with it. */
  let isSilent: boolean

  beforeEach(async () => {
    ;[sockets, heard, faults, isSilent] = [[], [], [], false]
    broker = await Aedes.createBroker({
      authorizePublish: (_client, { topic }, done) => {
        if (!(isSilent && topic === 'grid/commands/sw-1')) done(null)
      },
    })
    server = createServer((socket) => {
      sockets.push(socket)
      broker.handle(socket)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
    device = await connectAsync(url, { reconnectPeriod: 20 })
    device.on('message', (_topic, payload) => heard.push((JSON.parse(payload.toString()) as { phase: string }).phase))
    await device.subscribeAsync('grid/commands/sw-1', { qos: 1 })
    sender = new CommandSender({ url, connection: {}, secret: 's', report: (fault) => faults.push(String(fault)) })
    await waitUntil('the sender', () => sender.isReady)
  })
  afterEach(async () => {
    await sender.close()
    await device.endAsync(true)
    await new Promise<void>((resolve) => broker.close(resolve))
    server.close()
  })

  it('says when the broker has what it keeps, and of what goes now or never only that it was handed over', async () => {
    let confirmed = 0
    assert.ok(sender.send(sending, begun, () => confirmed++))
    assert.equal(sender.unconfirmed, 1)
    await waitUntil('the confirmation', () => confirmed === 1)
    const fleeting = { ...sending, command: { ...command, capabilities: weak } }
    assert.ok(sender.send(fleeting, begun, () => confirmed++))
    await waitUntil('both', () => heard.length === 2 && sender.unconfirmed === 0)
    assert.equal(confirmed, 1)
  })

  it('does not send by a new connection what the broker has not confirmed by the one before', async () => {
    isSilent = true
    let confirmed = 0
    assert.ok(sender.send(sending, begun, () => confirmed++))
    assert.equal(sender.unconfirmed, 1)
    for (const socket of sockets) socket.destroy()
    await waitUntil('the end of the connection', () => !sender.isReady)
    isSilent = false
    await waitUntil('another connection', () => sender.isReady && device.connected)
    assert.ok(sender.send({ ...sending, phase: 'query' }, begun, () => confirmed++))
    await waitUntil('the question', () => heard.length > 0)
    assert.deepEqual([heard, confirmed, sender.unconfirmed], [['query'], 0, 0])
    assert.ok(faults.length > 0)
  })

  it('closes once what it was given is with the broker', async () => {
    for (const phase of ['operate', 'query', 'operate', 'query'] as const)
      sender.send({ ...sending, phase }, begun, () => undefined)
    await sender.close()
    await waitUntil('all of it', () => heard.length === 4)
  })

  it('hands over nothing while the broker is away, and says so', async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    await waitUntil('the end of the connection', () => !sender.isReady)
    assert.equal(
      sender.send(sending, begun, () => assert.fail('it was not sent')),
      false,
    )
    await waitUntil('a fault', () => faults.some((fault) => /commands wait: /.test(fault)))
  })
})
