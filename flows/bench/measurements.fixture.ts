import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender } from './contender.fixture.ts'
import type { Figures, Row, Soak } from './figures.ts'
import { startLoad } from './load.fixture.ts'
import { isKept, measure, type Pace, type Run, storedInTheEnd } from './measure.fixture.ts'
import type { Options } from './options.ts'
import { highestKept } from './rate-search.ts'
import type { Shape } from './readings.fixture.ts'
import { slope } from './statistics.ts'
import type { BenchWay } from './ways.fixture.ts'

/** What every measurement needs of the benchmark. */
export interface Bench {
  readonly seconds: Options['seconds']
  readonly within: Options['within']
  /** For Node-RED, beside its own. */
  readonly env: Readonly<Record<string, string>>
  readonly figures: Figures
  progress(line: string): void
}

const mostConfirmations = 5
/** Far beyond what the load can offer. */
const mostPerSecond = 500_000

/** Searches the highest rate that a way keeps, with each shape of message, and confirms it with a fresh Node-RED. */
export async function measureHighest(way: BenchWay, bench: Bench): Promise<void> {
  const starts = Object.entries(way.firstRates) as [Shape, number][]
  if (way.absent !== undefined) {
    for (const [shape] of starts)
      bench.figures.highest.push({ way: wayOf(way), shape, run: undefined, absent: way.absent })
    return
  }
  await started(way, bench, async (contender) => {
    for (const [shape, start] of starts)
      bench.figures.highest.push(await highestOf(way, { shape, start }, contender, bench))
  })
}

async function highestOf(
  way: BenchWay,
  { shape, start }: { shape: Shape; start: number },
  contender: Contender,
  bench: Bench,
): Promise<Row> {
  const { probe, confirm } = bench.seconds
  const row = { way: wayOf(way), shape }
  await warmUp(contender, shape, start)
  const probes = new Map<number, Run>()
  let rate = await highestKept({ start, most: mostPerSecond, within: bench.within }, async (perSecond) => {
    const run = await tell(way, contender, { shape, perSecond, seconds: probe }, bench)
    probes.set(perSecond, run)
    // What was left behind must not burden the next.
    if (!isKept(run)) await restart(contender)
    return isKept(run)
  })
  if (confirm === 0 && rate !== undefined) return { ...row, run: probes.get(rate) }
  for (let attempt = 0; rate !== undefined && attempt < mostConfirmations; attempt++, rate *= 0.88) {
    await restart(contender)
    await warmUp(contender, shape, start)
    const run = await tell(way, contender, { shape, perSecond: rate, seconds: confirm }, bench)
    if (isKept(run)) return { ...row, run }
  }
  return { ...row, run: undefined, absent: 'none kept' }
}

/** How the shipped flow fares at given rates of single readings. */
export async function measurePaced(way: BenchWay, rates: readonly number[], bench: Bench): Promise<void> {
  if (way.absent !== undefined) throw new Error(way.absent)
  await started(way, bench, async (contender) => {
    for (const perSecond of rates) {
      const shape = 'singles'
      await restart(contender)
      await warmUp(contender, shape, perSecond)
      const run = await tell(way, contender, { shape, perSecond, seconds: bench.seconds.paced }, bench)
      bench.figures.paced.push({ way: wayOf(way), shape, run })
    }
  })
}

const killRate = 2_000

/** Kills Node-RED in the midst of a modest load, starts it again at once, and counts what is stored in the end. */
export async function measureKill(way: BenchWay, bench: Bench): Promise<void> {
  if (way.absent !== undefined) return
  await started(way, bench, async (contender) => {
    await contender.begin()
    const count = killRate * bench.seconds.kill
    const load = startLoad({ port: contender.brokerPort, shape: 'singles', perSecond: killRate, count })
    await sleep(3_000)
    await contender.nodeRed.kill()
    await contender.nodeRed.start()
    await load.done
    await storedInTheEnd(contender, count)
    const lost = count - (await contender.rows())
    bench.progress(`${way.name}: killed, ${lost} of ${count} lost`)
    bench.figures.kills.push({ way: wayOf(way), published: count, lost })
    if (way.isOurs && lost > 0) bench.figures.faults.push(`${way.name} lost ${lost} readings at kill -9`)
  })
}

const soakRate = 15_000

/** Watches the memory of Node-RED under a steady load, from a minute after its start on (a tenth of a shorter time). */
export async function measureSoak(way: BenchWay, minutes: number, bench: Bench): Promise<void> {
  if (way.absent !== undefined) throw new Error(way.absent)
  await started(way, bench, async (contender) => {
    await warmUp(contender, 'singles', soakRate, Math.min(60, minutes * 6))
    const points: { x: number; y: number }[] = []
    const began = performance.now()
    const watching = setInterval(() => {
      const now = contender.nodeRed.memory()?.now
      if (now !== undefined) points.push({ x: (performance.now() - began) / 60_000, y: now })
    }, 1_000)
    const run = await tell(way, contender, { shape: 'singles', perSecond: soakRate, seconds: minutes * 60 }, bench)
    clearInterval(watching)
    if (points.length === 0) throw new Error('this system does not tell the memory of a process')
    const soak: Soak = {
      ...{ perSecond: run.perSecond, minutes, lost: run.lost },
      ...{ startMb: points[0]!.y, endMb: points.at(-1)!.y, mostMb: Math.max(...points.map(({ y }) => y)) },
      mbPerMinute: slope(points.slice(Math.floor(points.length / 2))),
    }
    bench.figures.soak = soak
  })
}

async function started(way: BenchWay, bench: Bench, work: (contender: Contender) => Promise<void>): Promise<void> {
  bench.progress(`${way.name}: starting`)
  const contender = await way.start(bench.env)
  try {
    await work(contender)
  } catch (error) {
    bench.progress(contender.lastLines())
    throw error
  } finally {
    await contender.stop()
  }
}

async function restart(contender: Contender): Promise<void> {
  await contender.nodeRed.stop()
  await contender.nodeRed.start()
}

/** Devices register, code is compiled, partitions are made. */
const warmUp = (contender: Contender, shape: Shape, perSecond: number, seconds = 2): Promise<Run> =>
  measure(contender, { shape, perSecond: perSecond / 2, seconds })

async function tell(way: BenchWay, contender: Contender, pace: Pace, { figures, progress }: Bench): Promise<Run> {
  const run = await measure(contender, pace)
  const { latency, cpu } = run
  const mark = isKept(run) ? 'kept' : 'not kept'
  progress(
    `${way.name}: ${pace.shape} at ${pace.perSecond.toFixed(0)}/s for ${pace.seconds} s: ${mark} ` +
      `(published ${run.perSecond.toFixed(0)}/s, lost ${run.lost}, drained in ${run.tailSeconds.toFixed(1)} s, ` +
      `followed in ${run.followSeconds.toFixed(1)} s, p99 ${latency?.p99.toFixed(0)} ms, ` +
      `CPU s a million ${cpu.nodeRed.toFixed(1)} + ${cpu.database.toFixed(1)} + ${cpu.broker.toFixed(1)})`,
  )
  if (way.isOurs && run.lost > 0) figures.faults.push(`${way.name} lost ${run.lost} of ${run.published} readings`)
  return run
}

const wayOf = ({ id, name, latencyTo, isOurs }: BenchWay): Row['way'] => ({ id, name, latencyTo, isOurs })
