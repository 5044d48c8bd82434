/**
 * `npm run grafana`: makes the dashboards of `grafana/dashboards` and the alert rules of `grafana/provisioning/alerting` anew.
 * `PUBLIC_URL` says where links to the console lead.
 */
import { writeFile } from 'node:fs/promises'
import { readVariables } from '../../platform/runtime/environment.ts'
import { alertFile, alertText } from './alert-files.ts'
import { dashboardFolder, writeDashboards } from './dashboard-files.ts'

const { PUBLIC_URL } = readVariables(process.env, ['PUBLIC_URL'])
const changed = await writeDashboards(dashboardFolder, PUBLIC_URL)
await writeFile(alertFile, alertText())
process.stdout.write(changed.length === 0 ? 'no dashboard has changed\n' : `${changed.join('\n')}\n`)
