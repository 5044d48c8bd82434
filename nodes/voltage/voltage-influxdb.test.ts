import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { consumerStates, health, type ConsumerState } from '../../platform/http/health.ts'
import { startFlow, type FlowNode, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import influxdb from '../../platform/storage/influxdb.ts'
import postgresql from '../../platform/storage/postgresql.ts'
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
import { seedMeasurement, seedUnit } from './seeded-measurements.fixture.ts'
import { seedUnits, seedWeek, seedWindows } from './seeded-windows.fixture.ts'
import voltageInfluxdb from './voltage-influxdb.ts'

const tenMinutes = 600_000
const shipping: FlowNode = {
  ...{ id: 'store', type: 'linhaviva-voltage-influxdb', database: 'db', influxdb: 'influx' },
  wires: [['round']],
}

describe('voltage InfluxDB store', function () {
  this.timeout(120_000)
  const test = useDatabase()
  const begin = Math.floor(Date.now() / tenMinutes) * tenMinutes - 20 * tenMinutes
  let influx: TestInfluxd
  let flow: TestFlow

  before(async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      this.skip()
    }
    influx = await testInfluxd()
    await seedUnits(test.database, [
      { unitId: 'unit-1', feederId: 'f-1' },
      { unitId: 'unit-2', feederId: 'f-1' },
    ])
  })
  afterEach(() => flow?.stop())
  after(() => influx?.remove())

  const start = async (
    { url, version, bucket }: { url: string; version: number; bucket: string } = influx.settings,
    consumer = 'voltage-influxdb',
  ): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, influxdb, voltageInfluxdb],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'influx', type: 'linhaviva-influxdb', url, version: String(version), bucket },
        { ...shipping, consumer },
        { id: 'round', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const state = (): ConsumerState | undefined => new Map(consumerStates()).get('voltage-influxdb')
  const windows = () => influx.query('select * from voltage_window order by time')
  const ns = (at: number): string => `${at}000000`

  it('writes windows and the rolling week, and moves on', async () => {
    await seedWindows(test.database, [
      { unitId: 'unit-1', at: begin, volts: 126.5 },
      { unitId: 'unit-2', at: begin, volts: 116, band: 'precarious' },
    ])
    await seedWeek(test.database, 'unit-2', begin + tenMinutes, [1, 0, 0], [0, 0, 0], 1)
    await start()
    const [round] = await waitUntil('a round', () => flow.received('round').length > 0 && flow.received('round'))
    assert.deepEqual(round, { ...round, topic: 'voltage/influxdb', payload: { commits: 1, windows: 2, behind: 0 } })
    const [, second] = (await windows()).toSorted((one, other) =>
      String(one['unit']) < String(other['unit']) ? -1 : 1,
    )
    assert.deepEqual(second, {
      ...{ time: ns(begin), unit: 'unit-2', feeder: 'f-1', phase: 'A' },
      ...{ volts: 116, coverage: 1, band: 'precarious', valid: true },
    })
    const [week] = await influx.query('select * from voltage_indicator')
    assert.deepEqual([week!['time'], week!['indicative'], week!['unit']], [ns(begin + tenMinutes), 'true', 'unit-2'])
    assert.ok(Math.abs((week!['drp_pct'] as number) - 100 / 1_008) < 1e-9)
    assert.deepEqual([week!['drc_pct'], week!['valid_windows'], week!['drp_phase']], [0, 1, 'A'])
    await flow.showed('store', 'voltage-influxdb.status.behind')
    assert.deepEqual([state()!.written, state()!.refused, state()!.batchesBehind], [3, 0, 0])
    assert.deepEqual(flow.errors(), [])
  })

  it('goes on where it stopped, and puts a corrected window in its own place', async () => {
    await seedWindows(test.database, [{ unitId: 'unit-1', at: begin + tenMinutes, volts: 127 }])
    await seedWindows(test.database, [
      {
        ...{ unitId: 'unit-2', at: begin, volts: 115, band: 'precarious' },
        invalid: { reason: 'vtcd', evidence: { eventId: 'e-1' } },
      },
    ])
    await start()
    await waitUntil('the cursor', () => state()?.readings === 2)
    assert.equal((await windows()).length, 3)
    const corrected = (await windows()).find(({ unit }) => unit === 'unit-2')
    assert.deepEqual([corrected!['volts'], corrected!['valid'], corrected!['invalid_reason']], [115, false, 'vtcd'])
  })

  it('writes what an official measurement came to, apart from the rolling week', async () => {
    const { database } = test
    await seedUnit(database, 'unit-9')
    await seedMeasurement(database, { unitId: 'unit-9', precarious: [31, 0, 0], critical: [0, 6, 0] })
    await start()
    const [result] = await waitUntil('the result', async () => {
      const rows = await influx.query("select * from voltage_indicator where indicative = 'false'")
      return rows[0]?.['drc_phase'] ? rows : false
    })
    assert.deepEqual(
      [result!['unit'], result!['valid_windows'], result!['drp_phase'], result!['drc_phase']],
      ['unit-9', 1_008, 'A', 'B'],
    )
    assert.ok((result!['drp_pct'] as number) > 3 && (result!['drc_pct'] as number) > 0.5)
    await waitUntil('its round', () => flow.received('round').some(({ payload }) => 'results' in (payload as object)))
    assert.deepEqual(flow.errors(), [])
  })

  it('catches up with what was written while InfluxDB was away, told once', async () => {
    await start()
    await influx.kill()
    for (let n = 2; n < 12; n++)
      await seedWindows(test.database, [{ unitId: 'unit-1', at: begin + n * tenMinutes, volts: 120 + n }])
    const away = await flow.showed('store', 'voltage-influxdb.status.away')
    assert.equal(away.fill, 'red')
    await waitUntil('several attempts', () => state()!.failures >= 3)
    const { batchesBehind, oldestAt } = state()!
    assert.ok(batchesBehind > 0 && oldestAt !== null && oldestAt <= Date.now())
    assert.equal(health(0).influx, 'down')
    await influx.start()
    await waitUntil('all windows', async () => (await windows()).length === 13)
    await waitUntil('nothing to be left', () => state()!.batchesBehind === 0)
    assert.equal(flow.errors().length, 1)
    assert.match(flow.errors()[0]!, /^InfluxDB cannot be written: .*ECONNREFUSED/)
  })

  it('shares a series a feeder and phase beyond INFLUX_MAX_SERIES', async () => {
    await influx.query('create retention policy "shared" on "linhaviva" duration inf replication 1')
    process.env['INFLUX_MAX_SERIES'] = '1'
    try {
      await start({ ...influx.settings, bucket: 'linhaviva/shared' }, 'shared')
      const found = await waitUntil('all windows', async () => {
        const rows = await influx.query('select * from shared.voltage_window')
        return rows.length === 13 && rows
      })
      const first = found.filter(({ unit }) => unit === 'unit-1')
      const [later] = found.filter(({ unit }) => unit === null)
      assert.deepEqual([first.length, later!['unit_id'], later!['feeder']], [12, 'unit-2', 'f-1'])
    } finally {
      delete process.env['INFLUX_MAX_SERIES']
    }
  })

  it('idles where no server is configured', async () => {
    await start({ url: '', version: 2, bucket: '' })
    assert.equal((await flow.showed('store', 'voltage-influxdb.status.off')).fill, 'grey')
    assert.deepEqual([consumerStates(), flow.errors()], [[], []])
  })

  it('writes to a server of the ways of version 2', async function () {
    if (!hasVictoriaMetrics) {
      process.stdout.write(`      ${withoutVictoriaMetrics}\n`)
      return this.skip()
    }
    const victoria = await testVictoriaMetrics()
    try {
      await start(victoria.settings, 'victoria')
      const series = await waitUntil('all windows', async () => {
        const found = await victoria.series('voltage_window', 'volts')
        return found.reduce((sum, { values }) => sum + values.length, 0) === 13 && found
      })
      assert.equal(series.length, 2)
      assert.deepEqual(new Set(series.map(({ metric }) => metric['unit'])), new Set(['unit-1', 'unit-2']))
      const indicators = await waitUntil('both indicators', async () => {
        const found = await victoria.series('voltage_indicator', 'drp_pct')
        return found.length === 2 && found
      })
      assert.deepEqual(
        indicators.map(({ metric }) => String(metric['indicative'])).toSorted((one, other) => one.localeCompare(other)),
        ['false', 'true'],
      )
    } finally {
      await flow.stop()
      await victoria.remove()
    }
  })
})
