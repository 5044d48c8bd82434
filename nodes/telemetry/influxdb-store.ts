import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { Consumer } from '../../platform/storage/consumer.ts'
import { InfluxUnavailable } from '../../platform/storage/influxdb-connection.ts'
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

/** Small rounds: putting points into words must not hold up what comes from the field. */
const pace = { maxItems: 5_000, restMs: 500, restFactor: 0.25 }

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
    /** What Catch has been told of: an outage is one fault, however often it is met with. */
    let told: string | undefined
    const consumer = new Consumer(database, {
      name: config.consumer || defaults.consumer,
      ...pace,
      async before(batches, signal) {
        const { written, refused, reason } = await writer.write(batches, signal)
        if (refused > 0) node.reportError(new Error(`InfluxDB refused ${refused} points for good: ${reason}`))
        return { written, refused }
      },
      progress(round) {
        told = undefined
        const fill = round.behind > 0 ? 'yellow' : 'green'
        node.status.show(fill, 'dot', node.text('influxdb-store.status.behind', { behind: String(round.behind) }))
        if (round.batches > 0) node.send({ topic: 'influxdb', payload: round })
      },
      report(error) {
        const detail = messageOf(error)
        const away = error instanceof InfluxUnavailable
        node.status.show('red', 'ring', away ? node.text('influxdb-store.status.away', { detail }) : detail)
        const fault = away ? 'away' : detail
        if (told !== fault) node.reportError(away ? new Error(`InfluxDB cannot be written: ${detail}`) : error)
        told = fault
      },
    })
    return { onClose: () => consumer.close() }
  })
}
