import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { EdgeNodeClient, type EdgeMetric } from '../nodes/telemetry/sparkplug-edge-node.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const deviceId = 'plant.gateway.meter-7'

/** The meter as its birth tells it: voltage under the alias 1, power under the alias 2. */
const meter = (voltage: number, kw: number, at: number): EdgeMetric[] => [
  { name: 'Linha Viva/kind', type: 'String', value: 'meter', timestamp: at },
  { name: 'Meter/va_v', alias: 1, type: 'Float', value: voltage, timestamp: at },
  { name: 'Meter/p_kw', alias: 2, type: 'Float', value: kw, timestamp: at },
]
const power = (value: number, at: number, more: Partial<EdgeMetric> = {}): EdgeMetric => ({
  ...{ alias: 2, type: 'Float', value, timestamp: at, ...more },
})

describe('an edge node that speaks Sparkplug B, through mosquitto and the shipped flow', function () {
  this.timeout(120_000)
  let system: RunningSystem
  let gateway: EdgeNodeClient
  /** Some time ago, and not yet late. */
  let began: number

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    system = await startSystem({ broker: 'mosquitto' })
    gateway = await EdgeNodeClient.connect(system.brokerUrl, 'plant', 'gateway', 4, system.field)
    await gateway.hostIsOnline('linha-viva')
    began = Date.now() - 20_000
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await gateway?.leave()
    await system?.stop()
  })

  interface Row {
    at: number
    va_v: number | null
    p_kw: number | null
    quality: string
    aggregation: string
    interval_s: number
  }
  const rows = (): Promise<Row[]> =>
    system.database.query<Row>(
      `select extract(epoch from at)::float8 * 1000 as at, va_v, p_kw, quality, aggregation, interval_s
       from meter_reading join device using (device_key) where device_id = $1 order by at`,
      [deviceId],
    )
  const rowsCome = (count: number): Promise<Row[]> =>
    waitUntil(
      `${count} rows`,
      async () => {
        const found = await rows()
        return found.length >= count && found
      },
      { explain: async () => JSON.stringify(await rows()) },
    )
  async function online(id: string): Promise<boolean | undefined> {
    const [row] = await system.database.query<{ online: boolean }>(
      'select online from device_presence join device using (device_key) where device_id = $1',
      [id],
    )
    return row?.online
  }
  const reasons = async (): Promise<string[]> =>
    (await system.database.query<{ reason: string }>('select reason from quarantine order by quarantine_id')).map(
      ({ reason }) => reason,
    )

  it('is born, and its meter: presence and the first reading are stored', async () => {
    await gateway.birth()
    await gateway.deviceBirth('meter-7', meter(127.1, 1.5, began))
    const [row] = await rowsCome(1)
    assert.deepEqual(row, { at: began, va_v: 127.1, p_kw: 1.5, quality: 'good', aggregation: 'instant', interval_s: 1 })
    assert.deepEqual([await online('plant.gateway'), await online(deviceId)], [true, true])
  })

  it('reports a change by alias: the rest is as it was', async () => {
    await gateway.deviceData('meter-7', [power(2.5, began + 1_000)])
    const [, row] = await rowsCome(2)
    assert.deepEqual([row!.at, row!.va_v, row!.p_kw], [began + 1_000, 127.1, 2.5])
  })

  it('loses a message: it is asked for its births, and is born again; what came after the loss is kept', async () => {
    gateway.onRequest = async () => {
      await gateway.birth()
      await gateway.deviceBirth('meter-7', meter(128.2, 4.5, began + 4_000))
    }
    gateway.lose()
    await gateway.deviceData('meter-7', [power(9, began + 3_000)])
    const found = await rowsCome(3)
    assert.deepEqual(gateway.requests, ['Node Control/Rebirth=true'])
    assert.deepEqual([found[2]!.at, found[2]!.va_v, found[2]!.p_kw], [began + 4_000, 128.2, 4.5])
    assert.deepEqual(await reasons(), ['sequence_gap'])
  })

  it('sends what it kept while it was away: stored by its time, and not as what holds now', async () => {
    const past = began - 3_600_000
    const history = { isHistorical: true }
    await gateway.deviceData('meter-7', [
      { alias: 1, type: 'Float', value: 119, timestamp: past, ...history },
      power(0.5, past, history),
    ])
    await gateway.deviceData('meter-7', [power(5.5, began + 5_000)])
    const found = await rowsCome(5)
    assert.deepEqual([found[0]!.at, found[0]!.va_v, found[0]!.p_kw, found[0]!.quality], [past, 119, 0.5, 'late'])
    assert.deepEqual([found[4]!.at, found[4]!.va_v, found[4]!.p_kw], [began + 5_000, 128.2, 5.5])
    await waitUntil('the latest reading', async () => {
      const { at } = await system.database.row<{ at: number }>(
        `select max(extract(epoch from l.at)::float8 * 1000) as at
         from latest_reading l join device using (device_key) where device_id = $1`,
        [deviceId],
      )
      return at === began + 5_000
    })
  })

  it('says of a value that it is stale: the reading is questionable', async () => {
    await gateway.deviceData('meter-7', [
      power(6, began + 6_000, { properties: { Quality: { type: 'Int32', value: 500 } } }),
    ])
    assert.equal((await rowsCome(6))[5]!.quality, 'questionable')
  })

  it('survives a restart of Node-RED: it is asked anew, and nothing is stored twice', async () => {
    await system.nodeRed.kill()
    await system.nodeRed.start()
    await system.nodeRed.healthy()
    gateway.requests.length = 0
    gateway.onRequest = async () => {
      await gateway.birth()
      await gateway.deviceBirth('meter-7', meter(128.2, 7, began + 7_000))
    }
    await waitUntil(
      'the request',
      async () => {
        // asked already, it has been born again: what it sent now would be one more reading
        if (gateway.requests.length > 0) return true
        await gateway.deviceData('meter-7', [power(7, began + 7_000)])
        return false
      },
      { everyMs: 1_000 },
    )
    assert.deepEqual((await rowsCome(7)).map(({ at }) => at - began).slice(1), [0, 1_000, 4_000, 5_000, 6_000, 7_000])
  })

  it('a device of it dies, and then the connection breaks: both are offline', async () => {
    await gateway.deviceDeath('meter-7')
    await waitUntil('the death of the meter', async () => (await online(deviceId)) === false)
    assert.equal(await online('plant.gateway'), true)
    gateway.breakOff()
    await waitUntil('the death of the gateway', async () => (await online('plant.gateway')) === false)
  })
})
