import type { PoolClient } from 'pg'
import type { Database } from '../../../platform/storage/database.ts'
import type { Lag, Log, LogEntry } from '../../../platform/storage/follower.ts'
import { indicatorChangesAfter, countIndicatorChangesAfter } from './indicator-change-repository.ts'

/** A commit that wrote months of units or conjuntos. */
export interface IndicatorChange extends LogEntry {
  /** How many of them nobody has written again since. */
  readonly months: number
}

/** Commits of indicators in their order, as stores of time series and alarms follow them. */
export const indicatorChanges: Log<IndicatorChange> = {
  name: 'continuity_indicator',
  after: (client: PoolClient, position: number, maxItems: number) => indicatorChangesAfter(client, position, maxItems),
  async lagAfter(database: Database, position: number): Promise<Lag> {
    const { changes, months } = await countIndicatorChangesAfter(database, position)
    return { batches: changes, readings: months }
  },
  sizeOf: ({ months }) => ({ items: months, readings: months }),
}
