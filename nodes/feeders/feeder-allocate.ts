import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { runLoop } from './loop/running-loop.ts'
import type { FeederAllocated, FeederConditions, LoopSetpoints } from './messages.ts'
import { FeederWatch } from './watch/feeder-watch.ts'

interface FeederAllocateConfig {
  database: string
}

const mostConditions = 500

/** Shares out the capacity of feeders: setpoints on its first output, conditions for alarms on its second, allocations on its third. */
export default function register(RED: NodeAPI): void {
  defineNode<FeederAllocateConfig>(RED, 'linhaviva-feeder-allocate', { database: '' }, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    node.status.show('grey', 'ring', node.text('feeder-allocate.status.off'))
    const report = (error: unknown): void => {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const { CLOCK, CONTROL_INTERVAL_SECONDS } = environment()
    const watch = new FeederWatch(database, {
      clock: platformClock,
      clockIsSet: () => platformClock.isSet(CLOCK),
      rate: () => platformClock.simulated?.rate ?? 1,
      intervalMs: CONTROL_INTERVAL_SECONDS * 1_000,
      conditions(conditions) {
        for (let first = 0; first < conditions.length; first += mostConditions) {
          const payload = conditions.slice(first, first + mostConditions)
          node.send([null, { topic: 'feeders/conditions', payload } satisfies FeederConditions, null])
        }
      },
      report,
    })
    const loop = runLoop(database, node.id, {
      setpoints(payload) {
        node.send([{ topic: 'feeders/setpoints', payload } satisfies LoopSetpoints, null, null])
      },
      allocated({ rootId, at, allocation }) {
        const payload = { rootFeederId: rootId, at, allocation }
        node.send([null, null, { topic: 'feeders/allocation', payload } satisfies FeederAllocated])
      },
      progress(devices, feeders) {
        const text = node.text('feeder-allocate.status.shared', { devices: String(devices), feeders: String(feeders) })
        node.status.show(devices > 0 ? 'green' : 'grey', 'dot', text)
      },
      report,
    })
    return {
      async onClose() {
        await Promise.all([loop.close(), watch.close()])
      },
    }
  })
}
