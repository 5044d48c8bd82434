import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NodeRedProcess } from '../node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from '../running-system.fixture.ts'
import { Visitor } from '../users.fixture.ts'
import type { Contender, Latency } from './contender.fixture.ts'
import { type Influxd, startBenchInfluxd } from './influxd.fixture.ts'
import { lastOfMessage, readingsPerMessage, type Shape } from './readings.fixture.ts'

type Env = Readonly<Record<string, string>>

/** The shipped flows, as `npm start` runs them with mosquitto: readings, roll-ups, latest readings, the first screen. */
export async function startLinhaViva(env: Env): Promise<Contender> {
  return contenderOf(await startSystem({ broker: 'mosquitto', env }))
}

/** The same, with its live stream. */
export interface LiveContender extends Contender {
  readonly url: string
  /** Somebody who may see the stream and ask for metrics. */
  readonly operator: Visitor
  /** Edits the flows as an admin does in the editor. */
  deploy(edit: Parameters<NodeRedProcess['deploy']>[0]): Promise<void>
}

export async function startLinhaVivaLive(env: Env): Promise<LiveContender> {
  const system = await startSystem({ broker: 'mosquitto', env })
  const { url } = system.nodeRed
  return Object.assign(contenderOf(system), {
    ...{ url, operator: new Visitor(url, 'operator') },
    deploy: (edit: Parameters<NodeRedProcess['deploy']>[0]) => system.nodeRed.deploy(edit),
  })
}

/** The same, with everything that is stored written to InfluxDB as well. */
export async function startLinhaVivaWithInflux(env: Env): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-influx-'))
  const influxd = await startBenchInfluxd(folder)
  const stopInflux = async (): Promise<void> => {
    await influxd.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const { url, database } = influxd
    const influxEnv = { INFLUX_URL: url, INFLUX_VERSION: '1', INFLUX_BUCKET: database }
    const ours = contenderOf(await startSystem({ broker: 'mosquitto', env: { ...env, ...influxEnv } }))
    return withInflux(ours, influxd, stopInflux)
  } catch (error) {
    await stopInflux()
    throw error
  }
}

/** A reading is stored when both have it. */
function withInflux(ours: Contender, influxd: Influxd, stopInflux: () => Promise<void>): Contender {
  let since = 0
  return {
    ...ours,
    databasePids: [...ours.databasePids, influxd.pid],
    async begin() {
      await ours.begin()
      // Readings of an array reach back half a second.
      await sleep(1_000)
      since = Date.now() - 900
    },
    async rows() {
      const points = await influxd.value(`select count(estimated_power_w) from der where time >= ${since}ms`)
      return Math.min(await ours.rows(), points ?? 0)
    },
    async stop() {
      await ours.stop()
      await stopInflux()
    },
  }
}

function contenderOf(system: RunningSystem): Contender {
  const { database, nodeRed } = system
  let first = 0
  return {
    brokerPort: system.brokerPort,
    brokerPid: system.brokerPid,
    databasePids: [database.pid],
    nodeRed: {
      get pid() {
        return nodeRed.pid
      },
      start: async () => {
        await nodeRed.start()
        await nodeRed.healthy()
      },
      stop: () => nodeRed.stop(),
      kill: () => nodeRed.kill(),
      memory: () => nodeRed.memory(),
    },
    async begin() {
      first = (await numberOf(system, 'select coalesce(max(batch_id), 0)::float8 as number from batch_log')) + 1
    },
    stored: () =>
      numberOf(system, 'select coalesce(sum(readings), 0)::float8 as number from batch_log where batch_id >= $1', [
        first,
      ]),
    rows: () => numberOf(system, 'select count(*)::float8 as number from der_reading where batch_id >= $1', [first]),
    isCaughtUp: async () => (await numberOf(system, commitsNotFollowed)) === 0,
    measureLatency(shape) {
      const from = Date.now()
      return () => latencyOf(system, shape, from)
    },
    lastLines: () => system.lastLines(),
    stop: () => system.stop(),
  }
}

/** Commits that one consumer or other has not taken yet. */
const commitsNotFollowed = `
  select count(*)::float8 as number from batch_log
  where position > coalesce((select min(position) from consumer_cursor where log = 'batch_log'), 0)`

async function numberOf({ database }: RunningSystem, text: string, values: unknown[] = []): Promise<number> {
  return (await database.row<{ number: number }>(text, values)).number
}

/** From the moment of publishing, which is the reading's instant, to the end of the transaction that stored it. */
function latencyOf({ database }: RunningSystem, shape: Shape, from: number): Promise<Latency> {
  return database.row<Latency & Record<string, unknown>>(
    `select count(*)::float8 as samples, percentile_cont(0.5) within group (order by ms) as p50,
       percentile_cont(0.99) within group (order by ms) as p99
     from (
       select extract(epoch from committed_at - at)::float8 * 1000 as ms
       from der_reading join batch_log using (batch_id)
       where at >= to_timestamp($1::float8 / 1000) and abs(estimated_power_w)::bigint % $2 = $3
     ) measured`,
    [from, readingsPerMessage[shape], lastOfMessage(shape)],
  )
}
