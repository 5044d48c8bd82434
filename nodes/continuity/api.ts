import type { NodeAPI } from 'node-red'
import { provideApprovalKinds } from '../../platform/approval/kinds.ts'
import { provideRoutes } from '../../platform/http/routes.ts'
import { continuityApprovals } from './control/approvals.ts'
import { continuityRoutes } from './routes.ts'

/** Continuity's part of the HTTP API, and what of it takes two persons. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-continuity-api', {
    type: 'linhaviva',
    onadd() {
      provideRoutes(continuityRoutes)
      provideApprovalKinds(continuityApprovals)
    },
  })
}
