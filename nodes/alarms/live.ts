import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { brokerRootCause } from '../../platform/conditions/broker-root-cause.ts'
import { PlatformWatch } from '../../platform/conditions/platform-watch.ts'
import { provideRootCauses } from '../../platform/conditions/root-causes.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import type { Condition } from '../../platform/wire/condition.ts'
import { keepAlarms } from './keeper/running-alarms.ts'
import { takeBackLeftBehind } from './left-behind.ts'
import { LiveAlarms } from './lists/live-alarms.ts'
import { tableNow } from './table/running-table.ts'

/**
 * Keeps alarms in every process of the platform, and shows them on the live stream: what is shelved comes back even where no node of
 * the flows keeps alarms, and what nodes left behind goes with them. What the platform itself lacks goes the short way: no flow can leave it out.
 */
export default function register(RED: NodeAPI): void {
  provideRootCauses(brokerRootCause)
  RED.plugins.registerPlugin('linhaviva-alarms-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, environment, stopping } = services
      const report = (error: unknown): void => RED.log.error(`alarms: ${messageOf(error)}`)
      const { kept, release } = keepAlarms(database, report)
      const saying = {
        ...{ clock: platformClock, clockIsSet: () => platformClock.isSet(environment.CLOCK), report },
        conditions: (conditions: readonly Condition[]) => kept.take(conditions),
      }
      const watch = new PlatformWatch(database, { ...saying, dataDir: environment.DATA_DIR })
      const live = new LiveAlarms(database, {
        ...{ hub: liveHub, clock: platformClock, timeZone: environment.TIME_ZONE, report },
        masterTable: () => tableNow(database),
      })
      takeBackLeftBehind(RED, database, { ...saying, masterTable: () => tableNow(database) }, stopping)
      const stop = (): void => void Promise.all([live.close(), watch.close(), release()])
      stopping.addEventListener('abort', stop, { once: true })
    },
  })
}
