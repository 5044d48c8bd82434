import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import type { Registry } from '../../platform/network/registry.ts'
import { DatabaseUnavailable, isRefusal, type Database } from '../../platform/storage/database.ts'
import { writeBatches, type Committed } from './commit.ts'
import type { TelemetryBatch } from './messages.ts'
import { preparePartitions } from './batch-partitions.ts'
import type { Partitions } from '../../platform/storage/partitions.ts'
import { reject } from './place-items.ts'
import type { QuarantineBudget } from './quarantine-budget.ts'

/** A commit takes this many items at most, and at least one batch. */
const mostItemsInCommit = 5_000
/** Items that wait for a commit, at most. */
const mostItemsWaiting = 200_000
const retryMs = 200

interface Waiting {
  batch: TelemetryBatch
  resolve(committed: Committed): void
  reject(error: unknown): void
}

/**
 * Writes batches to the database: while one commit is under way the next batches gather, and go together in the next.
 * Waits for a database that is away; rows that it refuses are searched out by halving and put into quarantine.
 */
export class BatchWriter {
  #database: Database
  #registry: Registry
  #partitions: Partitions
  #budget: QuarantineBudget
  #waiting: Waiting[] = []
  #waitingItems = 0
  #writing: Promise<void> | undefined
  #closing = new AbortController()

  constructor(database: Database, registry: Registry, partitions: Partitions, budget: QuarantineBudget) {
    this.#database = database
    this.#registry = registry
    this.#partitions = partitions
    this.#budget = budget
  }

  /**
   * Resolves when the batch is durable.
   * @throws Error where too much waits already, or the writer was closed before
   */
  write(batch: TelemetryBatch): Promise<Committed> {
    if (this.#closing.signal.aborted) return Promise.reject(new Error('the store is closed'))
    if (this.#waitingItems + batch.payload.length > mostItemsWaiting)
      return Promise.reject(new Error(`the store has ${this.#waitingItems} items waiting, at most ${mostItemsWaiting}`))
    return new Promise<Committed>((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject })
      this.#waitingItems += batch.payload.length
      this.#writing ??= this.#writeAll()
    })
  }

  /** What waits is given up; what is being written is finished. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the store is closed'))
    await this.#writing
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup()
      try {
        const committed = await this.#commit(group.map(({ batch }) => batch))
        group.forEach(({ resolve }, index) => resolve(committed[index]!))
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    // In the same step as the look at what waits: a batch that came in between would wait for the next one.
    this.#writing = undefined
  }

  #takeGroup(): Waiting[] {
    let items = 0
    let count = 0
    while (count < this.#waiting.length && (count === 0 || items < mostItemsInCommit))
      items += this.#waiting[count++]!.batch.payload.length
    this.#waitingItems -= items
    return this.#waiting.splice(0, count)
  }

  /** Tries until the database has answered: for as long as it takes. */
  async #commit(batches: TelemetryBatch[]): Promise<Committed[]> {
    await this.#registry.ready(this.#closing.signal)
    for (;;) {
      this.#closing.signal.throwIfAborted()
      try {
        await preparePartitions(this.#partitions, batches)
        return await this.#database.transaction((client) => writeBatches(client, batches, this.#registry, this.#budget))
      } catch (error) {
        if (error instanceof DatabaseUnavailable) await this.#database.ready(this.#closing.signal)
        else if (isMissingPartition(error)) this.#partitions.forget()
        else if (isRefusal(error)) return await this.#halve(batches, error as DatabaseError)
        else if (!isContention(error)) throw error
        await delay(retryMs)
      }
    }
  }

  /** Something in these batches is refused: what is not gets stored all the same. */
  async #halve(batches: TelemetryBatch[], error: DatabaseError): Promise<Committed[]> {
    if (batches.length > 1) {
      const middle = Math.ceil(batches.length / 2)
      return [...(await this.#commit(batches.slice(0, middle))), ...(await this.#commit(batches.slice(middle)))]
    }
    const batch = batches[0]!
    if (batch.payload.length > 1) {
      const middle = Math.ceil(batch.payload.length / 2)
      const halves = [batch.payload.slice(0, middle), batch.payload.slice(middle)]
      const committed: Committed[] = []
      for (const payload of halves) committed.push(...(await this.#commit([{ ...batch, payload } as TelemetryBatch])))
      return [sumOf(committed)]
    }
    if (batch.topic === 'quarantine') throw error
    const refused = reject(batch.topic, batch.payload[0], 'storage_refused', error.message)
    return this.#commit([{ topic: 'quarantine', payload: [refused] }])
  }
}

const isMissingPartition = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === '23514' && error.message.startsWith('no partition')

/** Deadlocks and serialization failures: the same work may succeed at once. */
const isContention = (error: unknown): boolean => error instanceof DatabaseError && (error.code ?? '').startsWith('40')

function sumOf(parts: Committed[]): Committed {
  const outcome = { stored: 0, duplicates: 0, quarantined: 0 }
  for (const part of parts) {
    outcome.stored += part.outcome.stored
    outcome.duplicates += part.outcome.duplicates
    outcome.quarantined += part.outcome.quarantined
  }
  return {
    outcome,
    stored: parts.flatMap((part) => part.stored),
    rejected: parts.flatMap((part) => part.rejected),
  }
}
