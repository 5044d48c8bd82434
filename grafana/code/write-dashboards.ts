/**
 * `npm run grafana`: makes the dashboards of `grafana/dashboards` and the alert rules of `grafana/provisioning/alerting` anew.
 * `PUBLIC_URL` says where links to the console lead, `TIME_ZONE` when civil days begin.
 */
import { writeFile } from 'node:fs/promises'
import { readVariables } from '../../platform/runtime/environment.ts'
import { alertFile, alertText } from './alert-files.ts'
import { usualInstallation } from './dashboard.ts'
import { dashboardFolder, writeDashboards } from './dashboard-files.ts'

const { PUBLIC_URL: consoleUrl = usualInstallation.consoleUrl, TIME_ZONE: timeZone } = readVariables(process.env, [
  'PUBLIC_URL',
  'TIME_ZONE',
])
const changed = await writeDashboards(dashboardFolder, { consoleUrl, timeZone })
await writeFile(alertFile, alertText())
process.stdout.write(changed.length === 0 ? 'no dashboard has changed\n' : `${changed.join('\n')}\n`)
