import { type RunningSystem, startSystem } from '../running-system.fixture.ts'
import type { Contender, Latency } from './contender.fixture.ts'
import { lastOfMessage, readingsPerMessage, type Shape } from './readings.fixture.ts'

/** The shipped flows, as `npm start` runs them with mosquitto: readings, roll-ups, latest readings, the first screen. */
export async function startLinhaViva(env: Readonly<Record<string, string>> = {}): Promise<Contender> {
  const system = await startSystem({ broker: 'mosquitto', env })
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
      numberOf(system, 'select coalesce(sum(readings), 0)::float8 as number from batch_log where batch_id >= $1', [first]),
    rows: () => numberOf(system, 'select count(*)::float8 as number from der_reading where batch_id >= $1', [first]),
    isCaughtUp: async () => (await numberOf(system, commitsNotRolledUp)) === 0,
    measureLatency(shape) {
      const from = Date.now()
      return () => latencyOf(system, shape, from)
    },
    lastLines: () => system.lastLines(),
    stop: () => system.stop(),
  }
}

const commitsNotRolledUp = `
  select count(*)::float8 as number from batch_log
  where position > coalesce((select position from consumer_cursor where consumer = 'rollups'), 0)`

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
