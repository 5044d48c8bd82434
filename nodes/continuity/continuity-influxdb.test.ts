import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { startFlow, type FlowNode, type TestFlow } from '../../platform/node/flow.fixture.ts'
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
import continuityInfluxdb from './continuity-influxdb.ts'
import { KeptIndicators } from './indicators/kept-indicators.fixture.ts'
import { seedConjunto, seedUnits } from './indicators/seeded-units.fixture.ts'
import { seedInterruptions } from './interruptions/seeded-interruptions.fixture.ts'

const hourMs = 3_600_000
const march = Date.parse('2026-03-01T03:00:00Z')
const now = march + 100 * hourMs
const shipping: FlowNode = {
  ...{ id: 'store', type: 'linhaviva-continuity-influxdb', database: 'db', influxdb: 'influx' },
  wires: [['round']],
}

describe('continuity InfluxDB store', function () {
  this.timeout(120_000)
  const test = useDatabase()
  const kept = new KeptIndicators(() => test.database, now)
  let influx: TestInfluxd | undefined
  let flow: TestFlow | undefined

  before(async () => {
    await seedConjunto(test.database, 'c-1')
    await seedUnits(test.database, 'c-1', ['u-1', 'u-2'])
    kept.keeper()
    await out('u-1', 1, 11)
  })
  afterEach(async () => {
    await flow?.stop()
    delete process.env['INFLUX_MAX_SERIES']
  })
  after(async () => {
    await kept.close()
    await influx?.remove()
  })

  const out = async (unitId: string, fromH: number, untilH: number): Promise<void> => {
    const times = { from: march + fromH * hourMs, until: march + untilH * hourMs }
    await seedInterruptions(test.database, [{ units: [{ unitId, ...times }] }])
    await kept.settled()
  }
  const start = async (settings: { url: string; version: number; bucket: string }, consumer: string): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, influxdb, continuityInfluxdb],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'influx', type: 'linhaviva-influxdb', ...settings, version: String(settings.version) },
        { ...shipping, consumer },
        { id: 'round', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }

  it('idles where no server is configured', async () => {
    await start({ url: '', version: 2, bucket: '' }, 'idle')
    await flow!.showed('store', 'continuity-influxdb.status.off')
  })

  describe('with a server', () => {
    before(async function () {
      if (!hasInfluxd) {
        process.stdout.write(`      ${withoutInfluxd}\n`)
        this.skip()
      }
      influx = await testInfluxd()
    })
    const ns = (at: number): string => `${at}000000`

    it('writes months of units and conjuntos, and moves on', async () => {
      await start(influx!.settings, 'continuity-influxdb')
      const [round] = await waitUntil('a round', () => flow!.received('round').length > 0 && flow!.received('round'))
      assert.equal(round!.topic, 'continuity/influxdb')
      const [unit] = await waitUntil('the unit', async () => {
        const rows = await influx!.query('select * from continuity_unit')
        return rows.length > 0 && rows
      })
      assert.deepEqual(
        [unit!['time'], unit!['unit'], unit!['conjunto'], unit!['dic_h'], unit!['fic'], unit!['lasts']],
        [ns(now), 'u-1', 'c-1', 10, 1, false],
      )
      const conjunto = await waitUntil('the conjunto', async () =>
        (await influx!.query("select * from continuity_conjunto where month = '2026-03'")).find(
          ({ dec_h }) => dec_h === 5,
        ),
      )
      assert.deepEqual(
        [conjunto['conjunto'], conjunto['fec'], conjunto['dec_ind_h'], conjunto['dec_xn_h']],
        ['c-1', 0.5, 5, 0],
      )
      // A month that was over keeps its place: what is corrected takes it.
      const february = await influx!.query("select * from continuity_conjunto where month = '2026-02'")
      assert.deepEqual(
        february.map(({ time }) => time),
        [ns(march - 1)],
      )
      await out('u-1', -10, -8)
      const corrected = await waitUntil('the correction', async () => {
        const rows = await influx!.query("select * from continuity_conjunto where month = '2026-02'")
        return rows[0]?.['dec_h'] === 1 && rows
      })
      assert.equal(corrected.length, 1)
      assert.deepEqual(flow!.errors(), [])
    })

    it('gives units beyond INFLUX_MAX_SERIES no points of their own', async () => {
      await out('u-2', 30, 32)
      process.env['INFLUX_MAX_SERIES'] = '1'
      await influx!.query('create retention policy "few" on "linhaviva" duration inf replication 1')
      await start({ ...influx!.settings, bucket: 'linhaviva/few' }, 'few')
      await waitUntil('the conjunto', async () =>
        (await influx!.query('select * from few.continuity_conjunto')).some(({ dec_h }) => dec_h === 6),
      )
      const units = await influx!.query('select * from few.continuity_unit')
      assert.deepEqual([...new Set(units.map(({ unit }) => unit))], ['u-1'])
    })
  })
})
