import type { NodeAPI } from 'node-red'
import { provideRoutes } from '../../platform/http/routes.ts'
import { continuityRoutes } from './routes.ts'

/** Continuity's part of the HTTP API. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-continuity-api', {
    type: 'linhaviva',
    onadd: () => provideRoutes(continuityRoutes),
  })
}
