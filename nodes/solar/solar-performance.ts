import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'

interface SolarPerformanceConfig {
  database: string
  /** Empty: figures are kept in PostgreSQL alone. */
  influxdb: string
  /** Name of its place in the logs: nodes that write to different servers need different ones. */
  consumer: string
}

const defaults: SolarPerformanceConfig = { database: '', influxdb: '', consumer: 'solar' }

/** Tells what panels generate against what they should, and what is lost. */
export default function register(RED: NodeAPI): void {
  defineNode<SolarPerformanceConfig>(RED, 'linhaviva-solar-performance', defaults, (config, node) => {
    node.configNode<PostgresqlNode>('database', config.database)
    return {}
  })
}
