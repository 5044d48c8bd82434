import type { Server } from 'node:http'
import type { NodeAPI } from 'node-red'
import { runningGuard } from '../runtime/running.ts'
import { dashboardsOf, guardDashboard, tellWhoSends } from './dashboard-guard.ts'
import { openFrontDoor } from './front-door.ts'

/** Puts the guards where Node-RED has no setting for them: before its HTTP server, and into Dashboard's socket. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-front-door', {
    type: 'linhaviva',
    onadd() {
      const guard = runningGuard()
      if (!guard) return
      openFrontDoor((RED as unknown as { server: Server }).server, guard)
      guardDashboard({ ...guard, shown: dashboardsOf(RED) })
    },
  })
  RED.plugins.registerPlugin('linhaviva-dashboard-guard', {
    type: 'node-red-dashboard-2',
    hooks: { onAddConnectionCredentials: tellWhoSends },
  } as Parameters<typeof RED.plugins.registerPlugin>[1])
}
