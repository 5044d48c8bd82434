import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { batchLog } from '../../platform/storage/batch-log.ts'
import { shipping } from '../../platform/storage/influxdb-shipping.ts'
import type { InfluxdbNode } from '../../platform/storage/influxdb.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { PointWriter } from './point-writer.ts'

interface InfluxdbStoreConfig {
  database: string
  influxdb: string
  /** Name of its place in the log of commits: nodes that write to different servers need different ones. */
  consumer: string
}

const defaults: InfluxdbStoreConfig = { database: '', influxdb: '', consumer: 'influxdb' }

/**
 * Writes what is stored to InfluxDB, as a consumer of the batch log: each commit at least once, in order, and only a
 * confirmed one is left behind. Sends `{batches, readings, behind}` after each round that had something to do.
 */
export default function register(RED: NodeAPI): void {
  defineNode<InfluxdbStoreConfig>(RED, 'linhaviva-influxdb-store', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { connection } = node.configNode<InfluxdbNode>('influxdb', config.influxdb)
    if (!connection) {
      node.status.show('grey', 'ring', node.text('influxdb-store.status.off'))
      return {}
    }
    const writer = new PointWriter(database, connection, environment().INFLUX_MAX_SERIES, platformClock)
    return shipping(node, 'influxdb-store', database, {
      log: batchLog,
      consumer: config.consumer || defaults.consumer,
      write: (batches, signal) => writer.write(batches, signal),
      shipped: (round) => node.send({ topic: 'influxdb', payload: round }),
    })
  })
}
