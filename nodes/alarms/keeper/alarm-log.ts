import type { PoolClient } from 'pg'
import type { Database } from '../../../platform/storage/database.ts'
import type { Lag, Log, LogEntry } from '../../../platform/storage/follower.ts'
import { beginAtEnd, changesAfter, countChangesAfter } from './change-repository.ts'

/** A commit that changed alarms. */
export interface LoggedAlarms extends LogEntry {
  readonly transitions: number
}

/** Commits of alarms in their order, as the alarm node's output, notification and the live list follow them. */
export const alarmChanges: Log<LoggedAlarms> = {
  name: 'alarms',
  after: (client: PoolClient, position: number, maxItems: number) => changesAfter(client, position, maxItems),
  async lagAfter(database: Database, position: number): Promise<Lag> {
    const { changes, transitions, oldestAt } = await countChangesAfter(database, position)
    return { batches: changes, readings: transitions, oldestAt }
  },
  sizeOf: ({ transitions }) => ({ items: transitions + 1, readings: transitions }),
}

/** The same for a consumer to which only matters what happens from its first round on, or while it is away. */
export const alarmChangesFromNowOn = (consumer: string): Log<LoggedAlarms> => ({
  ...alarmChanges,
  async after(client, position, maxItems) {
    if (position > 0) return changesAfter(client, position, maxItems)
    await beginAtEnd(client, consumer)
    return []
  },
})
