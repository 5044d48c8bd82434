import type { NodeAPI } from 'node-red'
import { liveHub } from '../../platform/live/hub.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import { LiveField } from './live-field.ts'

/** Telemetry's part of the live stream: devices and feeders. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-telemetry-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, environment } = services
      new LiveField({
        ...{ hub: liveHub, database, silentAfterMs: environment.SILENT_AFTER_SECONDS * 1_000 },
        report: (error) => RED.log.error(`live stream: ${error instanceof Error ? error.message : String(error)}`),
      })
    },
  })
}
