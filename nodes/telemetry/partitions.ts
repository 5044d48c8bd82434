import type { Database } from '../../platform/storage/database.ts'
import type { TelemetryBatch } from './messages.ts'
import { isInstant } from './repository.ts'
import { seriesTables } from './series-tables.ts'

const dayMs = 86_400_000

/** No partition is narrower than a day. */
const partitionKey = (table: string, at: number): string => `${table}/${Math.floor(at / dayMs)}`

/** Days, counted from 1970, that items are of. */
function daysOf(items: unknown[]): Set<number> {
  const days = new Set<number>()
  for (const item of items) {
    // Any node may have changed the batch on its way: what is no reading gets its answer when it is written.
    const at = (item as { at?: unknown } | null | undefined)?.at
    if (isInstant(at)) days.add(Math.floor(at / dayMs))
  }
  return days
}

/** Makes sure that the partitions exist which a batch is going to write to. Remembers those it has seen. */
export class Partitions {
  #database: Database
  #seen = new Set<string>()

  constructor(database: Database) {
    this.#database = database
  }

  async prepareFor(batches: TelemetryBatch[]): Promise<void> {
    for (const { topic, payload } of batches) {
      if (topic === 'event' || topic === 'status' || topic === 'quarantine') continue
      const table = seriesTables[topic].name
      for (const day of daysOf(payload)) await this.ensure(table, day * dayMs)
    }
  }

  /** @param at UTC milliseconds */
  async ensure(table: string, at: number): Promise<void> {
    if (this.#seen.has(partitionKey(table, at))) return
    await this.#database.query('select ensure_partition($1, to_timestamp($2::float8 / 1000))', [table, at])
    this.#seen.add(partitionKey(table, at))
  }

  /** After partitions were dropped. */
  forget(): void {
    this.#seen.clear()
  }
}
