import type { PoolClient } from 'pg'
import { pause } from '../clock/pause.ts'
import { batchesAfter, lockCursor, moveCursor, type LoggedBatch } from './batch-log.ts'
import { DatabaseUnavailable, type Database } from './database.ts'

export interface ConsumerOptions {
  /** Name of its cursor; every instance of the same consumer shares it. */
  name: string
  /** Takes as many commits at a time as make up this many readings. */
  maxReadings: number
  /** Rests this long after each round, ms, or three times as long as the round took: it leaves room for the writers. */
  restMs: number
  /** Makes something of the commits, in the transaction that moves the cursor. */
  take(client: PoolClient, batches: LoggedBatch[]): Promise<void>
  /** What must be there before the transaction begins. */
  prepare?(batches: LoggedBatch[]): Promise<void>
  /** Told after each round how far behind the log it is. */
  progress(round: { batches: number; readings: number; behind: number }): void
  report(error: unknown): void
}

/**
 * Follows the batch log from where it stopped, for ever: each commit is taken exactly once, whatever is killed when.
 */
export class Consumer {
  #database: Database
  #options: ConsumerOptions
  #closing = new AbortController()
  #running: Promise<void>

  constructor(database: Database, options: ConsumerOptions) {
    this.#database = database
    this.#options = options
    this.#running = this.#follow()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const started = performance.now()
      try {
        await this.#database.ready(signal)
        await this.#round()
      } catch (error) {
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) this.#options.report(error)
      }
      const rest = Math.max(this.#options.restMs, 3 * (performance.now() - started))
      await pause(Math.min(rest, 10_000), signal)
    }
  }

  async #round(): Promise<void> {
    const { name, maxReadings, prepare, take, progress } = this.#options
    // Looked at before the transaction: what is prepared must not be undone with it, nor deadlock with writers.
    const [cursor] = await this.#database.query<{ position: number }>(
      'select coalesce((select position from consumer_cursor where consumer = $1), 0)::float8 as position',
      [name],
    )
    const prepared = await this.#database.transaction((client) => batchesAfter(client, cursor!.position, maxReadings))
    await prepare?.(prepared)
    const upTo = prepared.at(-1)?.position ?? cursor!.position
    const done = await this.#database.transaction(async (client) => {
      const position = await lockCursor(client, name)
      // What was committed meanwhile is not prepared: it is for the next round.
      const batches = (await batchesAfter(client, position, maxReadings)).filter((batch) => batch.position <= upTo)
      const last = batches.at(-1)
      if (last) {
        await take(client, batches)
        await moveCursor(client, name, last.position)
      }
      const { rows } = await client.query<{ behind: number }>(
        'select count(*)::float8 as behind from batch_log where position > $1',
        [last?.position ?? position],
      )
      return { batches, behind: rows[0]!.behind }
    })
    const readings = done.batches.reduce((sum, batch) => sum + batch.readings, 0)
    progress({ batches: done.batches.length, readings, behind: done.behind })
  }
}
