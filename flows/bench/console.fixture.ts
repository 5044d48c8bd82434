import type { ConsoleRow } from './console-figures.ts'
import { startLinhaVivaLive, type LiveContender } from './linha-viva.fixture.ts'
import { measure } from './measure.fixture.ts'
import type { Bench } from './measurements.fixture.ts'
import { openOperatorBrowser } from './operator.fixture.ts'

const [perSecond, devices] = [5_000, 5_000]
const emptyPath = '/nothing'
const paintings = 5

/** The same rate of readings without the console open and with it, somebody working in it; and how soon pages show something. */
export async function measureConsole(minutes: number, bench: Bench): Promise<void> {
  const contender = await startLinhaVivaLive({ ...bench.env, REQUESTS_PER_MINUTE: '1000000' })
  try {
    await addEmptyPage(contender)
    const browser = await openOperatorBrowser(contender.url, `/dashboard${emptyPath}`, contender.operator)
    try {
      const quiet = await browser.paint(paintings)
      const rows: ConsoleRow[] = []
      const figures = { devices, minutes, quiet, rows }
      bench.figures.console = figures
      bench.progress(`console: overview after ${quiet.overviewMs.toFixed(0)} ms, empty ${quiet.emptyMs.toFixed(0)} ms`)
      const pace = { shape: 'singles', perSecond, devices } as const
      const alone = async (): Promise<void> => {
        const run = await measure(contender, { ...pace, seconds: bench.seconds.live })
        tell({ run }, bench)
        rows.push({ run })
      }
      // Devices register, code is compiled, partitions are made.
      await measure(contender, { ...pace, seconds: 10 })
      await alone()
      const painting = measure(contender, { ...pace, seconds: bench.seconds.live })
      const loaded = await browser.paint(paintings)
      await painting
      bench.figures.console = { ...figures, loaded }
      bench.progress(`console under load: overview after ${loaded.overviewMs.toFixed(0)} ms`)
      const stop = await browser.work()
      const run = await measure(contender, { ...pace, seconds: minutes * 60 })
      const row = { run, operator: await stop() }
      tell(row, bench)
      rows.push(row)
      await alone()
    } finally {
      await browser.close()
    }
  } catch (error) {
    bench.progress(contender.lastLines())
    throw error
  } finally {
    await contender.stop()
  }
}

/** A page of Dashboard as the shipped ones are, with nothing on it. */
async function addEmptyPage(contender: LiveContender): Promise<void> {
  await contender.deploy((flows) => {
    const shipped = flows.find(({ type }) => type === 'ui-page')!
    return [...flows, { ...shipped, id: 'bench-empty', name: 'Nothing', path: emptyPath, order: 99 }]
  })
}

function tell({ run, operator }: ConsoleRow, { figures, progress }: Bench): void {
  const name = operator ? 'with the console open' : 'without'
  progress(
    `console, ${name}: stored ${run.perSecond.toFixed(0)}/s, p99 ${run.latency?.p99.toFixed(0)} ms` +
      (operator
        ? `, interactions p95 ${operator.p95.toFixed(0)} ms (longest ${operator.longestMs.toFixed(0)} ms: ${operator.longest}), ` +
          `memory ${operator.startMb.toFixed(1)} to ${operator.endMb.toFixed(1)} MB`
        : ''),
  )
  if (run.lost > 0) figures.faults.push(`console, ${name}: ${run.lost} of ${run.published} readings were lost`)
  for (const complaint of operator?.complaints.slice(0, 5) ?? []) figures.faults.push(`the console: ${complaint}`)
}
