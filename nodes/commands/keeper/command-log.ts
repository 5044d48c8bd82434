import type { PoolClient } from 'pg'
import type { Database } from '../../../platform/storage/database.ts'
import type { Lag, Log } from '../../../platform/storage/follower.ts'
import { beginAtEnd, changesAfter, countChangesAfter, type LoggedCommands } from './log-repository.ts'

/** Commits that changed commands in their order, as the command node's output and the live list follow them. */
export const commandChanges: Log<LoggedCommands> = {
  name: 'commands',
  after: (client: PoolClient, position: number, maxItems: number) => changesAfter(client, position, maxItems),
  async lagAfter(database: Database, position: number): Promise<Lag> {
    const { changes, transitions, oldestAt } = await countChangesAfter(database, position)
    return { batches: changes, readings: transitions, oldestAt }
  },
  sizeOf: ({ transitions }) => ({ items: transitions, readings: transitions }),
}

/** The same for a consumer to which only matters what happens from its first round on, or while it is away. */
export const commandChangesFromNowOn = (consumer: string): Log<LoggedCommands> => ({
  ...commandChanges,
  async after(client, position, maxItems) {
    if (position > 0) return changesAfter(client, position, maxItems)
    await beginAtEnd(client, consumer)
    return []
  },
})
