/**
 * Loaded into Node-RED's own process (`node --import`): scores features of solar panels there at a steady rate, as the solar nodes do,
 * in the thread that they open. Told over HTTP when to begin and to end, on the loopback's port `BENCH_SCORER_PORT`.
 */
import { createServer } from 'node:http'
import { isMainThread } from 'node:worker_threads'
import { featureRows } from '../../nodes/solar/domain/forest/features.ts'
import { forestSchedule } from '../../nodes/solar/domain/forest/schedule.ts'
import { openScoring, type Scoring, type StoredTrees } from '../../nodes/solar/scoring/scoring.ts'
import { healthySample } from '../../nodes/solar/scoring/scoring.samples.ts'
import { percentile } from './statistics.ts'

/** What came of scoring for a while. */
export interface ScoringReport {
  /** Readings that were to be scored, and were. */
  readonly asked: number
  readonly scored: number
  /** Of a batch, from the moment it is due to its scores, ms. */
  readonly p50: number
  readonly p99: number
  /** Share of the time that the main thread spent on it. */
  readonly mainShare: number
}

const panels = 5_000
const trainedOf = 20_000
const samples = Array.from({ length: Math.max(panels, trainedOf) }, (_, n) => healthySample(n))
const batchesPerSecond = 5

interface Round {
  readonly scoring: Scoring
  readonly forest: StoredTrees
  readonly perSecond: number
}

/** Scores batches until it is told to stop. @returns what tells it, and says how it fared */
function begin({ scoring, forest, perSecond }: Round): () => Promise<ScoringReport> {
  const size = perSecond / batchesPerSecond
  const began = performance.now()
  const took: number[] = []
  const running = new Set<Promise<unknown>>()
  let [batches, scored, mainMs] = [0, 0, 0]
  const dueAt = (batch: number): number => began + (1_000 * batch) / batchesPerSecond
  async function scoreBatch(batch: number): Promise<void> {
    const first = (batch * size) % panels
    const from = performance.now()
    const scores = scoring.score(forest, featureRows(samples.slice(first, first + size)))
    mainMs += performance.now() - from
    scored += (await scores).length
    took.push(performance.now() - dueAt(batch))
  }
  const timer = setInterval(() => {
    for (; dueAt(batches) <= performance.now(); batches++) {
      // What is refused is asked and not scored.
      const batch = scoreBatch(batches).catch(() => undefined)
      running.add(batch)
      void batch.then(() => running.delete(batch))
    }
  }, 20)
  return async () => {
    clearInterval(timer)
    const mainShare = mainMs / (performance.now() - began)
    await Promise.all(running)
    const [p50, p99] = [percentile(took, 0.5) ?? NaN, percentile(took, 0.99) ?? NaN]
    return { asked: batches * size, scored, p50, p99, mainShare }
  }
}

/** `POST /train` → `{ms, bytes}`; `POST /begin` with readings a second; `POST /end` → the report. */
function serve(port: number): void {
  const scoring = openScoring()
  let forest: StoredTrees | undefined
  let end: (() => Promise<ScoringReport>) | undefined
  const answers: Record<string, (text: string) => Promise<object>> = {
    async '/train'() {
      const started = performance.now()
      const rows = featureRows(samples.slice(0, trainedOf))
      const { trees } = await scoring.train(rows, { seed: 1, quantile: forestSchedule.quantile })
      forest = { model: 'bench', trees }
      return { ms: performance.now() - started, bytes: trees.length }
    },
    async '/begin'(text) {
      end = begin({ scoring, forest: forest!, perSecond: Number(text) })
      return {}
    },
    '/end': () => end!(),
  }
  const server = createServer((request, response) => {
    const parts: string[] = []
    request.setEncoding('utf8').on('data', (part: string) => parts.push(part))
    request.on('end', () => {
      const answer = answers[request.url ?? '']
      Promise.resolve(answer?.(parts.join('')) ?? {}).then(
        (body) => response.end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
  })
  server.listen(port, '127.0.0.1').unref()
}

const port = process.env['BENCH_SCORER_PORT']
// Its threads and children load it too.
if (isMainThread && port !== undefined && /[\\/]red\.js$/.test(process.argv[1] ?? '')) serve(Number(port))
