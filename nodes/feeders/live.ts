import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import { LiveControls } from './control/live-control.ts'

/** The feeders' part of the live stream: limits in force, and what devices are told. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-feeders-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, environment, stopping } = services
      const live = new LiveControls(database, {
        ...{ hub: liveHub, clock: platformClock, clockIsSet: () => platformClock.isSet(environment.CLOCK) },
        defaultLimitKw: environment.FEEDER_DEFAULT_LIMIT_KW ?? null,
        report: (error) => RED.log.error(`live stream of feeders: ${messageOf(error)}`),
      })
      stopping.addEventListener('abort', () => void live.close(), { once: true })
    },
  })
}
