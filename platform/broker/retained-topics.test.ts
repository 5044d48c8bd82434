import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import type { MqttClient } from 'mqtt'
import { waitUntil } from '../node/waiting.fixture.ts'
import { startEmbeddedBroker, type EmbeddedBroker } from '../runtime/embedded-broker.ts'
import { freePort } from '../runtime/ports.ts'
import { BrokerAway, keepConnected } from './keep-connected.ts'
import { digestOf, keptMessages, publishRetained } from './retained-topics.ts'

const passwords = { linhaviva: 'l', dispatcher: 'd', flows: 'f', field: 'x' }

describe('retained topics', function () {
  this.timeout(30_000)
  let folder: string
  let port: number
  let broker: EmbeddedBroker
  let closing: AbortController
  let running: Promise<void> | undefined
  let faults: string[]

  before(() => (folder = mkdtempSync(join(tmpdir(), 'retained-topics-'))))
  after(() => rmSync(folder, { recursive: true }))
  beforeEach(async () => {
    port = await freePort()
    ;[closing, faults] = [new AbortController(), []]
    await startBroker()
  })
  afterEach(async () => {
    closing.abort()
    await running
    await broker.stop()
  })
  async function startBroker(): Promise<void> {
    const access = { passwords, devicesFile: join(folder, 'devices') }
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port, webSocketPort: 0, access })
  }
  const topics = (user: keyof typeof passwords = 'dispatcher') => ({
    ...{ url: `mqtt://127.0.0.1:${port}`, filter: 'grid/alarms/+', probeTopic: 'grid/alarms/0' },
    connection: { username: user, password: passwords[user] },
  })
  type Session = Parameters<typeof keepConnected>[1]
  const keep = (session: Session, user?: keyof typeof passwords): void => {
    running = keepConnected(topics(user), session, (error) => faults.push((error as Error).message), closing.signal)
  }

  it('are read as the broker keeps them', async () => {
    let kept: Map<string, string> | undefined
    keep(async (client, signal) => {
      await publishRetained(client, [
        { topic: 'grid/alarms/1', payload: 'one' },
        { topic: 'grid/alarms/2', payload: 'two' },
        { topic: 'grid/alarms/1', payload: '' },
      ])
      kept = await keptMessages(client, topics(), signal)
    })
    await waitUntil('what is kept', () => kept)
    assert.deepEqual([...kept!], [['grid/alarms/2', digestOf('two')]])
  })

  it('have a new connection after each that ended, and hear why it did', async () => {
    const clients: MqttClient[] = []
    keep(async (client, _signal, wellAgain) => {
      clients.push(client)
      wellAgain()
    })
    await waitUntil('a connection', () => clients.length === 1)
    await broker.stop()
    await waitUntil('its end', () => faults.length > 0)
    await assert.rejects(publishRetained(clients[0], [{ topic: 'grid/alarms/1', payload: 'late' }]), BrokerAway)
    await startBroker()
    await waitUntil('another one', () => clients.length === 2)
    assert.notEqual(clients[0], clients[1])
  })

  it('are left alone by who has no right there', async () => {
    keep(async (client, signal) => void (await keptMessages(client, topics(), signal)), 'linhaviva')
    await waitUntil('the refusal', () => faults.some((fault) => /does not pass on what is published on grid\/alarms/.test(fault)), 15_000) // prettier-ignore
  })
})
