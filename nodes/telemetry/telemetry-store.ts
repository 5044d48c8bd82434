import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { provideIngestCounts } from '../../platform/http/health.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { liveHub } from '../../platform/live/hub.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import { readingKinds, type Reading } from '../../platform/wire/reading.ts'
import { BatchWriter } from './batch-writer.ts'
import { batchOf } from './domain/wire-check.ts'
import { publishReadings } from './live-devices.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { QuarantineBudget } from './quarantine-budget.ts'
import { Retention } from './retention.ts'

interface TelemetryStoreConfig {
  database: string
}

const kinds: ReadonlySet<string> = new Set(readingKinds)

/**
 * Stores batches, and settles each once it is durable. Sends on what was new in them, as a batch of the same topic;
 * what the database knew already, or refuses, is not sent. The live stream shows the same.
 */
export default function register(RED: NodeAPI): void {
  defineNode<TelemetryStoreConfig>(RED, 'linhaviva-telemetry-store', { database: '' }, (config, node) => {
    const { database, registry } = node.configNode<PostgresqlNode>('database', config.database)
    const settings = environment()
    const partitions = new Partitions(database)
    const budget = new QuarantineBudget(settings.QUARANTINE_MAX_MB * 1024 * 1024, platformClock)
    const writer = new BatchWriter(database, registry, partitions, budget)
    const retention = new Retention(database, partitions, budget, settings, platformClock, (error) =>
      node.reportError(error),
    )
    const counts = { stored: 0, duplicates: 0, quarantined: 0 }
    const withdraw = provideIngestCounts(() => ({ received: 0, ...counts, inFlight: 0, lagMs: 0 }))
    /** How many messages with a batch's number are being written: an engineer's node may have split the batch. */
    const writing = new Map<number, number>()

    function release(batchId: number): void {
      const left = (writing.get(batchId) ?? 1) - 1
      if (left > 0) writing.set(batchId, left)
      else writing.delete(batchId)
    }

    return {
      async onInput(msg, send) {
        const batch = batchOf(msg)
        const { batchId } = batch
        const before = batchId === undefined ? 0 : (writing.get(batchId) ?? 0)
        // A copy that comes while the first one waits here, or after that was settled, has nothing new to say.
        if (batch.again && batchId !== undefined && (before > 0 || !acknowledgements.isOpen(batchId))) return
        if (batchId !== undefined) writing.set(batchId, before + 1)
        try {
          const { outcome, stored } = await writer.write(batch)
          if (batchId !== undefined && writing.get(batchId) === 1) acknowledgements.settle(batchId, outcome)
          if (kinds.has(batch.topic)) publishReadings(liveHub, stored as Reading[])
          counts.stored += outcome.stored
          counts.duplicates += outcome.duplicates
          counts.quarantined += outcome.quarantined
          const count = String(counts.stored)
          node.status.show('green', 'dot', () => RED._('telemetry-store.status.stored', { count }))
          if (stored.length > 0) send({ ...msg, payload: stored })
        } catch (error) {
          node.status.show('red', 'ring', error instanceof Error ? error.message : String(error))
          throw error
        } finally {
          if (batchId !== undefined) release(batchId)
        }
      },
      async onClose() {
        withdraw()
        await Promise.all([writer.close(), retention.close()])
      },
    }
  })
}
