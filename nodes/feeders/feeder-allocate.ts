import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'

interface FeederAllocateConfig {
  database: string
}

/** Shares out the capacity of feeders: setpoints on its first output, conditions for alarms on its second, allocations on its third. */
export default function register(RED: NodeAPI): void {
  defineNode<FeederAllocateConfig>(RED, 'linhaviva-feeder-allocate', { database: '' }, (config, node) => {
    node.configNode<PostgresqlNode>('database', config.database)
    node.status.show('grey', 'ring', node.text('feeder-allocate.status.off'))
    return {}
  })
}
