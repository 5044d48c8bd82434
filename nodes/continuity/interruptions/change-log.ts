import type { PoolClient } from 'pg'
import type { Database } from '../../../platform/storage/database.ts'
import type { Lag, Log, LogEntry } from '../../../platform/storage/follower.ts'
import { changesAfter, countChangesAfter } from './change-repository.ts'

/** A commit that wrote interruptions, or decided something about them. */
export interface ContinuityChange extends LogEntry {
  readonly interruptions: number
  /** Pieces of units' times that it wrote or withdrew. */
  readonly units: number
}

/** Commits of interruptions in their order, as indicators, the live list and stores of time series follow them. */
export const continuityChanges: Log<ContinuityChange> = {
  name: 'continuity',
  after: (client: PoolClient, position: number, maxItems: number) => changesAfter(client, position, maxItems),
  async lagAfter(database: Database, position: number): Promise<Lag> {
    const { changes, units, oldestAt } = await countChangesAfter(database, position)
    return { batches: changes, readings: units, oldestAt }
  },
  sizeOf: ({ units }) => ({ items: units + 1, readings: units }),
}
