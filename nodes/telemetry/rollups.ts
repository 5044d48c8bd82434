import type { NodeAPI } from 'node-red'
import { defineNode } from '../../platform/node/define-node.ts'
import { Consumer } from '../../platform/storage/consumer.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { Partitions } from './partitions.ts'
import { addToRollups, moveLatest } from './rollup-repository.ts'
import { spanOf, type Span } from './span.ts'

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
        await moveLatest(client, span)
      },
      progress(round) {
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
