import { batchLog, type LoggedBatch } from './batch-log.ts'
import type { Database } from './database.ts'
import { Follower, type FollowerOptions } from './follower.ts'

export type ConsumerOptions = FollowerOptions<LoggedBatch>

/** Follows the batch log: each commit of readings and events is taken exactly once, whatever is killed when. */
export class Consumer extends Follower<LoggedBatch> {
  constructor(database: Database, options: ConsumerOptions) {
    super(database, batchLog, options)
  }
}
