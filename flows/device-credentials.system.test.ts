import assert from 'node:assert/strict'
import { connectAsync, type MqttClient } from 'mqtt'
import { issueCredential, revokeCredential, rotateCredential } from '../platform/broker/credentials.ts'
import { Database } from '../platform/storage/database.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const within = { withinMs: 5_000 }

describe('a device with a credential of its own, in a running system', function () {
  this.timeout(90_000)
  let system: RunningSystem
  let database: Database
  let device: MqttClient
  let password: string

  before(async () => {
    system = await startSystem({ broker: 'embedded' })
    database = new Database(system.database.running)
    await database.ready()
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await device?.endAsync(true)
    await database?.close()
    await system?.stop()
  })

  const enter = (): Promise<MqttClient> =>
    connectAsync(
      system.brokerUrl,
      { username: 'meter-9', password, reconnectPeriod: 0, connectTimeout: 3_000, protocolVersion: 4 },
      false,
    )
  const entered = () => enter().catch(() => false as const)
  const stored = async (): Promise<number> =>
    (await system.database.row<{ rows: number }>('select count(*)::integer as rows from meter_reading')).rows

  it('is let in within 5 s of its issue, and reports', async () => {
    password = (await issueCredential(database, 'meter-9', Date.now())).password
    device = (await waitUntil('the device', entered, within)) as MqttClient
    const reading = { meter_id: 'meter-9', timestamp: new Date().toISOString(), va_v: 127, interval_s: 60 }
    const payload = JSON.stringify({ ...reading, aggregation: 'mean' })
    await device.publishAsync('grid/meters/meter-9/readings', payload, { qos: 1 })
    await waitUntil('its reading', async () => (await stored()) === 1)
  })

  it('is cut off within 5 s of a rotation, and comes back with the new password', async () => {
    const old = password
    password = (await rotateCredential(database, 'meter-9', Date.now())).password
    await waitUntil('the end of the connection', async () => !device.connected, within)
    const again = password
    password = old
    await assert.rejects(enter(), { code: 4 })
    password = again
    device = await enter()
  })

  it('is cut off within 5 s of its revocation, and does not come back', async () => {
    await revokeCredential(database, 'meter-9', Date.now())
    await waitUntil('the end of the connection', async () => !device.connected, within)
    await assert.rejects(enter(), { code: 4 })
  })
})
