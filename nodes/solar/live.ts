import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import { LivePanels } from './performance/live-panels.ts'

/** The solar part of the live stream: panels with what they make of their day, and with what is amiss with them. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-solar-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, environment, stopping } = services
      const live = new LivePanels(database, {
        ...{ hub: liveHub, clock: platformClock, clockIsSet: () => platformClock.isSet(environment.CLOCK) },
        report: (error) => RED.log.error(`live stream of solar panels: ${messageOf(error)}`),
      })
      stopping.addEventListener('abort', () => void live.close(), { once: true })
    },
  })
}
