import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'

interface SolarAnomalyConfig {
  database: string
}

/** Finds panels that do not do what they should: anomalies on its first output, conditions for alarms on its second. */
export default function register(RED: NodeAPI): void {
  defineNode<SolarAnomalyConfig>(RED, 'linhaviva-solar-anomaly', { database: '' }, (config, node) => {
    node.configNode<PostgresqlNode>('database', config.database)
    return {}
  })
}
