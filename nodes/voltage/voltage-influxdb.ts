import type { NodeAPI } from 'node-red'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { InfluxdbNode } from '../../platform/storage/influxdb.ts'
import { shipping } from '../../platform/storage/influxdb-shipping.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { voltageChanges } from './change-log.ts'
import { VoltagePointWriter } from './point-writer.ts'
import { officialResults } from './result-log.ts'

interface VoltageInfluxdbConfig {
  database: string
  influxdb: string
  /** Name of its place among the commits of windows: nodes that write to different servers need different ones. */
  consumer: string
}

const defaults: VoltageInfluxdbConfig = { database: '', influxdb: '', consumer: 'voltage-influxdb' }

/**
 * Writes 10-minute windows, the indicators of the rolling week and the results of official measurements to InfluxDB, following
 * the commits that write them. Sends `{commits, windows, behind}` or `{results, behind}` after each round that had something to do.
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
    const consumer = config.consumer || defaults.consumer
    const windows = shipping(node, 'voltage-influxdb', database, {
      ...{ log: voltageChanges, consumer },
      write: (changes, signal) => writer.write(changes, signal),
      shipped: ({ batches: commits, readings: windows, behind }) =>
        node.send({ topic: 'voltage/influxdb', payload: { commits, windows, behind } }),
    })
    const results = shipping(node, 'voltage-influxdb', database, {
      ...{ log: officialResults, consumer: `${consumer} results` },
      write: (results, signal) => writer.writeResults(results, signal),
      shipped: ({ batches: results, behind }) => node.send({ topic: 'voltage/influxdb', payload: { results, behind } }),
    })
    return {
      async onClose(removed) {
        await Promise.all([windows.onClose?.(removed), results.onClose?.(removed)])
      },
    }
  })
}
