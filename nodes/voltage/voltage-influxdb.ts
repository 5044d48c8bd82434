import type { NodeAPI } from 'node-red'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { InfluxdbNode } from '../../platform/storage/influxdb.ts'
import { shipping } from '../../platform/storage/influxdb-shipping.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { voltageChanges } from './change-log.ts'
import { VoltagePointWriter } from './point-writer.ts'

interface VoltageInfluxdbConfig {
  database: string
  influxdb: string
  /** Name of its place among the commits of windows: nodes that write to different servers need different ones. */
  consumer: string
}

const defaults: VoltageInfluxdbConfig = { database: '', influxdb: '', consumer: 'voltage-influxdb' }

/**
 * Writes 10-minute windows and rolling indicators to InfluxDB, following the commits that write windows. Sends
 * `{commits, windows, behind}` after each round that had something to do.
 */
export default function register(RED: NodeAPI): void {
  defineNode<VoltageInfluxdbConfig>(RED, 'linhaviva-voltage-influxdb', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { connection } = node.configNode<InfluxdbNode>('influxdb', config.influxdb)
    if (!connection) {
      node.status.show('grey', 'ring', node.text('voltage-influxdb.status.off'))
      return {}
    }
    const { INFLUX_MAX_SERIES, TIME_ZONE } = environment()
    const days = civilDaysIn(TIME_ZONE)
    const writer = new VoltagePointWriter(database, connection, { maxSeries: INFLUX_MAX_SERIES, days })
    return shipping(node, 'voltage-influxdb', database, {
      log: voltageChanges,
      consumer: config.consumer || defaults.consumer,
      write: (changes, signal) => writer.write(changes, signal),
      shipped: ({ batches: commits, readings: windows, behind }) =>
        node.send({ topic: 'voltage/influxdb', payload: { commits, windows, behind } }),
    })
  })
}
