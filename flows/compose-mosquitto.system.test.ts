import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, connectAsync, type MqttClient } from 'mqtt'
import { hasMosquitto, startDeployedMosquitto, withoutMosquitto, type DeployedMosquitto } from './mosquitto.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

describe('mosquitto as docker-compose.yml configures it', function () {
  this.timeout(30_000)
  let folder: string
  let broker: DeployedMosquitto
  const clients: MqttClient[] = []

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    folder = mkdtempSync(join(tmpdir(), 'linha-viva-mosquitto-'))
    broker = await startDeployedMosquitto(folder, { linhaviva: 'p $1', dispatcher: 'd', flows: 'w', field: 'f' })
  })
  after(async () => {
    for (const client of clients) client.end(true)
    await broker?.stop()
    if (folder) rmSync(folder, { recursive: true })
  })

  async function enter(login: { username?: string; password?: string }, url = broker.url): Promise<MqttClient> {
    const client = await connectAsync(url, { ...login, reconnectPeriod: 0, connectTimeout: 5_000, protocolVersion: 5 })
    clients.push(client)
    return client
  }
  const platformLogin = { username: 'linhaviva', password: 'p $1' }
  const fieldLogin = { username: 'field', password: 'f' }

  /** Reason code of the broker's answer to a publication: 0 accepted, 16 nobody listens, 135 not authorised. */
  async function publish(client: MqttClient, topic: string): Promise<number> {
    try {
      const answer = await client.publishAsync(topic, '{}', { qos: 1 })
      return (answer as { reasonCode?: number } | undefined)?.reasonCode ?? 0
    } catch (error) {
      return (error as { code?: number }).code ?? -1
    }
  }

  it('lets nobody in without a password, or with a wrong one', async () => {
    for (const login of [
      {},
      { ...platformLogin, password: 'wrong' },
      { username: 'field' },
      { ...platformLogin, username: 'nobody' },
    ])
      await assert.rejects(enter(login), /not authorized|bad user/i, JSON.stringify(login))
  })

  it('lets the platform and the field in, over TCP and over WebSocket', async () => {
    for (const url of [broker.url, broker.wsUrl]) {
      await enter(platformLogin, url)
      await enter(fieldLogin, url)
    }
  })

  it('lets a device report, and neither command nor listen to what is not for it', async () => {
    const platform = await enter(platformLogin)
    await platform.subscribeAsync('#', { qos: 1 })
    const field = await enter(fieldLogin)
    assert.equal(await publish(field, 'grid/meters/meter-1/readings'), 0)
    for (const topic of ['der/control/ev-1', 'grid/commands/switch-1', 'spBv1.0/STATE/linha-viva', 'anything'])
      // The client ends a connection on which it was refused.
      assert.equal(await publish(await enter(fieldLogin), topic), 135, topic)
    // A filter may be wider than what one may read: of the rest, nothing is delivered.
    await field.subscribeAsync(['der/control/ev-1', 'grid/meters/+/readings'], { qos: 1 })
    const heard: string[] = []
    field.on('message', (topic) => heard.push(topic))
    await (await enter(fieldLogin)).publishAsync('grid/meters/meter-2/readings', '{}', { qos: 1 })
    await (await enter({ username: 'dispatcher', password: 'd' })).publishAsync('der/control/ev-1', '{}', { qos: 1 })
    await waitUntil('the setpoint', async () => heard.includes('der/control/ev-1'))
    assert.deepEqual(heard, ['der/control/ev-1'])
  })

  it('holds a device with a user of its own to its own name', async () => {
    const device = await enter({ username: 'meter-7', password: 'device' })
    const platform = await enter(platformLogin)
    await platform.subscribeAsync('#', { qos: 1 })
    assert.equal(await publish(device, 'grid/meters/meter-7/readings'), 0)
    assert.equal(await publish(device, 'grid/meters/meter-8/readings'), 135)
  })

  it('keeps what waits for the platform over a restart', async () => {
    const session = {
      ...{
        clientId: 'platform',
        clean: false,
        properties: { sessionExpiryInterval: 3600 },
        protocolVersion: 5 as const,
      },
      ...{ username: 'linhaviva', password: 'p $1', reconnectPeriod: 0 },
    }
    const before = await connectAsync(broker.url, session)
    await before.subscribeAsync('grid/meters/+/readings', { qos: 1 })
    await before.endAsync()
    const field = await enter(fieldLogin)
    const count = 3_000
    await Promise.all(Array.from({ length: count }, (_, n) => publish(field, `grid/meters/meter-${n}/readings`)))
    await field.endAsync()
    await broker.restart()
    const topics = new Set<string>()
    const after = connect(broker.url, session)
    clients.push(after)
    await new Promise<void>((resolve, reject) => {
      after.on('error', reject)
      after.on('message', (topic) => {
        topics.add(topic)
        if (topics.size === count) resolve()
      })
    })
    assert.equal(topics.size, count)
  })
})
