import type { NodeAPI } from 'node-red'
import { provideRoutes } from '../../platform/http/routes.ts'
import { telemetryRoutes } from './routes.ts'

/** Telemetry's part of the HTTP API. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-telemetry-api', {
    type: 'linhaviva',
    onadd: () => provideRoutes(telemetryRoutes),
  })
}
