import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { consumerStates, health, type ConsumerState } from '../../platform/http/health.ts'
import type { FlowNode, TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import {
  hasInfluxd,
  hasVictoriaMetrics,
  testInfluxd,
  testVictoriaMetrics,
  withoutInfluxd,
  withoutVictoriaMetrics,
  type TestInfluxd,
} from '../../platform/storage/time-series-servers.fixture.ts'
import { batteryBody, openBatch, probe, startTelemetry, store, validate } from './telemetry-flow.fixture.ts'

const shipping: FlowNode = {
  ...{ id: 'influx-store', type: 'linhaviva-influxdb-store', database: 'db', influxdb: 'influx' },
  wires: [['round']],
}

describe('influxdb store', function () {
  this.timeout(120_000)
  const test = useDatabase()
  const begin = Date.now() - 2 * 3_600_000
  let influx: TestInfluxd
  let flow: TestFlow
  let published = 0

  before(async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      this.skip()
    }
    influx = await testInfluxd()
  })
  afterEach(() => flow?.stop())
  after(() => influx?.remove())

  const serverNode = ({ url, version, bucket }: { url: string; version: number; bucket: string }): FlowNode => ({
    ...{ id: 'influx', type: 'linhaviva-influxdb', url, version: String(version), bucket },
  })
  const start = async (nodes: FlowNode[] = [serverNode(influx.settings), shipping, probe('round')]): Promise<void> => {
    flow = await startTelemetry(test.login, [validate(['store']), store(), ...nodes])
  }
  /** Stored in PostgreSQL when it resolves. */
  async function publish(count: number): Promise<void> {
    const { batchId, settled } = openBatch()
    const payload = Array.from({ length: count }, () => batteryBody('battery-1', begin + published++ * 10, 1))
    flow.send('validate', { topic: 'der/telemetry/battery-1', payload, batchId })
    assert.equal((await settled()).stored, count)
  }
  const inInflux = async (): Promise<number> =>
    ((await influx.query('select count(p_actual_kw) from der'))[0]?.['count'] as number) ?? 0
  const allThere = () => waitUntil(`${published} points`, async () => (await inInflux()) === published)
  const state = (): ConsumerState => new Map(consumerStates()).get('influxdb')!

  it('writes what is stored, and moves on', async () => {
    await start()
    await publish(10)
    await allThere()
    const [round] = await waitUntil('a round', () => flow.received('round').length > 0 && flow.received('round'))
    assert.deepEqual(round!.payload, { batches: 1, readings: 10, behind: 0 })
    await flow.showed('influx-store', 'influxdb-store.status.behind')
    assert.deepEqual([state().written, state().refused, state().batchesBehind], [10, 0, 0])
    assert.ok(Math.abs(state().lastSuccessAt! - Date.now()) < 60_000)
    assert.equal(health(0).influx, 'up')
    assert.deepEqual(flow.errors(), [])
  })

  it('goes on where it stopped', async () => {
    flow = await startTelemetry(test.login, [validate(['store']), store()])
    await publish(5)
    await flow.stop()
    assert.equal(await inInflux(), 10)
    await start()
    await allThere()
    await waitUntil('the cursor', () => state().readings === 5)
    assert.equal(state().written, 5)
  })

  it('catches up with what was stored while InfluxDB was away, told once, and holds up nothing', async () => {
    await start()
    await influx.kill()
    for (let n = 0; n < 20; n++) await publish(50)
    const away = await flow.showed('influx-store', 'influxdb-store.status.away')
    assert.equal(away.fill, 'red')
    await waitUntil('several attempts', () => state().failures >= 3)
    const { readingsBehind, oldestAt } = state()
    assert.ok(readingsBehind > 0 && oldestAt !== null && oldestAt < Date.now())
    assert.equal(health(0).influx, 'down')
    const held = await test.database.query(
      `select 1 from pg_stat_activity where state = 'idle in transaction' and now() - xact_start > interval '1 second'`,
    )
    assert.deepEqual(held, [])
    await influx.start()
    await allThere()
    await waitUntil('the log to be done', () => state().batchesBehind === 0)
    assert.equal(flow.errors().length, 1)
    assert.match(flow.errors()[0]!, /^InfluxDB cannot be written: .*ECONNREFUSED/)
  })

  it('closes at once while InfluxDB takes the connection and says nothing', async () => {
    await start()
    process.kill(influx.pid, 'SIGSTOP')
    try {
      await publish(1)
      const began = performance.now()
      await flow.stop()
      assert.ok(performance.now() - began < 5_000)
    } finally {
      process.kill(influx.pid, 'SIGCONT')
    }
    await start()
    await allThere()
  })

  it('reports what InfluxDB refuses for good, and goes on', async () => {
    await influx.query('create retention policy "short" on "linhaviva" duration 1h replication 1')
    const short = { ...influx.settings, bucket: 'linhaviva/short' }
    await start([serverNode(short), { ...shipping, consumer: 'short' }, probe('round')])
    const all = published
    const [error] = await waitUntil('the report', () => flow.errors().length > 0 && flow.errors())
    assert.match(error!, /^InfluxDB refused \d+ points for good: 400 partial write: points beyond retention policy/)
    const { written, refused } = await waitUntil('the cursor', () => {
      const short = new Map(consumerStates()).get('short')!
      return short.readings === all && short
    })
    assert.equal(written! + refused!, all)
    assert.ok(refused! > 0)
    const cursors = await test.database.query('select consumer from consumer_cursor order by 1')
    assert.deepEqual(cursors, [{ consumer: 'influxdb' }, { consumer: 'short' }])
  })

  it('idles where no server is configured, and everything else works', async () => {
    await start([serverNode({ url: '', version: 2, bucket: '' }), shipping, probe('round')])
    const { fill } = await flow.showed('influx-store', 'influxdb-store.status.off')
    assert.equal(fill, 'grey')
    await publish(1)
    assert.deepEqual([consumerStates(), health(0).influx, flow.errors()], [[], 'off', []])
  })

  it('writes to a server of the ways of version 2', async function () {
    if (!hasVictoriaMetrics) {
      process.stdout.write(`      ${withoutVictoriaMetrics}\n`)
      return this.skip()
    }
    const victoria = await testVictoriaMetrics()
    try {
      await start([serverNode(victoria.settings), { ...shipping, consumer: 'victoria' }, probe('round')])
      const values = await waitUntil('all points', async () => {
        const [series] = await victoria.series('der', 'p_actual_kw')
        return series?.values.length === published && series
      })
      assert.equal(values.metric['device'], 'battery-1')
    } finally {
      await flow.stop()
      await victoria.remove()
    }
  })
})
