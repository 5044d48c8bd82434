import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import { freePort } from '../../platform/runtime/ports.ts'
import { topicOf } from '../../platform/wire/contract.ts'
import { startMosquitto } from '../mosquitto.fixture.ts'
import { RunningDatabase } from '../running-system.fixture.ts'
import type { Contender, Latency } from './contender.fixture.ts'
import { type Influxd, startBenchInfluxd } from './influxd.fixture.ts'
import { lastOfMessage, readingsPerMessage } from './readings.fixture.ts'
import { percentile } from './statistics.ts'
import { influxFlow, postgresqlFlow, stockTable } from './stock-flows.ts'
import { StockNodeRed } from './stock-node-red.fixture.ts'

export interface StockOptions {
  /** As the broker node comes: nothing is kept for a Node-RED that is away. */
  readonly cleanSession: boolean
  readonly env: Readonly<Record<string, string>>
}

/** mqtt in → json → function with `pg`: an insert a message, in a PostgreSQL set up as ours. */
export async function startStockPostgresql({
  cleanSession,
  env,
  split = false,
}: StockOptions & { split?: boolean }): Promise<Contender> {
  const { folder, log, lastLines, stops, stop } = workshop()
  try {
    const mosquitto = await startMosquitto(folder, log)
    stops.push(mosquitto.stop)
    const database = new RunningDatabase(join(folder, 'data'), log)
    stops.push(() => database.stop())
    await database.start()
    await database.query(stockTable)
    await database.query(`grant select, insert on stock_reading to ${database.running.user}`)
    const number = async (text: string, values: unknown[] = []): Promise<number> =>
      (await database.row<{ number: number }>(text, values)).number
    // Probes have no estimated_power_w.
    const rows = (): Promise<number> => number('select count(estimated_power_w)::float8 as number from stock_reading')
    const probe = await openProbe(mosquitto.port)
    stops.push(() => probe.endAsync(true))
    const nodeRed = new StockNodeRed(
      { folder: join(folder, 'node-red'), port: await freePort(), database: database.running },
      postgresqlFlow({ brokerPort: mosquitto.port, cleanSession, split }),
      async () => {
        const at = Date.now()
        await publishProbe(probe, at)
        await sleep(100)
        const found = `select count(*)::float8 as number from stock_reading
          where device_id = 'probe' and at = to_timestamp($1::float8 / 1000)`
        return (await number(found, [at])) === 1
      },
      log,
      env,
    )
    stops.push(() => nodeRed.stop())
    await nodeRed.start()
    return {
      ...{ brokerPort: mosquitto.port, brokerPid: mosquitto.pid, databasePids: [database.pid], nodeRed },
      begin: async () => void (await database.query('truncate stock_reading')),
      stored: rows,
      rows,
      isCaughtUp: async () => true,
      measureLatency(shape) {
        const from = Date.now()
        return () =>
          database.row<Latency & Record<string, unknown>>(
            `select count(*)::float8 as samples, percentile_cont(0.5) within group (order by ms) as p50,
               percentile_cont(0.99) within group (order by ms) as p99
             from (
               select extract(epoch from inserted_at - at)::float8 * 1000 as ms from stock_reading
               where at >= to_timestamp($1::float8 / 1000) and estimated_power_w::bigint % $2 = $3
             ) measured`,
            [from, readingsPerMessage[shape], lastOfMessage(shape)],
          )
      },
      lastLines,
      stop,
    }
  } catch (error) {
    await stop()
    throw new Error(`the stock flow does not start: ${String(error)}\n${lastLines()}`, { cause: error })
  }
}

/** mqtt in → json → function → influxdb out: a write a message. */
export async function startStockInflux({ cleanSession, env }: StockOptions): Promise<Contender> {
  const { folder, log, lastLines, stops, stop } = workshop()
  try {
    const mosquitto = await startMosquitto(folder, log)
    stops.push(mosquitto.stop)
    const influxd = await startBenchInfluxd(folder)
    stops.push(influxd.stop)
    const probe = await openProbe(mosquitto.port)
    stops.push(() => probe.endAsync(true))
    const nodeRed = new StockNodeRed(
      { folder: join(folder, 'node-red'), port: await freePort(), database: undefined },
      influxFlow({
        ...{ brokerPort: mosquitto.port, cleanSession },
        ...{ influxPort: influxd.port, influxDatabase: influxd.database },
      }),
      async () => {
        const at = Date.now()
        await publishProbe(probe, at)
        await sleep(100)
        return isProbeStored(influxd, at)
      },
      log,
      env,
    )
    stops.push(() => nodeRed.stop())
    await nodeRed.start()
    let since = 0
    // Probes have no estimated_power_w.
    const rows = async (): Promise<number> =>
      (await influxd.value(`select count(estimated_power_w) from reading where time >= ${since}ms`)) ?? 0
    return {
      ...{ brokerPort: mosquitto.port, brokerPid: mosquitto.pid, databasePids: [influxd.pid], nodeRed },
      async begin() {
        // Readings of an array reach back half a second.
        await sleep(1_000)
        since = Date.now() - 900
      },
      stored: rows,
      rows,
      isCaughtUp: async () => true,
      measureLatency: () => probeLatency(probe, influxd),
      lastLines,
      stop,
    }
  } catch (error) {
    await stop()
    throw new Error(`the stock flow does not start: ${String(error)}\n${lastLines()}`, { cause: error })
  }
}

function workshop() {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-stock-'))
  // PostgreSQL may have to run as another user, who must get in.
  chmodSync(folder, 0o755)
  const lines: string[] = []
  const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  return {
    folder,
    stops,
    log: (line: string): void => {
      lines.push(line.slice(0, 200))
      if (lines.length > 40) lines.shift()
    },
    lastLines: () => lines.join('\n'),
    stop: async (): Promise<void> => {
      for (const stopPart of stops.splice(0).toReversed()) await stopPart()
    },
  }
}

const openProbe = (port: number): Promise<MqttClient> =>
  connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'bench-probe' })

/** A reading that goes the way of all the others, and is looked for by its instant. In an array: every flow takes one. */
async function publishProbe(probe: MqttClient, at: number): Promise<void> {
  const place = { site_id: 'site-probe', feeder_id: 'feeder-1', p_max_kw: 10 }
  const body = { deviceId: 'probe', type: 'ev', timestamp: new Date(at).toISOString(), ...place, p_actual_kw: 1 }
  await probe.publishAsync(topicOf('der', 'probe'), JSON.stringify([body]), { qos: 1 })
}

const isProbeStored = async (influxd: Influxd, at: number): Promise<boolean> =>
  (await influxd.value(`select count(p_actual_kw) from reading where deviceId = 'probe' and time = ${at}ms`)) === 1

/** What InfluxDB does not know, when a point was written, is asked for: every hundredth of a second, of one reading at a time. */
function probeLatency(probe: MqttClient, influxd: Influxd): () => Promise<Latency | undefined> {
  const taken: number[] = []
  let ending = false
  const probing = (async () => {
    while (!ending) {
      const at = Date.now()
      await publishProbe(probe, at)
      while (!(await isProbeStored(influxd, at))) {
        if (Date.now() - at > 60_000) return
        await sleep(10)
      }
      taken.push(Date.now() - at)
      await sleep(100)
    }
  })()
  return async () => {
    ending = true
    await probing
    const [p50, p99] = [percentile(taken, 0.5), percentile(taken, 0.99)]
    return p50 === undefined || p99 === undefined ? undefined : { p50, p99, samples: taken.length }
  }
}
