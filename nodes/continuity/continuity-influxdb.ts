import type { NodeAPI } from 'node-red'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { InfluxdbNode } from '../../platform/storage/influxdb.ts'
import { shipping } from '../../platform/storage/influxdb-shipping.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { indicatorChanges } from './indicators/indicator-log.ts'
import { IndicatorPointWriter } from './indicators/indicator-points.ts'

interface ContinuityInfluxdbConfig {
  database: string
  influxdb: string
  /** Name of its place among the commits of indicators: nodes that write to different servers need different ones. */
  consumer: string
}

const defaults: ContinuityInfluxdbConfig = { database: '', influxdb: '', consumer: 'continuity-influxdb' }

/**
 * Writes months of units and conjuntos to InfluxDB, following the commits that write them. Sends `{commits, months, behind}` after
 * each round that had something to do.
 */
export default function register(RED: NodeAPI): void {
  defineNode<ContinuityInfluxdbConfig>(RED, 'linhaviva-continuity-influxdb', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const { connection } = node.configNode<InfluxdbNode>('influxdb', config.influxdb)
    if (!connection) {
      node.status.show('grey', 'ring', node.text('continuity-influxdb.status.off'))
      return {}
    }
    const { INFLUX_MAX_SERIES, TIME_ZONE } = environment()
    const days = civilDaysIn(TIME_ZONE)
    const writer = new IndicatorPointWriter(database, connection, { maxSeries: INFLUX_MAX_SERIES, days })
    return shipping(node, 'continuity-influxdb', database, {
      ...{ log: indicatorChanges, consumer: config.consumer || defaults.consumer },
      write: (changes, signal) => writer.write(changes, signal),
      shipped: ({ batches: commits, readings: months, behind }) =>
        node.send({ topic: 'continuity/influxdb', payload: { commits, months, behind } }),
    })
  })
}
