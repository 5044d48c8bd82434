import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'

interface DemandResponseConfig {
  database: string
}

/** Takes events, tells of each as it begins and ends on its first output, and what came of it on its second. */
export default function register(RED: NodeAPI): void {
  defineNode<DemandResponseConfig>(RED, 'linhaviva-demand-response', { database: '' }, (config, node) => {
    node.configNode<PostgresqlNode>('database', config.database)
    node.status.show('grey', 'ring', node.text('demand-response.status.none'))
    return {
      onInput() {
        throw new Error('events are taken over the API: POST /api/events')
      },
    }
  })
}
