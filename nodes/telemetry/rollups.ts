import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { Consumer } from '../../platform/storage/consumer.ts'
import { DatabaseUnavailable } from '../../platform/storage/database.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { publishLatest } from './live-devices.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { addToRollups, moveLatest } from './rollup-repository.ts'
import { spanOf, type Span } from '../../platform/storage/span.ts'

interface RollupsConfig {
  database: string
}

/** A minute's row is written again in each round that has something for it: under load a round a second is enough. */
const pace = { maxItems: 50_000, restMs: 400, restFactor: 8 }
const dayMs = 86_400_000

/**
 * Keeps the roll-ups per minute and hour and the latest reading of each device, as a consumer of the batch log. Sends
 * `{batches, readings, behind}` after each round that had something to do.
 */
export default function register(RED: NodeAPI): void {
  defineNode<RollupsConfig>(RED, 'linhaviva-rollups', { database: '' }, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const partitions = new Partitions(database)
    /** Devices with a newer latest reading than the live stream may show, and its instant. */
    const written = new Map<string, number>()

    /** The store has shown them already, but for what it stored before this process was started. */
    async function showLatest(): Promise<void> {
      const rows = [...written].map(([deviceId, at]) => ({ deviceId, at }))
      try {
        await publishLatest(liveHub, database, rows)
        for (const { deviceId, at } of rows) if (written.get(deviceId) === at) written.delete(deviceId)
      } catch (error) {
        // With the database away the next round tries again.
        if (!(error instanceof DatabaseUnavailable)) node.reportError(error)
      }
    }

    const consumer = new Consumer(database, {
      name: 'rollups',
      ...pace,
      async before(batches) {
        // Each by itself: where the clock was set, there are years between two commits.
        for (const batch of batches) await ensureRollups(partitions, spanOf([batch]))
      },
      async take(client, batches) {
        const span = spanOf(batches)
        if (!span) return
        await addToRollups(client, span)
        for (const { deviceId, at } of await moveLatest(client, span)) written.set(deviceId, at)
      },
      progress(round) {
        if (written.size > 0) void showLatest()
        node.status.show(
          round.behind > 0 ? 'yellow' : 'green',
          'dot',
          RED._('rollups.status.behind', { behind: String(round.behind) }),
        )
        if (round.batches > 0) node.send({ topic: 'rollups', payload: round })
      },
      report(error) {
        node.status.show('red', 'ring', error instanceof Error ? error.message : String(error))
        node.reportError(error)
        partitions.forget()
      },
    })
    return { onClose: () => consumer.close() }
  })
}

async function ensureRollups(partitions: Partitions, span: Span | undefined): Promise<void> {
  if (!span) return
  for (let at = span.firstAt; at < span.lastAt + dayMs; at += dayMs) {
    await partitions.ensure('reading_minute', Math.min(at, span.lastAt))
    await partitions.ensure('reading_hour', Math.min(at, span.lastAt))
  }
}
