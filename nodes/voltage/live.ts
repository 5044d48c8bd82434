import type { NodeAPI } from 'node-red'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import { LiveVoltage } from './live-voltage.ts'
import { runningForecasts } from './running-forecasts.ts'

/** Each takes about a kilobyte of memory. */
const mostUnits = 100_000

/** Voltage quality's part of the live stream: units. */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-voltage-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, environment, stopping } = services
      const voltage = new LiveVoltage({
        ...{ hub: liveHub, database, days: civilDaysIn(environment.TIME_ZONE), mostUnits },
        forecasts: runningForecasts,
        report: (error) => RED.log.error(`live stream of voltage: ${messageOf(error)}`),
      })
      stopping.addEventListener('abort', () => void voltage.close(), { once: true })
    },
  })
}
