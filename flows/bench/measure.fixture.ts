import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds } from '../node-red-process.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'
import type { Contender, Latency } from './contender.fixture.ts'
import { startLoad } from './load.fixture.ts'
import { readingsPerMessage, type Shape } from './readings.fixture.ts'

/** So many readings a second, for so long. */
export interface Pace {
  readonly shape: Shape
  readonly perSecond: number
  readonly seconds: number
  /** Devices that take turns; unset: as everywhere else. */
  readonly devices?: number
}

/** What became of a pace. */
export interface Run {
  readonly asked: Pace
  /** Readings published and acknowledged by the broker, and how many of them a second. */
  readonly published: number
  readonly perSecond: number
  /** Published, and not stored in the end. */
  readonly lost: number
  /** Seconds from the last acknowledged publish to the last stored reading, and until what follows had caught up. */
  readonly tailSeconds: number
  readonly followSeconds: number
  readonly latency: Latency | undefined
  /** Processor seconds a million readings. */
  readonly cpu: CpuByPart
  /** Share of one core that publishing took. */
  readonly loadCores: number
  /** Memory of Node-RED since its start, at its highest, MB. */
  readonly peakMb: number | undefined
}

export interface CpuByPart {
  readonly nodeRed: number
  readonly database: number
  readonly broker: number
}

/** After so long without another stored reading the rest counts as lost. */
const patienceMs = 10_000

/** Publishes readings at a pace, waits until they are stored, and says how they fared. */
export async function measure(contender: Contender, asked: Pace): Promise<Run> {
  const size = readingsPerMessage[asked.shape]
  const count = Math.round((asked.perSecond * asked.seconds) / size)
  const published = count * size
  await contender.begin()
  const before = cpuOf(contender)
  const { shape, devices } = asked
  const pace = { perSecond: asked.perSecond / size, count, ...(devices !== undefined && { devices }) }
  const load = startLoad({ port: contender.brokerPort, shape, ...pace })
  await Promise.race([waitUntil('the load to begin', async () => load.published > 0, { everyMs: 20 }), load.done])
  const endLatency = contender.measureLatency(asked.shape)
  const { seconds, cpuSeconds: loadCpu } = await load.done
  const ended = performance.now()
  const since = (): number => (performance.now() - ended) / 1_000
  await storedInTheEnd(contender, published)
  const tailSeconds = since()
  await waitUntil('what follows the store', () => contender.isCaughtUp(), { withinMs: 120_000 })
  const followSeconds = since()
  const after = cpuOf(contender)
  const perMillion = (part: keyof CpuByPart): number => ((after[part] - before[part]) / published) * 1e6
  return {
    asked,
    published,
    perSecond: published / seconds,
    lost: published - (await contender.rows()),
    tailSeconds,
    followSeconds,
    latency: await endLatency(),
    cpu: { nodeRed: perMillion('nodeRed'), database: perMillion('database'), broker: perMillion('broker') },
    loadCores: loadCpu / seconds,
    peakMb: contender.nodeRed.memory()?.peak,
  }
}

/** Published as asked, nothing lost, and stored about as soon as published: nothing has piled up. */
export function isKept({ asked, perSecond, lost, tailSeconds, followSeconds }: Run): boolean {
  const most = Math.min(3, Math.max(0.6, asked.seconds / 10))
  return perSecond > 0.96 * asked.perSecond && lost === 0 && tailSeconds < most && followSeconds < most + 5
}

/** Waits until all is stored, or nothing more is. */
export async function storedInTheEnd(contender: Contender, published: number): Promise<void> {
  let progress = { stored: -1, at: 0 }
  for (;;) {
    const stored = await contender.stored()
    if (stored >= published) return
    if (stored > progress.stored) progress = { stored, at: performance.now() }
    else if (performance.now() - progress.at > patienceMs) return
    await sleep(50)
  }
}

function cpuOf({ nodeRed, brokerPid, databasePids }: Contender): CpuByPart {
  return {
    nodeRed: cpuSeconds(nodeRed.pid) ?? NaN,
    broker: cpuSeconds(brokerPid) ?? NaN,
    database: databasePids.reduce((sum, pid) => sum + familyCpuSeconds(pid), 0),
  }
}

/** Processor seconds of a process and its children, those that have ended among them; NaN where the system does not tell. */
export function familyCpuSeconds(pid: number): number {
  try {
    const family = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statOf(name) ?? [])
    const own = family.find((one) => one.pid === pid)
    if (!own) return NaN
    const children = family.filter(({ parent }) => parent === pid)
    return children.reduce((sum, child) => sum + child.seconds, own.seconds + own.endedChildren)
  } catch {
    // No such system.
    return NaN
  }
}

function statOf(pid: string): { pid: number; parent: number; seconds: number; endedChildren: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').map(Number)
    const ticks = (...at: number[]): number => at.reduce((sum, index) => sum + fields[index]!, 0) / 100
    return { pid: Number(pid), parent: fields[1]!, seconds: ticks(11, 12), endedChildren: ticks(13, 14) }
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}
