/** `npm run grafana`: makes the dashboards of `grafana/dashboards` anew. `PUBLIC_URL` says where links to the console lead. */
import { readVariables } from '../../platform/runtime/environment.ts'
import { dashboardFolder, writeDashboards } from './dashboard-files.ts'

const { PUBLIC_URL } = readVariables(process.env, ['PUBLIC_URL'])
const changed = await writeDashboards(dashboardFolder, PUBLIC_URL)
process.stdout.write(changed.length === 0 ? 'nothing has changed\n' : `${changed.join('\n')}\n`)
