import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { startEmbeddedBroker, type EmbeddedBroker } from '../../../platform/runtime/embedded-broker.ts'
import { freePort } from '../../../platform/runtime/ports.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { DerControl } from '../../../platform/wire/payloads.ts'
import type { AskedSetpoint } from '../domain/setpoint.ts'
import { seedDers } from './seeded-ders.fixture.ts'
import { setSetpoints } from './set-setpoints.ts'
import { SetpointTopics } from './setpoint-topics.ts'

const passwords = { linhaviva: 'l', dispatcher: 'd', flows: 'f', field: 'x' }
const minuteMs = 60_000

describe('setpoints on the broker', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let now = Date.UTC(2026, 2, 2, 12)
  let folder: string
  let port: number
  let broker: EmbeddedBroker | undefined
  let topics: SetpointTopics[] = []
  let field: MqttClient
  let kept: Map<string, string>
  let heard: string[]
  const faults: string[] = []

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'setpoint-topics-'))
    port = await freePort()
    await seedDers(test.database)
  })
  beforeEach(startBroker)
  afterEach(async () => {
    await Promise.all(topics.map((one) => one.close()))
    topics = []
    await field.endAsync(true)
    await stopBroker()
    await set({ deviceId: 'bat-1', powerKw: null }, { deviceId: 'pv-1', powerKw: null })
  })
  after(() => rmSync(folder, { recursive: true }))

  async function startBroker(): Promise<void> {
    const access = { passwords, devicesFile: join(folder, 'devices') }
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port, webSocketPort: 0, access })
    kept = new Map()
    heard = []
    field = await connectAsync(`mqtt://127.0.0.1:${port}`, { username: 'field', password: 'x', reconnectPeriod: 0 })
    field.on('error', () => undefined)
    field.on('message', (topic, payload) => {
      heard.push(`${topic} ${payload.toString()}`)
      if (payload.length === 0) kept.delete(topic)
      else kept.set(topic, payload.toString())
    })
    await field.subscribeAsync('der/control/+', { qos: 1 })
  }
  async function stopBroker(): Promise<void> {
    await broker?.stop()
    broker = undefined
  }
  function start(): SetpointTopics {
    const connection = { username: 'dispatcher', password: 'd', clientId: `setpoints-${topics.length}` }
    const one = new SetpointTopics(test.database, {
      ...{ url: `mqtt://127.0.0.1:${port}`, connection, clock: { now: () => now }, clockIsSet: () => true },
      report: (error) => faults.push((error as Error).message),
    })
    topics.push(one)
    return one
  }
  async function set(...asked: (Partial<AskedSetpoint> & Pick<AskedSetpoint, 'deviceId' | 'powerKw'>)[]) {
    const expiresAt = (powerKw: number | null) => (powerKw === null ? null : now + 10 * minuteMs)
    const full = asked.map((one) => ({ reason: null, expiresAt: expiresAt(one.powerKw), ...one }))
    const { refused } = await setSetpoints(test.database, full, 'node test', now, now)
    assert.deepEqual(refused, [])
  }
  const shows = (wanted: Record<string, number>): Promise<unknown> =>
    waitUntil(`${JSON.stringify(wanted)}, not ${JSON.stringify([...kept])}`, () => {
      const standing = [...kept].map(([topic, text]) => {
        const { p_setpoint_kw: kw } = JSON.parse(text) as DerControl
        return [topic.slice('der/control/'.length), kw]
      })
      return (
        JSON.stringify(Object.fromEntries(standing.toSorted(([a], [b]) => (a! < b! ? -1 : 1)))) ===
        JSON.stringify(wanted)
      )
    })

  it('are retained in the device’s own sign with their end, by the published schema, until nobody wants them', async () => {
    start()
    await set({ deviceId: 'bat-1', powerKw: 2 }, { deviceId: 'pv-1', powerKw: -3 })
    await shows({ 'bat-1': 2, 'pv-1': 3 })
    const control = JSON.parse(kept.get('der/control/pv-1')!) as DerControl
    assert.ok(new Ajv().compile(DerControl)(control))
    assert.equal(control.expires_at, new Date(now + 10 * minuteMs).toISOString())
    await set({ deviceId: 'pv-1', powerKw: -1.5 })
    await shows({ 'bat-1': 2, 'pv-1': 1.5 })
    await set({ deviceId: 'bat-1', powerKw: null })
    await shows({ 'pv-1': 1.5 })
    assert.deepEqual(faults, [])
  })

  it('are emptied when their time is over, which is on record', async () => {
    start()
    await set({ deviceId: 'bat-1', powerKw: 2 })
    await shows({ 'bat-1': 2 })
    now += 10 * minuteMs
    await shows({})
    const [row] = await test.database.query(
      `select power_kw, username from setpoint_change where device_id = 'bat-1' order by changed desc limit 1`,
    )
    assert.deepEqual(row, { power_kw: null, username: null })
  })

  it('are there again when the broker has lost them, and what is stale there goes', async () => {
    await set({ deviceId: 'bat-1', powerKw: 2 })
    const dispatcher = await connectAsync(`mqtt://127.0.0.1:${port}`, { username: 'dispatcher', password: 'd' })
    await dispatcher.publishAsync('der/control/pv-1', '{"p_setpoint_kw":7}', { qos: 1, retain: true })
    await dispatcher.endAsync()
    start()
    await shows({ 'bat-1': 2 })
    await field.endAsync(true)
    await stopBroker()
    await set({ deviceId: 'pv-1', powerKw: -4 })
    await startBroker()
    await shows({ 'bat-1': 2, 'pv-1': 4 })
  })

  it('are sent again to a device that comes back', async () => {
    start()
    await set({ deviceId: 'bat-1', powerKw: 2 })
    await shows({ 'bat-1': 2 })
    const told = () => heard.filter((line) => line.startsWith('der/control/bat-1 {'))
    const [first, ...more] = told()
    assert.deepEqual(more, [])
    await test.database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, true, '2026-03-02 12:01:00Z', '2026-03-02 12:01:00.123456Z' from device where device_id = 'bat-1'`,
    )
    await waitUntil('it again', () => told().length === 2)
    // What was sent after it shows that it was sent once.
    await set({ deviceId: 'pv-1', powerKw: -1 })
    await shows({ 'bat-1': 2, 'pv-1': 1 })
    assert.deepEqual(told(), [first, first])
  })

  it('are the newest ones, however many publish and whatever happens meanwhile', async () => {
    start()
    start()
    start()
    await set({ deviceId: 'bat-1', powerKw: 0 })
    await shows({ 'bat-1': 0 })
    for (let at = 1; at <= 40; at++) await set({ deviceId: 'bat-1', powerKw: at / 10 })
    await shows({ 'bat-1': 4 })
    await waitUntil('all of it published', async () => {
      const left = await test.database.query('select from desired_setpoint where published is distinct from changed')
      return left.length === 0
    })
    await shows({ 'bat-1': 4 })
  })
})
