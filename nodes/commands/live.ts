import { randomUUID } from 'node:crypto'
import type { NodeAPI } from 'node-red'
import { dispatcherConnection } from '../../platform/broker/broker.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { runningServices } from '../../platform/runtime/running.ts'
import { dispatchCommands } from './dispatch/running-dispatch.ts'
import { forbiddingDispatch } from './interlocks/forbidding.ts'
import { keepCommands } from './keeper/running-commands.ts'
import { LiveCommands } from './lists/live-commands.ts'
import { SetpointTopics } from './setpoints/setpoint-topics.ts'

/**
 * Keeps and sends commands and setpoints in every process of the platform, and shows commands on the live stream: whatever flows are
 * deployed, what was accepted is sent, and what stands open comes to its end.
 */
export default function register(RED: NodeAPI): void {
  RED.plugins.registerPlugin('linhaviva-commands-live', {
    type: 'linhaviva',
    onadd() {
      const services = runningServices()
      if (!services) return
      const { database, environment, stopping } = services
      const report = (error: unknown): void => RED.log.error(`commands: ${messageOf(error)}`)
      const clock = { clock: platformClock, clockIsSet: () => platformClock.isSet(environment.CLOCK) }
      const keeping = keepCommands(database, report)
      const dispatching = dispatchCommands(database, forbiddingDispatch, report)
      const { url, options } = dispatcherConnection(environment)
      const setpoints = new SetpointTopics(database, {
        ...{ ...clock, report, url },
        connection: { ...options, clientId: `linha-viva-setpoints-${randomUUID().slice(0, 8)}` },
      })
      const live = new LiveCommands(database, { ...clock, report, hub: liveHub })
      const stop = async (): Promise<void> => {
        await Promise.all([live.close(), setpoints.close(), dispatching.release()])
        await keeping.release()
      }
      stopping.addEventListener('abort', () => void stop().catch(report), { once: true })
    },
  })
}
