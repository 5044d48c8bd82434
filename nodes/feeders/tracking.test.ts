import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { consumerStates } from '../../platform/http/health.ts'
import { openMetrics } from '../../platform/http/metrics.ts'
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
import type { FeederConditions, TrackingMessage } from './messages.ts'
import tracking from './tracking.ts'
import { seedMinutes, seedSetpoints, seedTrackedField } from './tracking/tracked.fixture.ts'

const minuteMs = 60_000

describe('tracking', function () {
  this.timeout(120_000)
  const test = useDatabase()
  let from: number
  let influx: TestInfluxd | undefined
  let flow: TestFlow

  before(async () => {
    // not when the file is read: other suites may run for long before
    from = Math.floor(Date.now() / minuteMs) * minuteMs - 20 * minuteMs
    const { database } = test
    await seedTrackedField(database)
    await seedSetpoints(database, [
      { deviceId: 'ev-1', at: from - minuteMs, powerKw: 4 },
      { deviceId: 'ev-3', at: from, powerKw: 2 },
      { deviceId: 'ev-3', at: from + minuteMs, powerKw: null },
    ])
    await seedMinutes(
      database,
      'ev-1',
      from,
      Array.from({ length: 24 }, () => 5),
    )
    await database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, 'meter', to_timestamp(0), to_timestamp(0), 'good', 1, '{}' from device where device_id = 'head-1'`,
    )
    await database.query(
      `insert into feeder_allocation (root_id, at, recorded_at, interval_s, cause, round_ms, solver_ms, holder, token, device_count, allocation)
       values ('root', to_timestamp(0), to_timestamp(0), 60, 'interval', 1, 1, 'one', 1, 1, $1)`,
      [
        JSON.stringify({
          feeders: [{ feederId: 'root', line: 'total', importLimitKw: 100, exportLimitKw: 30, unavoidableKw: 0 }],
        }),
      ],
    )
  })
  afterEach(() => flow?.stop())
  after(() => influx?.remove())

  const start = async (server?: { url: string; version: number; bucket: string }): Promise<void> => {
    const { host, port, database, user, password } = test.login
    const { url = '', version = 2, bucket = '' } = server ?? {}
    flow = await startFlow(
      [postgresql, influxdb, tracking],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'influx', type: 'linhaviva-influxdb', url, version: String(version), bucket },
        {
          ...{ id: 'tracking', type: 'linhaviva-tracking', database: 'db', influxdb: 'influx' },
          wires: [['figures'], ['conditions']],
        },
        { id: 'figures', type: 'helper', wires: [] },
        { id: 'conditions', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }

  it('tells figures, shows them, and says what is amiss', async () => {
    await start()
    const message = (await waitUntil('figures', () => flow.received('figures')[0])) as unknown as TrackingMessage
    assert.deepEqual([message.topic, message.payload.windowMinutes], ['feeders/tracking', 15])
    assert.deepEqual(
      message.payload.devices.map(({ deviceId, meanErrorKw, minutes }) => [deviceId, meanErrorKw, minutes]),
      [['ev-1', 1, 15]],
    )
    assert.deepEqual(
      message.payload.feeders.map(({ feederId, importLimitKw }) => [feederId, importLimitKw]),
      [
        ['root', 100],
        ['west', null],
      ],
    )
    assert.equal((await flow.showed('tracking', 'tracking.status.devices')).fill, 'green')
    const metrics = await openMetrics().text()
    assert.match(metrics, /^linhaviva_tracking_devices 1$/m)
    assert.match(metrics, /^linhaviva_tracking_mean_error_kw\{feeder="west"\} 1$/m)
    const said = await waitUntil('what is amiss', () => {
      const messages = flow.received('conditions') as unknown as FeederConditions[]
      const keys = messages.flatMap(({ payload }) => payload.map(({ key }) => key))
      return keys.length >= 2 && keys
    })
    assert.deepEqual(said, ['feeders/loop-stalled/root', 'feeders/head-lost/root'])
    assert.deepEqual([flow.errors(), consumerStates()], [[], []])
  })

  it('writes setpoints, limits and figures to InfluxDB', async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      return this.skip()
    }
    influx = await testInfluxd()
    await start(influx.settings)
    const setpoints = await waitUntil('setpoints', async () => {
      const rows = await influx!.query('select * from setpoint order by time')
      return rows.length === 3 && rows
    })
    assert.deepEqual(
      setpoints.map((row) => [row['device'], row['setpoint_kw'], row['in_force']]),
      [
        ['ev-1', 4, true],
        ['ev-3', 2, true],
        ['ev-3', null, false],
      ],
    )
    const rows = (measurement: string) =>
      waitUntil(measurement, async () => {
        const found = await influx!.query(`select * from ${measurement} order by time`)
        return found.length > 0 && found
      })
    const [device] = await rows('tracking_error')
    assert.deepEqual([device!['device'], device!['feeder'], device!['type'], device!['mean_kw']], ['ev-1', 'west', 'ev', 1]) // prettier-ignore
    const [limit] = await rows('feeder_limit')
    assert.deepEqual([limit!['feeder'], limit!['import_kw'], limit!['export_kw']], ['root', 100, 30])
    const errors = await rows('feeder_tracking_error')
    assert.deepEqual(new Set(errors.map((row) => row['feeder'])), new Set(['root', 'west']))
    await waitUntil('both places in the logs', async () => {
      const states = new Map(consumerStates())
      return ['tracking setpoints', 'tracking figures'].every((name) => (states.get(name)?.written ?? 0) > 0)
    })
    assert.deepEqual(flow.errors(), [])
  })
})
