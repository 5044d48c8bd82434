import type { NodeAPI } from 'node-red'
import { provideApprovalKinds } from '../../platform/approval/kinds.ts'
import { provideRoutes } from '../../platform/http/routes.ts'
import { telemetryApprovals } from './replay-approval.ts'
import { telemetryRoutes } from './routes.ts'

/** Telemetry's part of the HTTP API, and what of it takes two persons. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-telemetry-api', {
    type: 'linhaviva',
    onadd() {
      provideRoutes(telemetryRoutes)
      provideApprovalKinds(telemetryApprovals)
    },
  })
}
