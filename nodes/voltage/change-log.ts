import type { PoolClient } from 'pg'
import type { Database } from '../../platform/storage/database.ts'
import type { Lag, Log, LogEntry } from '../../platform/storage/follower.ts'
import { changesAfter, countChangesAfter } from './change-repository.ts'

/** A commit that wrote windows. */
export interface VoltageChange extends LogEntry {
  /** How many of them nobody has written again since. */
  readonly windows: number
}

/** Commits of windows in their order, as stores of time series follow them. */
export const voltageChanges: Log<VoltageChange> = {
  name: 'voltage_window',
  after: (client: PoolClient, position: number, maxItems: number) => changesAfter(client, position, maxItems),
  async lagAfter(database: Database, position: number): Promise<Lag> {
    const { changes, windows } = await countChangesAfter(database, position)
    return { batches: changes, readings: windows }
  },
  sizeOf: ({ windows }) => ({ items: windows, readings: windows }),
}
