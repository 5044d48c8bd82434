import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode, type LinhaVivaNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { InfluxdbNode } from '../../platform/storage/influxdb.ts'
import { shipping } from '../../platform/storage/influxdb-shipping.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { RunningMaintenance } from './maintenance/running-maintenance.ts'
import { performanceMessage } from './performance/day-figures.ts'
import { solarRoundLog } from './performance/influx-log.ts'
import { SolarPointWriter } from './performance/point-writer.ts'
import { RunningPerformance } from './performance/running-performance.ts'

interface SolarPerformanceConfig {
  database: string
  /** Empty: figures are kept in PostgreSQL alone. */
  influxdb: string
  /** Name of its place in the log: nodes that write to different servers need different ones. */
  consumer: string
}

const defaults: SolarPerformanceConfig = { database: '', influxdb: '', consumer: 'solar' }
const dayMs = 86_400_000

/** Tells what panels and sites make of their days against what they should, keeps it, and writes it to InfluxDB. */
export default function register(RED: NodeAPI): void {
  defineNode<SolarPerformanceConfig>(RED, 'linhaviva-solar-performance', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const connection = config.influxdb
      ? node.configNode<InfluxdbNode>('influxdb', config.influxdb).connection
      : undefined
    const { CLOCK, TIME_ZONE, ROLLUP_MINUTE_RETENTION_DAYS, INFLUX_MAX_SERIES } = environment()
    /** Of the newest day of each plant. */
    const ratios = new Map<string, number | null>()
    const usual = {
      ...{ clock: platformClock, clockIsSet: () => platformClock.isSet(CLOCK), timeZone: TIME_ZONE },
      report(error: unknown) {
        node.status.show('red', 'ring', messageOf(error))
        node.reportError(error)
      },
    }
    const maintenance = new RunningMaintenance(database, { ...usual, made: () => undefined })
    const running = new RunningPerformance(database, {
      ...usual,
      keepMs: ROLLUP_MINUTE_RETENTION_DAYS * dayMs,
      found(day) {
        const message = performanceMessage(day)
        ratios.set(day.plantId, message.payload.site.performanceIndex)
        node.send(message)
      },
      progress(plants) {
        const known = [...ratios.values()].filter((ratio) => ratio !== null)
        const index = known.length > 0 ? (known.reduce((sum, one) => sum + one, 0) / known.length).toFixed(2) : '–'
        const text = node.text('solar-performance.status.plants', { plants: String(plants), index })
        node.status.show(plants > 0 ? 'green' : 'grey', plants > 0 ? 'dot' : 'ring', text)
      },
    })
    // What it found is what its status shows, unless InfluxDB is away.
    const lent = {
      text: (key: string, values?: Record<string, string>) => node.text(key, values),
      reportError: (error: unknown) => node.reportError(error),
      status: {
        show(...[fill, shape, text]: Parameters<LinhaVivaNode['status']['show']>) {
          if (fill === 'red') node.status.show(fill, shape, text)
        },
      },
    }
    const writer = connection && new SolarPointWriter(database, connection, INFLUX_MAX_SERIES)
    const shipment =
      writer &&
      shipping(lent, 'solar-performance', database, {
        ...{ log: solarRoundLog, consumer: config.consumer || defaults.consumer, shipped: () => undefined },
        write: (rounds, signal) => writer.writeRounds(rounds, signal),
      })
    return {
      async onClose(removed) {
        await Promise.all([running.close(), maintenance.close(), shipment?.onClose?.(removed)])
      },
    }
  })
}
