import type { NodeAPI } from 'node-red'
import { provideApprovalKinds } from '../../platform/approval/kinds.ts'
import { provideRootCauses } from '../../platform/conditions/root-causes.ts'
import { provideRoutes } from '../../platform/http/routes.ts'
import { continuityApprovals } from './control/approvals.ts'
import { outageRoots } from './interruptions/outage-roots.ts'
import { continuityRoutes } from './routes.ts'

/** Continuity's part of the HTTP API, what of it takes two persons, and what explains alarms of others. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-continuity-api', {
    type: 'linhaviva',
    onadd() {
      provideRoutes(continuityRoutes)
      provideApprovalKinds(continuityApprovals)
      provideRootCauses(outageRoots)
    },
  })
}
