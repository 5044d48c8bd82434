import type { Server } from 'node:http'
import type { NodeAPI } from 'node-red'
import { proxiesOf } from '../http/trusted-proxies.ts'
import { runningServices } from '../runtime/running.ts'
import { liveHub } from './hub.ts'
import { LiveServer } from './live-server.ts'

/** The live stream `/api/live` of this process. Not there where nodes run without our settings file: nobody could log in. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { access, environment, stopping } = services
      const live = new LiveServer({
        hub: liveHub,
        access,
        isTrusted: proxiesOf(environment),
        mostClients: environment.LIVE_MAX_CLIENTS,
        mostClientsPerUser: environment.LIVE_MAX_CLIENTS_PER_USER,
        report: (fault) => RED.log.error(fault),
      })
      const detach = live.attach(RED.server as Server)
      const stop = (): void => {
        detach()
        void live.close()
      }
      stopping.addEventListener('abort', stop, { once: true })
    },
  })
}
