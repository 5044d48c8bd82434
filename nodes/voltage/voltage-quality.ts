import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { environment } from '../../platform/runtime/environment.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { MeasurementKeeper } from './measurement-keeper.ts'
import { WindowKeeper } from './window-keeper.ts'

interface VoltageQualityConfig {
  database: string
  /** Windows are closed so long after their end. */
  settleSeconds: number | string
}

const defaults: VoltageQualityConfig = { database: '', settleSeconds: 200 }

/**
 * Keeps the 10-minute voltage windows of all meters, as a consumer of the batch log. Sends the windows that it has written, in
 * batches, on its first output.
 */
export default function register(RED: NodeAPI): void {
  defineNode<VoltageQualityConfig>(RED, 'linhaviva-voltage-quality', defaults, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const time = {
      clock: platformClock,
      clockIsSet: () => environment().CLOCK === 'wall' || platformClock.simulated !== undefined,
    }
    const report = (error: unknown): void => {
      node.status.show('red', 'ring', messageOf(error))
      node.reportError(error)
    }
    const measurements = new MeasurementKeeper(database, { ...time, timeZone: environment().TIME_ZONE, report })
    const keeper = new WindowKeeper(database, {
      ...time,
      settleMs: Number(config.settleSeconds) * 1_000,
      leastCoverage: 0.9,
      written: (windows) => node.send({ topic: 'voltage/windows', payload: windows }),
      progress: ({ closedUntil }) =>
        node.status.show(
          'green',
          'dot',
          node.text('voltage-quality.status.closed', { at: new Date(closedUntil).toISOString() }),
        ),
      report,
    })
    return { onClose: async () => void (await Promise.all([keeper.close(), measurements.close()])) }
  })
}
