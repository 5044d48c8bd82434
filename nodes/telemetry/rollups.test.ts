import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import type { FlowNode, TestFlow } from '../../platform/node/flow.fixture.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { Database } from '../../platform/storage/database.ts'
import { restartableDatabase, type RestartableDatabase } from '../../platform/storage/restartable-database.fixture.ts'
import { withoutReading } from './domain/live-device.ts'
import { batteryBody, openBatch, probe, startTelemetry, store, validate } from './telemetry-flow.fixture.ts'

const rollups: FlowNode = { id: 'rollups', type: 'linhaviva-rollups', database: 'db', wires: [['round']] }

describe('rollups', function () {
  this.timeout(120_000)
  let server: RestartableDatabase
  let database: Database
  let flow: TestFlow
  /** Whole minutes that are a while ago. */
  const begin = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 6 * 3_600_000

  before(async () => {
    server = await restartableDatabase()
    database = new Database(server.server.running)
    await database.ready()
  })
  afterEach(() => {
    delete process.env['CLOCK']
    return flow.stop()
  })
  after(async () => {
    await database.close()
    await server.remove()
  })

  const start = async (): Promise<void> => {
    flow = await startTelemetry(server.server.running, [validate(['store']), store(), rollups, probe('round')])
  }
  async function publish(readings: [minute: number, kw: number][]): Promise<void> {
    const { batchId, settled } = openBatch()
    const payload = readings.map(([minute, kw]) => batteryBody('battery-1', begin + minute * 60_000 + 1_000, kw))
    flow.send('validate', { topic: 'der/telemetry/battery-1', payload, batchId })
    await settled()
  }
  const samples = async (): Promise<number> => {
    const [row] = await database.query<{ samples: number }>(
      "select coalesce(sum(samples), 0)::integer as samples from reading_hour where measure = 'p_actual_kw'",
    )
    return row!.samples
  }
  const hours = () =>
    database.query(
      `select extract(epoch from at)::float8 * 1000 as at, total, lowest, highest, samples
       from reading_hour where measure = 'p_actual_kw' order by at`,
    )

  it('follow what is stored, late readings too', async () => {
    await start()
    await publish([
      [0, 1],
      [1, 5],
      [61, 3],
    ])
    await waitUntil('the readings', async () => (await samples()) === 3)
    await publish([[2, -4]])
    await waitUntil('the late reading', async () => (await samples()) === 4)
    assert.deepEqual(await hours(), [
      { at: begin, total: 2, lowest: -4, highest: 5, samples: 3 },
      { at: begin + 3_600_000, total: 3, lowest: 3, highest: 3, samples: 1 },
    ])
    const rounds = await waitUntil('what was told', () => flow.received('round').length > 0 && flow.received('round'))
    assert.equal((rounds[0]!.payload as { behind: number }).behind, 0)
    await flow.showed('rollups', 'rollups.status.behind')
    assert.deepEqual(flow.errors(), [])
  })

  it('catch up with what was stored while they were closed', async () => {
    flow = await startTelemetry(server.server.running, [validate(['store']), store()])
    await publish([[120, 7]])
    await flow.stop()
    await start()
    await waitUntil('the reading', async () => (await samples()) === 5)
  })

  it('show on the live stream what was stored before this process knew the device', async () => {
    flow = await startTelemetry(server.server.running, [validate(['store']), store()])
    const { batchId, settled } = openBatch()
    flow.send('validate', { topic: 'der/telemetry/live-2', payload: batteryBody('live-2', begin, 6), batchId })
    await settled()
    await flow.stop()
    const registered = { kind: 'der', type: 'battery', feederId: 'f-1', priority: null, ofUnit: false } as const
    liveHub.publish('devices', 'live-2', withoutReading({ deviceId: 'live-2', ...registered }), -Infinity)
    await start()
    await waitUntil('the reading', () => liveHub.get('devices', 'live-2')?.powerKw === 6)
    liveHub.remove('devices', 'live-2')
    await waitUntil('the roll-up', async () => (await samples()) === 6)
    await database.query(
      "delete from der_reading where device_key = (select device_key from device where device_id = 'live-2')",
    )
    await database.query(
      "delete from reading_hour where device_key = (select device_key from device where device_id = 'live-2')",
    )
  })

  it('have no partitions made for the years between two commits, where the clock was set', async () => {
    // By the wall's clock retention would take what is stored here.
    process.env['CLOCK'] = 'simulated'
    flow = await startTelemetry(server.server.running, [validate(['store']), store()])
    const months = async () =>
      (await database.query("select from pg_inherits where inhparent = 'reading_minute'::regclass")).length
    const before = await months()
    const newYear = Date.UTC(2008, 0, 1)
    try {
      for (const at of [newYear, newYear + 7 * 365 * 86_400_000]) {
        platformClock.set({ at, rate: 0 })
        const { batchId, settled } = openBatch()
        flow.send('validate', { topic: 'der/telemetry/past-1', payload: batteryBody('past-1', at, 1), batchId })
        await settled()
      }
    } finally {
      platformClock.set(undefined)
    }
    await flow.stop()
    await start()
    await waitUntil('the readings', async () => (await samples()) === 7)
    assert.equal(await months(), before + 2)
    await database.query("delete from der_reading where at < '2020-01-01'")
    await database.query("delete from reading_hour where at < '2020-01-01'")
  })

  it('count each reading once when the database is killed under them', async () => {
    await start()
    let written = 0
    for (let kill = 0; kill < 3; kill++) {
      for (let n = 0; n < 10; n++) await publish([[180 + written++ / 4, 1]])
      await server.kill()
      await server.start()
      await database.ready()
    }
    const [raw] = await database.query<{ readings: number }>('select count(*)::integer as readings from der_reading')
    assert.equal(raw!.readings, 5 + written)
    await waitUntil('all of them', async () => (await samples()) >= 5 + written)
    assert.equal(await samples(), 5 + written)
  })
})
