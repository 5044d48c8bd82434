import type { NodeAPI } from 'node-red'
import { provideRoutes } from '../../platform/http/routes.ts'
import { solarRoutes } from './routes.ts'

/** The solar part of the HTTP API. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-solar-api', {
    type: 'linhaviva',
    onadd: () => provideRoutes(solarRoutes),
  })
}
