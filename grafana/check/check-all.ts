import { readFileSync } from 'node:fs'
import { alertFile } from '../code/alert-files.ts'
import { dashboardFiles } from '../code/dashboard-files.ts'
import type { DashboardName } from '../code/dashboard-names.ts'
import { alertsAsDashboard } from './alerts.ts'
import type { DashboardModel } from './model.ts'
import { runDashboard, type Ran } from './run-dashboard.ts'
import type { Sources } from './sources.ts'
import { instantOf } from './time-range.ts'

/** What is looked at of all dashboards. */
export interface WholeLook {
  /** All of them, and the alert rules, unless given. */
  readonly dashboard?: DashboardName
  /** As Grafana takes it; of each dashboard its own unless given. */
  readonly from?: string
  /** UTC ms. */
  readonly to: number
  readonly chosen: Readonly<Record<string, string>>
}

/** A dashboard as it was looked at. */
export interface Checked {
  readonly title: string
  /** What was chosen of variables, as `feeder=feeder-02`. */
  readonly chosen: string
  readonly ran: readonly Ran[]
}

/** Runs what all dashboards and alert rules ask, one after the other. */
export async function* checkAll(sources: Sources, look: WholeLook): AsyncGenerator<Checked> {
  const models = [...dashboardFiles()]
    .filter(([file]) => look.dashboard === undefined || file === `${look.dashboard}.json`)
    .map(([, text]) => JSON.parse(text) as DashboardModel)
  const alerts = look.dashboard === undefined ? [alertsAsDashboard(readFileSync(alertFile, 'utf8'))] : []
  for (const dashboard of [...models, ...alerts]) {
    const range = { from: instantOf(look.from ?? dashboard.time.from, look.to), to: look.to }
    const { variables, ran } = await runDashboard(dashboard, sources, { range, chosen: look.chosen })
    const chosen = [...variables].map(([name, { value }]) => `${name}=${String(value)}`).join(' ')
    yield { title: dashboard.title, chosen, ran }
  }
}
