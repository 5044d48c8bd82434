import { freePort } from '../../platform/runtime/ports.ts'
import { cpuSeconds } from '../node-red-process.fixture.ts'
import { startLinhaViva } from './linha-viva.fixture.ts'
import { measure } from './measure.fixture.ts'
import type { Bench } from './measurements.fixture.ts'
import type { SolarRow } from './solar-figures.ts'
import type { ScoringReport } from './solar-scorer.fixture.ts'
import { linhaViva } from './ways.fixture.ts'

/** Readings taken in, and readings scored, a second. */
const perSecond = 5_000
const trainedOf = 20_000

/** The same rate of readings without scoring and with, in turns: a busy machine is as busy for both. */
export async function measureSolar(bench: Bench): Promise<void> {
  if (linhaViva.absent !== undefined) throw new Error(linhaViva.absent)
  const port = await freePort()
  const loaded = `--import=${new URL('solar-scorer.fixture.js', import.meta.url).href}`
  const NODE_OPTIONS = [bench.env['NODE_OPTIONS'], loaded].filter((one) => one !== undefined).join(' ')
  const ask = async <Answer>(what: string, body = ''): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${port}/${what}`, { method: 'POST', body })
    if (!response.ok) throw new Error(`the scorer cannot ${what}: ${await response.text()}`)
    return (await response.json()) as Answer
  }
  const contender = await startLinhaViva({ ...bench.env, NODE_OPTIONS, BENCH_SCORER_PORT: String(port) })
  try {
    const training = { samples: trainedOf, ...(await ask<{ ms: number; bytes: number }>('train')) }
    const rows: SolarRow[] = []
    bench.figures.solar = { training, rows }
    const shape = 'singles'
    // Devices register, code is compiled, partitions are made.
    await ask('begin', String(perSecond))
    await measure(contender, { shape, perSecond, seconds: 5 })
    await ask('end')
    for (const isScoring of [false, true, false, true, false]) {
      if (isScoring) await ask('begin', String(perSecond))
      const [began, cpuBefore] = [performance.now(), cpuSeconds(contender.nodeRed.pid) ?? NaN]
      const run = await measure(contender, { shape, perSecond, seconds: bench.seconds.paced })
      const seconds = (performance.now() - began) / 1_000
      const cores = ((cpuSeconds(contender.nodeRed.pid) ?? NaN) - cpuBefore) / seconds
      const report = isScoring ? await ask<ScoringReport>('end') : undefined
      rows.push({ run, cores, ...(report && { scoring: { ...report, perSecond: report.scored / seconds } }) })
      tell(rows.at(-1)!, bench)
    }
  } catch (error) {
    bench.progress(contender.lastLines())
    throw error
  } finally {
    await contender.stop()
  }
}

function tell({ run, scoring }: SolarRow, { figures, progress }: Bench): void {
  const with_ = scoring ? `with ${scoring.perSecond.toFixed(0)}/s scored` : 'without scoring'
  progress(`solar, ${with_}: stored ${run.perSecond.toFixed(0)}/s, p99 ${run.latency?.p99.toFixed(0)} ms`)
  if (run.lost > 0) figures.faults.push(`${with_}, ${run.lost} of ${run.published} readings were lost`)
  if (scoring && scoring.scored < scoring.asked)
    figures.faults.push(`${scoring.asked - scoring.scored} of ${scoring.asked} readings were not scored`)
}
