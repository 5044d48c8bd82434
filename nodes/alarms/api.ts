import type { NodeAPI } from 'node-red'
import { provideRoutes } from '../../platform/http/routes.ts'
import { alarmRoutes } from './routes.ts'

/** The alarms' part of the HTTP API. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-alarms-api', {
    type: 'linhaviva',
    onadd: () => provideRoutes(alarmRoutes),
  })
}
