import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'

interface TrackingConfig {
  database: string
  /** Empty: figures are kept in PostgreSQL alone. */
  influxdb: string
}

/** Tells how well devices follow their setpoints, at the end of each interval. */
export default function register(RED: NodeAPI): void {
  defineNode<TrackingConfig>(RED, 'linhaviva-tracking', { database: '', influxdb: '' }, (config, node) => {
    node.configNode<PostgresqlNode>('database', config.database)
    node.status.show('grey', 'ring', node.text('tracking.status.devices', { devices: '0', errorKw: '0' }))
    return {}
  })
}
