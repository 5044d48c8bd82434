import type { PoolClient } from 'pg'
import type { Database } from '../../../platform/storage/database.ts'
import type { Lag, Log } from '../../../platform/storage/follower.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { countRoundsAfter, roundsAfter, type LoggedRound } from './round-repository.ts'

/** What was computed of plants, in the order of the commits. */
export const solarRoundLog: Log<LoggedRound> = {
  name: 'solar_round',
  after: (client: PoolClient, position: number, maxItems: number) => roundsAfter(queriesOf(client), position, maxItems),
  async lagAfter(database: Database, position: number): Promise<Lag> {
    const { rounds, points } = await countRoundsAfter(database, position)
    return { batches: rounds, readings: points }
  },
  sizeOf: ({ slots, panels }) => ({ items: slots + panels, readings: slots + panels }),
}
