import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import {
  provideConsumer,
  provideControlLoop,
  provideHealth,
  provideIgnoredCounts,
  provideIngestCounts,
  provideOfflineDevices,
  provideOpenCommands,
  provideStandingAlarms,
  provideStreamCounts,
} from './health.ts'
import { openMetrics } from './metrics.ts'

const now = Date.UTC(2026, 10, 21, 12)
const state = {
  ...{ batchesBehind: 3, readingsBehind: 450, oldestAt: now - 2_500, batches: 10, readings: 1_000, failures: 1 },
  lastSuccessAt: now - 4_000,
}

describe('metrics', () => {
  const withdrawals: (() => void)[] = []
  const metrics = openMetrics({ now: () => now })
  afterEach(() => {
    for (const withdraw of withdrawals.splice(0)) withdraw()
  })

  /** Value of a sample, as Prometheus would read it. */
  async function sample(name: string): Promise<number | undefined> {
    const line = (await metrics.text()).split('\n').find((each) => each.startsWith(`${name} `))
    return line === undefined ? undefined : Number(line.slice(name.length + 1))
  }

  it('say how each consumer of the log stands, by name', async () => {
    withdrawals.push(
      provideConsumer('rollups', () => ({ ...state, batchesBehind: 0, readingsBehind: 0, oldestAt: null })),
    )
    withdrawals.push(provideConsumer('influxdb', () => ({ ...state, written: 990, refused: 10 })))
    for (const [name, value] of [
      ['linhaviva_consumer_batches_behind{consumer="influxdb"}', 3],
      ['linhaviva_consumer_batches_behind{consumer="rollups"}', 0],
      ['linhaviva_consumer_readings_behind{consumer="influxdb"}', 450],
      ['linhaviva_consumer_oldest_behind_seconds{consumer="influxdb"}', 2.5],
      ['linhaviva_consumer_oldest_behind_seconds{consumer="rollups"}', 0],
      ['linhaviva_consumer_last_success_timestamp_seconds{consumer="influxdb"}', (now - 4_000) / 1_000],
      ['linhaviva_consumer_batches_total{consumer="influxdb"}', 10],
      ['linhaviva_consumer_readings_total{consumer="influxdb"}', 1_000],
      ['linhaviva_consumer_failures_total{consumer="influxdb"}', 1],
      ['linhaviva_consumer_points_written_total{consumer="influxdb"}', 990],
      ['linhaviva_consumer_points_refused_total{consumer="influxdb"}', 10],
      // They send nothing anywhere.
      ['linhaviva_consumer_points_written_total{consumer="rollups"}', undefined],
    ] as const)
      assert.equal(await sample(name), value, name)
  })

  it('tell alarms that stand by state and priority, and floods; nothing while nobody knows', async () => {
    withdrawals.push(provideStandingAlarms(() => undefined))
    assert.equal(await sample('linhaviva_alarm_flood'), undefined)
    const counts = [{ state: 'B', priority: 'high', alarms: 7 }]
    withdrawals.push(provideStandingAlarms(() => ({ counts, inFlood: true })))
    assert.equal(await sample('linhaviva_alarms_standing{state="B",priority="high"}'), 7)
    assert.equal(await sample('linhaviva_alarm_flood'), 1)
    for (const withdraw of withdrawals.splice(0)) withdraw()
    assert.equal(await sample('linhaviva_alarm_flood'), undefined)
  })

  it('tell commands that are not over by state; nothing while nobody knows', async () => {
    withdrawals.push(provideOpenCommands(() => undefined))
    assert.equal(await sample('linhaviva_commands_open{state="unknown"}'), undefined)
    withdrawals.push(provideOpenCommands(() => ({ unknown: 2, queued: 0 })))
    assert.equal(await sample('linhaviva_commands_open{state="unknown"}'), 2)
    assert.equal(await sample('linhaviva_commands_open{state="queued"}'), 0)
  })

  it('tell how long feeders wait for the control loop, and how many too long; nothing while nobody steers', async () => {
    withdrawals.push(provideControlLoop(() => ({ status: 'off', lastTickAt: null, stalled: [], overrun: [] })))
    assert.equal(await sample('linhaviva_control_loop_age_seconds'), undefined)
    assert.equal(await sample('linhaviva_control_loop_late_feeders{state="stalled"}'), undefined)
    const late = { status: 'stalled', lastTickAt: now - 240_000, stalled: ['f-1'], overrun: [] } as const
    withdrawals.push(provideControlLoop(() => late))
    assert.equal(await sample('linhaviva_control_loop_age_seconds'), 240)
    assert.equal(await sample('linhaviva_control_loop_late_feeders{state="stalled"}'), 1)
    assert.equal(await sample('linhaviva_control_loop_late_feeders{state="overrun"}'), 0)
  })

  it('forget a consumer that is gone', async () => {
    provideConsumer('influxdb', () => state)()
    assert.doesNotMatch(await metrics.text(), /consumer="/)
  })

  it('know no last success where there was none', async () => {
    withdrawals.push(provideConsumer('influxdb', () => ({ ...state, lastSuccessAt: null })))
    assert.equal(await sample('linhaviva_consumer_last_success_timestamp_seconds{consumer="influxdb"}'), undefined)
  })

  it('count what became nothing, by reason, of all nodes together', async () => {
    withdrawals.push(provideIgnoredCounts(() => ({ repeated: 2, unmapped: 5 })))
    withdrawals.push(provideIgnoredCounts(() => ({ repeated: 1 })))
    assert.equal(await sample('linhaviva_ingest_ignored_total{reason="repeated"}'), 3)
    assert.equal(await sample('linhaviva_ingest_ignored_total{reason="unmapped"}'), 5)
    for (const withdraw of withdrawals.splice(0)) withdraw()
    assert.doesNotMatch(await metrics.text(), /ignored_total{/)
  })

  it('count what the nodes have counted, at every asking anew', async () => {
    let received = 5
    withdrawals.push(
      provideIngestCounts(() => ({ received, stored: 4, duplicates: 1, quarantined: 0, inFlight: 2, lagMs: 70 })),
    )
    assert.equal(await sample('linhaviva_ingest_received_total'), 5)
    received = 9
    assert.equal(await sample('linhaviva_ingest_received_total'), 9)
    assert.equal(await sample('linhaviva_ingest_stored_total'), 4)
    assert.equal(await sample('linhaviva_ingest_in_flight'), 2)
    assert.equal(await sample('linhaviva_ingest_lag_seconds'), 0.07)
  })

  it('say which parts are there, and nothing of one that is not configured', async () => {
    withdrawals.push(provideHealth('db', () => ({ up: true })))
    assert.equal(await sample('linhaviva_up{part="db"}'), 1)
    assert.equal(await sample('linhaviva_up{part="mqtt"}'), 0)
    assert.equal(await sample('linhaviva_up{part="influx"}'), undefined)
    withdrawals.push(provideHealth('influx', () => ({ up: false, detail: 'away' })))
    assert.equal(await sample('linhaviva_up{part="influx"}'), 0)
  })

  it('say how many devices are offline once somebody knows', async () => {
    assert.equal(await sample('linhaviva_devices_offline'), undefined)
    withdrawals.push(provideOfflineDevices(() => 4))
    assert.equal(await sample('linhaviva_devices_offline'), 4)
  })

  it('count answers of the API by operation and class of status, and nothing that callers make up', async () => {
    const answered = { operationId: 'listDevices', method: 'GET', seconds: 0.02 }
    metrics.answered({ ...answered, status: 200 })
    metrics.answered({ ...answered, status: 404 })
    metrics.answered({ ...answered, status: 401 })
    const name = 'linhaviva_api_request_duration_seconds'
    const labels = (status: string) => `operation="listDevices",method="GET",status="${status}"`
    assert.equal(await sample(`${name}_count{${labels('2xx')}}`), 1)
    assert.equal(await sample(`${name}_count{${labels('4xx')}}`), 2)
    assert.equal(await sample(`${name}_bucket{le="0.01",${labels('2xx')}}`), 0)
    assert.equal(await sample(`${name}_bucket{le="0.025",${labels('2xx')}}`), 1)
  })

  it('count the clients of the live stream, of all that serve them', async () => {
    withdrawals.push(
      provideStreamCounts(() => ({ clients: 3, subscriptions: 7, waitingBytes: 10, sent: 100, dropped: 1 })),
    )
    withdrawals.push(
      provideStreamCounts(() => ({ clients: 2, subscriptions: 2, waitingBytes: 5, sent: 50, dropped: 0 })),
    )
    assert.equal(await sample('linhaviva_stream_clients'), 5)
    assert.equal(await sample('linhaviva_stream_subscriptions'), 9)
    assert.equal(await sample('linhaviva_stream_waiting_bytes'), 15)
    assert.equal(await sample('linhaviva_stream_sent_total'), 150)
    assert.equal(await sample('linhaviva_stream_dropped_total'), 1)
  })

  it('say by how much the event loop is late', async () => {
    assert.ok((await sample('nodejs_eventloop_lag_p99_seconds'))! >= 0)
    assert.ok((await sample('nodejs_eventloop_lag_max_seconds'))! >= 0)
  })

  it('are Prometheus text, with the metrics of the process', async () => {
    assert.match(metrics.contentType, /^text\/plain; version=/)
    assert.ok((await sample('process_resident_memory_bytes'))! > 1e6)
  })
})
