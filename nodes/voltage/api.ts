import type { NodeAPI } from 'node-red'
import { provideRoutes } from '../../platform/http/routes.ts'
import { voltageRoutes } from './routes.ts'

/** Voltage quality's part of the HTTP API. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-voltage-api', {
    type: 'linhaviva',
    onadd: () => provideRoutes(voltageRoutes),
  })
}
