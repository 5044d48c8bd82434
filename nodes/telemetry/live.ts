import type { NodeAPI } from 'node-red'
import { liveHub } from '../../platform/live/hub.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import { LiveField } from './live-field.ts'

/** Telemetry's part of the live stream: devices and feeders. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-telemetry-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, environment, stopping } = services
      const field = new LiveField({
        ...{ hub: liveHub, database, silentAfterMs: environment.SILENT_AFTER_SECONDS * 1_000 },
        report: (error) => RED.log.error(`live stream: ${messageOf(error)}`),
      })
      stopping.addEventListener('abort', () => void field.close(), { once: true })
    },
  })
}
