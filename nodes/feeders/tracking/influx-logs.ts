import type { PoolClient } from 'pg'
import { wallClock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { Lag, Log, LogEntry } from '../../../platform/storage/follower.ts'
import { countRoundsAfter, countSetpointsAfter, roundsAfter, setpointInstantsAfter } from './log-repository.ts'

/** Setpoints that were recorded in one millisecond, by the wall's clock: that is its position. */
export interface SetpointInstant extends LogEntry {
  readonly setpoints: number
}

/** A round of tracking, with how many figures of feeders and of devices it has. */
export interface LoggedRound extends LogEntry {
  readonly figures: number
}

/**
 * A setpoint gets its instant before its transaction begins: by then every one of an earlier instant is there, if the database took
 * none of them for longer than this.
 */
const settledAfterMs = 60_000

/** What devices were told, in the order in which it was recorded. */
export const setpointLog: Log<SetpointInstant> = {
  name: 'setpoint_change',
  after: (client: PoolClient, position: number, maxItems: number) =>
    setpointInstantsAfter(client, position, wallClock.now() - settledAfterMs, maxItems),
  async lagAfter(database: Database, position: number): Promise<Lag> {
    const setpoints = await countSetpointsAfter(database, position, wallClock.now() - settledAfterMs)
    return { batches: setpoints, readings: setpoints }
  },
  sizeOf: ({ setpoints }) => ({ items: setpoints, readings: setpoints }),
}

/** Rounds of tracking in the order of their commits. */
export const roundLog: Log<LoggedRound> = {
  name: 'tracking_round',
  after: (client: PoolClient, position: number, maxItems: number) => roundsAfter(client, position, maxItems),
  async lagAfter(database: Database, position: number): Promise<Lag> {
    const { rounds, figures } = await countRoundsAfter(database, position)
    return { batches: rounds, readings: figures }
  },
  sizeOf: ({ figures }) => ({ items: figures, readings: figures }),
}
