import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { provideTracking } from '../../platform/http/tracking-figures.ts'
import { defineNode, type LinhaVivaNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { InfluxConnection } from '../../platform/storage/influxdb-connection.ts'
import type { InfluxdbNode } from '../../platform/storage/influxdb.ts'
import { shipping } from '../../platform/storage/influxdb-shipping.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import type { FeederConditions, TrackingMessage } from './messages.ts'
import { roundLog, setpointLog } from './tracking/influx-logs.ts'
import { TrackingPointWriter } from './tracking/point-writer.ts'
import { RunningTracking, type FoundTracking } from './tracking/running-tracking.ts'
import { FeederWatch } from './watch/feeder-watch.ts'

interface TrackingConfig {
  database: string
  /** Empty: figures are kept in PostgreSQL alone. */
  influxdb: string
  /** Name of its place in the logs: nodes that write to different servers need different ones. */
  consumer: string
}

const defaults: TrackingConfig = { database: '', influxdb: '', consumer: 'tracking' }
const dayMs = 86_400_000
const mostConditions = 500

/**
 * Tells once a minute how well devices follow their setpoints, on its first output, keeps it, and writes it to InfluxDB with setpoints
 * and limits. On its second output it tells what is amiss with feeders and their control: it watches the loop, and is no part of it.
 */
export default function register(RED: NodeAPI): void {
  defineNode<TrackingConfig>(RED, 'linhaviva-tracking', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const connection = config.influxdb
      ? node.configNode<InfluxdbNode>('influxdb', config.influxdb).connection
      : undefined
    const settings = environment()
    const clock = { clock: platformClock, clockIsSet: () => platformClock.isSet(settings.CLOCK) }
    let newest: FoundTracking | undefined
    function report(error: unknown): void {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const withdraw = provideTracking(() => newest && { ...newest.all, byFeeder: newest.feeders })
    const tracking = new RunningTracking(database, {
      ...clock,
      windowMinutes: settings.TRACKING_ERROR_WINDOW_MINUTES,
      keepMs: {
        feeders: settings.ROLLUP_MINUTE_RETENTION_DAYS * dayMs,
        devices: settings.READING_RETENTION_DAYS * dayMs,
      },
      found(found) {
        newest = found
        const { all, at, windowMinutes, feeders, devices } = found
        const figures = { devices: String(all.devices), errorKw: (all.rmsErrorKw ?? 0).toFixed(1) }
        const fill = all.devices === 0 ? 'grey' : 'green'
        node.status.show(fill, all.devices === 0 ? 'ring' : 'dot', node.text('tracking.status.devices', figures))
        const shown = devices.map(({ device: _device, ...one }) => one)
        const payload = { at, windowMinutes, feeders, devices: shown }
        if (all.devices > 0) node.send([{ topic: 'feeders/tracking', payload } satisfies TrackingMessage, null])
      },
      report,
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
    const watch = new FeederWatch(database, {
      ...clock,
      rate: () => platformClock.simulated?.rate ?? 1,
      intervalMs: settings.CONTROL_INTERVAL_SECONDS * 1_000,
      conditions(conditions) {
        for (let first = 0; first < conditions.length; first += mostConditions) {
          const payload = conditions.slice(first, first + mostConditions)
          node.send([null, { topic: 'feeders/conditions', payload } satisfies FeederConditions])
        }
      },
      report,
    })
    const shipments = connection ? shipmentsOf(connection) : []
    function shipmentsOf(sink: InfluxConnection) {
      const writer = new TrackingPointWriter(database, sink, settings.INFLUX_MAX_SERIES)
      const consumer = config.consumer || defaults.consumer
      return [
        shipping(lent, 'tracking', database, {
          ...{ log: setpointLog, consumer: `${consumer} setpoints`, shipped: () => undefined },
          write: (instants, signal) => writer.writeSetpoints(instants, signal),
        }),
        shipping(lent, 'tracking', database, {
          ...{ log: roundLog, consumer: `${consumer} figures`, shipped: () => undefined },
          write: (rounds, signal) => writer.writeRounds(rounds, signal),
        }),
      ]
    }
    return {
      async onClose(removed) {
        withdraw()
        await Promise.all([tracking.close(), watch.close(), ...shipments.map(({ onClose }) => onClose?.(removed))])
      },
    }
  })
}
