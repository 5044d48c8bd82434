import type { NodeAPI } from 'node-red'
import { provideApprovalKinds } from '../../platform/approval/kinds.ts'
import { provideRoutes } from '../../platform/http/routes.ts'
import { commandKind } from './requests/command-approval.ts'
import { commandRoutes } from './routes.ts'

/** The commands' part of the HTTP API. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-commands-api', {
    type: 'linhaviva',
    onadd() {
      provideRoutes(commandRoutes)
      provideApprovalKinds(() => [commandKind])
    },
  })
}
