import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import influxdb from '../../platform/storage/influxdb.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import {
  hasInfluxd,
  testInfluxd,
  withoutInfluxd,
  type TestInfluxd,
} from '../../platform/storage/time-series-servers.fixture.ts'
import type { SolarPerformance } from './messages.ts'
import { june, juneBegins, seedGeneration, seedRoof } from './slots/seeded-plant.fixture.ts'
import solarPerformance from './solar-performance.ts'

const until = juneBegins + 12 * 3_600_000

describe('solar performance', function () {
  this.timeout(120_000)
  const test = useDatabase()
  let influx: TestInfluxd | undefined
  let flow: TestFlow

  before(async () => {
    platformClock.set({ at: until + 90_000, rate: 0.001 })
    await seedRoof(test.database, 4)
    await seedGeneration(test.database, 'roof', [juneBegins, until], (panelId, _, expectedW) =>
      panelId === 'p-1' ? expectedW / 2 : expectedW,
    )
  })
  afterEach(() => flow?.stop())
  after(async () => {
    platformClock.set(undefined)
    await influx?.remove()
  })

  const start = async (server?: { url: string; version: number; bucket: string }): Promise<void> => {
    const { host, port, database, user, password } = test.login
    const { url = '', version = 2, bucket = '' } = server ?? {}
    flow = await startFlow(
      [postgresql, influxdb, solarPerformance],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'influx', type: 'linhaviva-influxdb', url, version: String(version), bucket },
        {
          ...{ id: 'solar', type: 'linhaviva-solar-performance', database: 'db', influxdb: 'influx' },
          wires: [['figures']],
        },
        { id: 'figures', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }

  it('tells what panels and their site made of the day', async () => {
    await start()
    const message = await waitUntil('figures', () => flow.received('figures')[0])
    const { topic, payload } = message as unknown as SolarPerformance
    assert.deepEqual([topic, payload.siteId, payload.day, payload.isFinal], ['solar/performance', 'roof', june, false])
    const indexOf = (wanted: string) => payload.panels.find(({ panelId }) => panelId === wanted)!.performanceIndex!
    assert.ok(Math.abs(indexOf('p-1') - 0.5) < 0.03, `${indexOf('p-1')}`)
    assert.ok(Math.abs(indexOf('p-3') - 1) < 0.03, `${indexOf('p-3')}`)
    assert.ok(payload.site.lostKwh > 0 && payload.site.lostBrl! > 0)
    assert.equal((await flow.showed('solar', 'solar-performance.status.plants')).fill, 'green')
    assert.deepEqual(flow.errors(), [])
  })

  it('writes them to InfluxDB', async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      return this.skip()
    }
    influx = await testInfluxd()
    await start(influx.settings)
    const rows = (measurement: string, count: number) =>
      waitUntil(measurement, async () => {
        const found = await influx!.query(`select * from ${measurement} order by time`)
        return found.length >= count && found
      })
    const panels = await rows('solar_panel', 4)
    assert.deepEqual(new Set(panels.map((row) => row['panel'])), new Set(['p-1', 'p-2', 'p-3', 'p-4']))
    const [day] = await rows('solar_site_day', 1)
    assert.deepEqual([day!['site'], day!['panels']], ['roof', 4])
    const slots = await rows('solar_site', 12 * 12)
    assert.equal(slots.length, 12 * 12)
    assert.deepEqual(flow.errors(), [])
  })
})
