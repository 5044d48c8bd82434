import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { setTimeout as sleep } from 'node:timers/promises'
import { topicOf } from '../platform/wire/contract.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** A part is lost after ten seconds. */
const longerThanLostMs = 12_000

describe('conditions of the field and of the platform, with kills in between', function () {
  this.timeout(240_000)
  let system: RunningSystem
  let field: MqttClient

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    system = await startSystem({ broker: 'mosquitto' })
    field = await connectAsync(system.brokerUrl)
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system?.lastLines())
    await field?.endAsync(true)
    await system?.stop()
  })

  const word = (deviceId: string, status: 'online' | 'offline') =>
    field.publishAsync(
      topicOf('status', deviceId),
      JSON.stringify({ status, device_id: deviceId, timestamp: new Date().toISOString() }),
      { qos: 1, retain: true },
    )
  const standing = async () =>
    (await system.database.query<{ key: string }>('select key from alarm where said_active order by key')).map(
      ({ key }) => key,
    )
  const stands = (...keys: string[]) =>
    waitUntil(`${keys.join(', ') || 'nothing'} to stand`, async () => (await standing()).join() === keys.join(), {
      withinMs: 60_000,
    })

  it('says that devices are offline by their own word', async () => {
    await system.database.query(
      `insert into device (device_id, kind, status) values ('m-1', 'meter', 'active'), ('m-2', 'meter', 'active')`,
    )
    await Promise.all([word('m-1', 'offline'), word('m-2', 'offline')])
    await stands('telemetry/device-offline/m-1', 'telemetry/device-offline/m-2')
  })

  it('takes back what ended while Node-RED was killed, and says nothing twice', async () => {
    await system.nodeRed.kill()
    await system.database.query(
      `update device_presence set online = true where device_key = (select device_key from device where device_id = 'm-1')`,
    )
    await system.nodeRed.start()
    await stands('telemetry/device-offline/m-2')
    const { occurrence } = await system.database.row<{ occurrence: number }>(
      `select max(occurrence) as occurrence from alarm where key = 'telemetry/device-offline/m-2'`,
    )
    assert.ok(occurrence <= 1, `${occurrence} occurrences`)
  })

  it('says of the database, once it is back, that it was lost', async () => {
    await system.database.kill()
    await waitUntil('health to say so', async () => (await system.nodeRed.health()).db === 'down')
    await sleep(longerThanLostMs)
    await system.database.start()
    const row = () =>
      system.database.row<{ occurrence: number; saidActive: boolean }>(
        `select occurrence, said_active as "saidActive" from alarm where key = 'platform/database-lost/database'`,
      )
    await waitUntil('the condition', async () => (await row())?.saidActive === false, { withinMs: 60_000 })
    assert.equal((await row()).occurrence, 1)
  })

  it('says that the broker is lost, and of no device that it is silent', async () => {
    process.kill(system.brokerPid, 'SIGKILL')
    await stands('platform/broker-lost/broker', 'telemetry/device-offline/m-2')
  })
})
