import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { startLoad } from './field-load.fixture.ts'
import { type Latency, latency } from './latency.fixture.ts'
import { cpuSeconds } from './node-red-process.fixture.ts'
import type { RunningSystem } from './running-system.fixture.ts'
import { waitUntil } from './waiting.fixture.ts'

export interface Pace {
  perSecond: number
  latency: Latency
  /** Processor shares while the load was on: 1 is one core. */
  nodeRedCores: number | undefined
  brokerCores: number | undefined
  /** Seconds from the last acknowledged publish to the last stored reading. */
  tailSeconds: number
}

/** Publishes the fleet's readings at a rate for some seconds, through everything, and measures how they fare. */
export async function measurePace(system: RunningSystem, perSecond: number, seconds: number): Promise<Pace> {
  const before = await stored(system)
  const count = perSecond * seconds
  const load = startLoad({
    ...{ brokerUrl: system.brokerUrl, kind: 'steady', publishers: 4, start: Date.now() },
    ...{ count, perSecond, from: before },
  })
  await waitUntil('the load to begin', async () => load.published > perSecond / 5)
  const [nodeRed, broker, from] = [cpuSeconds(system.nodeRed.pid), cpuSeconds(system.brokerPid), Date.now()]
  const took = await load.done
  const [nodeRedThen, brokerThen, to] = [cpuSeconds(system.nodeRed.pid), cpuSeconds(system.brokerPid), Date.now()]
  await waitUntil('all to be stored', async () => (await stored(system)) >= before + count, { everyMs: 50 })
  const tailSeconds = (Date.now() - to) / 1_000
  const share = (was: number | undefined, is: number | undefined): number | undefined =>
    was === undefined || is === undefined ? undefined : ((is - was) / (to - from)) * 1_000
  return {
    perSecond: count / took,
    latency: await latency(system.database, from, to),
    nodeRedCores: share(nodeRed, nodeRedThen),
    brokerCores: share(broker, brokerThen),
    tailSeconds,
  }
}

/** Readings stored so far. */
async function stored(system: RunningSystem): Promise<number> {
  return (await system.database.row<{ stored: number }>('select count(*)::float8 as stored from der_reading')).stored
}

/** The highest of some rates at which readings do not pile up: half of them are stored within a second. */
export async function sustainedPace(system: RunningSystem, rates: readonly number[], seconds: number): Promise<Pace[]> {
  const paces: Pace[] = []
  for (const rate of rates) {
    const pace = await measurePace(system, rate, seconds)
    paces.push(pace)
    if (!isSustained(pace, rate)) break
    await sleep(1_000)
  }
  return paces
}

/** Published as asked, and stored about as soon as published. */
export const isSustained = (pace: Pace, rate: number): boolean =>
  pace.perSecond > 0.9 * rate && pace.latency.p99 < 1_000 && pace.tailSeconds < 1

/** Readings a second from the first publish until the last one is stored, with all of them published at once. */
export async function drainRate(system: RunningSystem, count: number): Promise<number> {
  const before = await stored(system)
  const began = performance.now()
  const { done } = startLoad({
    ...{ brokerUrl: system.brokerUrl, kind: 'steady', publishers: 4, start: Date.now(), count, from: before },
  })
  await done
  await waitUntil('all to be stored', async () => (await stored(system)) >= before + count, { everyMs: 50 })
  return count / ((performance.now() - began) / 1_000)
}

/** The same for a client that only parses: what is left when nothing is checked, enriched or stored. */
export async function parseOnlyRate(brokerUrl: string, count: number): Promise<number> {
  const client = await connectAsync(brokerUrl, { clientId: 'parse-only' })
  let parsed = 0
  const all = new Promise<void>((resolve) =>
    client.on('message', (_topic, payload) => {
      JSON.parse(payload.toString())
      if (++parsed === count) resolve()
    }),
  )
  await client.subscribeAsync('der/telemetry/+', { qos: 1 })
  const began = performance.now()
  const { done } = startLoad({ brokerUrl, kind: 'steady', publishers: 4, start: Date.now(), count })
  await done
  await Promise.race([all, sleep(60_000, undefined, { ref: false })])
  const seconds = (performance.now() - began) / 1_000
  await client.endAsync()
  return parsed / seconds
}
