import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import { MapKeeper } from './papers/map-keeper.ts'

/** Makes the public outage map of every half hour, as long as the process runs. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-outage-map', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, environment, stopping } = services
      const keeper = new MapKeeper({
        database,
        leastUnits: environment.OUTAGE_MAP_LEAST_UNITS,
        keptDays: environment.OUTAGE_MAP_RETENTION_DAYS,
        clock: platformClock,
        clockIsSet: () => platformClock.isSet(environment.CLOCK),
        report: (error) => RED.log.error(`outage map: ${messageOf(error)}`),
      })
      stopping.addEventListener('abort', () => void keeper.close(), { once: true })
    },
  })
}
