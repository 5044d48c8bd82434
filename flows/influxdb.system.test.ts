import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import {
  hasInfluxd,
  testInfluxd,
  withoutInfluxd,
  type TestInfluxd,
} from '../platform/storage/time-series-servers.fixture.ts'
import { startLoad } from './field-load.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { cpuSeconds } from './node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { assertEachOnce, storedReaches } from './stored-truth.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** 600,000 make it a minute without InfluxDB at 5,000 readings a second. */
const count = Number(process.env.INFLUX_OUTAGE_READINGS ?? 60_000)
const perSecond = 5_000

describe(`InfluxDB is away while ${count} readings come`, function () {
  this.timeout(600_000)
  let influx: TestInfluxd
  let system: RunningSystem

  before(async function () {
    for (const [has, without] of [
      [hasMosquitto, withoutMosquitto],
      [hasInfluxd, withoutInfluxd],
    ] as const) {
      if (has) continue
      say(without)
      this.skip()
    }
    influx = await testInfluxd()
    const { url, version, bucket } = influx.settings
    const env = { INFLUX_URL: url, INFLUX_VERSION: String(version), INFLUX_BUCKET: bucket }
    system = await startSystem({ broker: 'mosquitto', env })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await system?.stop()
    await influx?.remove()
  })

  const inInflux = async (): Promise<number> =>
    ((await influx.query('select count(p_actual_kw) from der'))[0]?.['count'] as number) ?? 0
  const metric = async (name: string): Promise<number> => {
    const text = await (await system.nodeRed.admin.fetch('/metrics')).text()
    return Number(new RegExp(`^linhaviva_consumer_${name}\\{consumer="influxdb"\\} (\\S+)$`, 'm').exec(text)?.[1])
  }
  const longestTransaction = async (): Promise<number> =>
    (
      await system.database.row<{ seconds: number }>(
        `select coalesce(max(extract(epoch from now() - xact_start)), 0)::float8 as seconds
         from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      )
    ).seconds

  it('all are stored meanwhile, and InfluxDB has exactly the same when it is back', async () => {
    const { nodeRed, database } = system
    const start = Date.now()
    const load = startLoad({ brokerUrl: system.brokerUrl, kind: 'numbered', count, perSecond, publishers: 4, start })
    const published = (share: number): Promise<unknown> =>
      waitUntil(`${share} of the readings to be published`, async () => load.published >= share * count, {
        ...{ everyMs: 20, withinMs: 300_000 },
      })
    /** What holds while InfluxDB is away, at the end of its absence. */
    const unaffected = async (how: string): Promise<void> => {
      const publishedBefore = load.published
      await storedReaches(database, publishedBefore, 30_000)
      const health = await nodeRed.health()
      const seconds = await longestTransaction()
      assert.ok(seconds < 5, `a transaction is open for ${seconds} s`)
      assert.equal(health.db, 'up')
      assert.equal(health.mqtt, 'up')
      say(
        `${how}: ${publishedBefore} published and all stored, InfluxDB ${health.consumers.influxdb!.readingsBehind} readings ` +
          `behind (health ${health.status}, influx ${health.influx}, ingest lag ${health.ingest.lagMs} ms, ` +
          `Node-RED ${nodeRed.memory()?.now.toFixed(0)} MB)`,
      )
    }
    try {
      await published(0.1)
      await influx.kill()
      await published(0.6)
      await unaffected(`killed for ${((count * 0.5) / perSecond).toFixed(0)} s`)
      await waitUntil('health to say it', async () => (await nodeRed.health()).influx === 'down')
      await influx.start()
      await published(0.7)
      process.kill(influx.pid, 'SIGSTOP')
      try {
        await published(0.95)
        await unaffected(`stopped for ${((count * 0.25) / perSecond).toFixed(0)} s`)
      } finally {
        process.kill(influx.pid, 'SIGCONT')
      }
      await load.done
      await storedReaches(database, count, 60_000)
      const back = performance.now()
      let written = 0
      await waitUntil('InfluxDB to have them all', async () => (written = await inInflux()) >= count, {
        ...{ withinMs: 120_000, everyMs: 200, explain: async () => `it has ${written}` },
      })
      const { peak } = nodeRed.memory() ?? { peak: NaN }
      say(
        `all in InfluxDB ${((performance.now() - back) / 1_000).toFixed(1)} s after the last was stored; Node-RED had ${peak.toFixed(0)} MB at most, used ${cpuSeconds(nodeRed.pid)?.toFixed(1)} s`,
      )
    } finally {
      await load.stop()
    }
    await assertEachOnce(database, count, start)
    assert.equal(await inInflux(), count)
  })

  it('each device has in InfluxDB what it has in PostgreSQL', async () => {
    const expected = await system.database.query<{ device: string; count: number; sum: number }>(
      `select device_id as device, count(*)::float8 as count, sum(estimated_power_w) as sum
       from der_reading join device using (device_key) group by 1 order by 1`,
    )
    const rows = await influx.query('select count(estimated_power_w), sum(estimated_power_w) from der group by device')
    const found = rows.map(({ device, count, sum }) => ({ device, count, sum }))
    assert.deepEqual(
      found.toSorted((one, other) => (String(one.device) < String(other.device) ? -1 : 1)),
      expected,
    )
  })

  it('metrics tell of it: nothing behind, nothing refused, the failures counted', async () => {
    await waitUntil('nothing to be behind', async () => (await metric('batches_behind')) === 0)
    assert.equal(await metric('readings_behind'), 0)
    assert.equal(await metric('oldest_behind_seconds'), 0)
    assert.equal(await metric('points_refused_total'), 0)
    assert.equal(await metric('readings_total'), count)
    assert.ok((await metric('points_written_total')) >= count)
    assert.ok((await metric('failures_total')) > 0)
    assert.equal((await system.nodeRed.healthy()).influx, 'up')
    say(`failures met: ${await metric('failures_total')}, points written: ${await metric('points_written_total')}`)
  })
})
