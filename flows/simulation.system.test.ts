import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { callerAt, type Caller } from '../platform/http/api.fixture.ts'
import { startSimulator, type SimulatorProcess } from '../platform/simulation/simulator-process.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { logIn } from './users.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

describe('the simulated field, controlled through the API of a running system', function () {
  this.timeout(90_000)
  let system: RunningSystem
  let simulator: SimulatorProcess
  let admin: Caller

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    system = await startSystem({ broker: 'mosquitto' })
    simulator = startSimulator(system.brokerUrl, '--interval', '0.5')
    const { url } = system.nodeRed
    const token = await logIn(url, 'admin')
    admin = callerAt(url, async () => token)
    await waitUntil('the simulator', async () => (await admin.get('/api/simulation')).status === 200, {
      withinMs: 10_000,
    })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(`${system?.lastLines()}\n${simulator?.output()}`)
    await simulator?.end('SIGTERM')
    await system?.stop()
  })

  /** The reading of the PV plant that was stored last. */
  const newest = () =>
    system.database.row<{ at: Date; count: number; cover: number }>(
      `select max(at) as at, count(*)::int as count,
              (array_agg(cloud_cover_pct order by at desc))[1]::float8 as cover
         from der_reading join device using (device_key) where device_id = 'pv-001'`,
    )

  it('clouds that are set are what is stored', async () => {
    const { status, text } = await admin.post('/api/simulation/clouds', { coverPct: 77, forMinutes: 10 })
    assert.equal(status, 200, text)
    await waitUntil('a reading under them', async () => (await newest()).cover === 77, { withinMs: 10_000 })
  })

  it('a faulty reading is quarantined with its reason, as often as was asked for', async () => {
    await admin.post('/api/simulation/faults', { kind: 'mislabelled', deviceId: 'bat-001', count: 3 })
    const quarantined = async () =>
      (
        await system.database.row<{ count: number }>(
          `select count(*)::int as count from quarantine where reason = 'topic_mismatch'`,
        )
      ).count
    await waitUntil('three of them', async () => (await quarantined()) === 3, { withinMs: 10_000 })
    await waitUntil('the end of it', async () => (await admin.get('/api/simulation')).body.faults.length === 0, {
      withinMs: 10_000,
    })
    assert.equal(await quarantined(), 3)
  })

  it('a field that was stopped stores nothing more, and goes on when it is started', async () => {
    await admin.post('/api/simulation/stop')
    let before = await newest()
    await waitUntil(
      'the last one',
      async () => {
        const [then, now] = [before, await newest()]
        before = now
        const { body } = await admin.get('/api/simulation')
        return then.count === now.count && Date.parse(body.at) > now.at.getTime() + 2_000
      },
      { withinMs: 20_000 },
    )
    assert.deepEqual(await newest(), before)
    await admin.post('/api/simulation/start')
    await waitUntil('another one', async () => (await newest()).count > before.count, { withinMs: 10_000 })
  })

  it('after a restart of Node-RED the API reaches it again', async () => {
    await system.nodeRed.stop()
    await system.nodeRed.start()
    await system.nodeRed.healthy()
    const { url } = system.nodeRed
    const token = await logIn(url, 'admin')
    admin = callerAt(url, async () => token)
    assert.equal((await admin.get('/api/simulation')).body.running, true)
  })

  it('a simulator that was killed is gone at once: 404', async () => {
    await simulator.end('SIGKILL')
    await waitUntil('its end', async () => (await admin.get('/api/simulation')).status === 404, { withinMs: 5_000 })
    simulator = startSimulator(system.brokerUrl, '--scenario', 'sunny-day')
    await waitUntil('another one', async () => (await admin.get('/api/simulation')).body.scenario === 'sunny-day', {
      withinMs: 10_000,
    })
  })
})
