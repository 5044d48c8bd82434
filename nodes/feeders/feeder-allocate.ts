import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { runLoop } from './loop/running-loop.ts'
import type { FeederAllocated, LoopSetpoints } from './messages.ts'

interface FeederAllocateConfig {
  database: string
}

/** Shares out the capacity of feeders: setpoints on its first output, conditions for alarms on its second, allocations on its third. */
export default function register(RED: NodeAPI): void {
  defineNode<FeederAllocateConfig>(RED, 'linhaviva-feeder-allocate', { database: '' }, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    node.status.show('grey', 'ring', node.text('feeder-allocate.status.off'))
    const loop = runLoop(database, {
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
      report(error) {
        node.status.show('red', 'ring', messageOf(error))
        node.reportError(error)
      },
    })
    return { onClose: () => loop.close() }
  })
}
