/** `npm run grafana:check`: the query of every panel against databases, and what each answers. `--help` tells how. */
import { longRun, type Progress } from '../../flows/long-run.ts'
import { dashboardFiles } from '../code/dashboard-files.ts'
import type { DashboardModel } from './model.ts'
import { help, readOptions, type Options } from './options.ts'
import { faultsOf, report } from './report.ts'
import { runDashboard } from './run-dashboard.ts'
import { connectSources } from './sources.ts'
import { instantOf } from './time-range.ts'

await longRun({ name: 'grafana:check', help, readOptions, run: check })

async function check(options: Options, progress: Progress): Promise<number> {
  const sources = await connectSources(options.postgresql, options.influx)
  const faults: string[] = []
  try {
    for (const [file, text] of dashboardFiles()) {
      if (options.dashboard !== undefined && file !== `${options.dashboard}.json`) continue
      const dashboard = JSON.parse(text) as DashboardModel
      const to = instantOf(options.to, Date.now())
      const range = { from: instantOf(options.from ?? dashboard.time.from, to), to }
      const { variables, ran } = await runDashboard(dashboard, sources, { range, chosen: options.chosen })
      const chosen = [...variables].map(([name, { value }]) => `${name}=${String(value)}`).join(' ')
      progress(`${dashboard.title}: ${chosen}`)
      console.log(`${report(dashboard.title, ran)}\n`)
      if (options.verbose)
        for (const { panel, refId, text: sent, result } of ran)
          console.log(`-- ${panel} · ${refId}\n${sent}\n${JSON.stringify(result?.values.slice(0, 3) ?? result)}\n`)
      faults.push(...faultsOf(dashboard.title, ran))
    }
  } finally {
    await sources.close()
  }
  for (const fault of faults) console.log(`FAULT: ${fault}`)
  return faults.length > 0 ? 1 : 0
}
