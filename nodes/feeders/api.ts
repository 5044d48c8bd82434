import type { NodeAPI } from 'node-red'
import { provideRoutes } from '../../platform/http/routes.ts'
import provideChecks from './registry-check.ts'
import { feederControlRoutes } from './routes.ts'

/** The feeders' part of the HTTP API. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-feeders-api', {
    type: 'linhaviva',
    onadd() {
      provideRoutes(feederControlRoutes)
      provideChecks()
    },
  })
}
