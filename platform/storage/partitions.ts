import type { Database } from './database.ts'

const dayMs = 86_400_000

/** No partition is narrower than a day. */
const partitionKey = (table: string, at: number): string => `${table}/${Math.floor(at / dayMs)}`

/** Makes sure that the partitions exist which somebody is going to write to. Remembers those it has seen. */
export class Partitions {
  #database: Database
  #seen = new Set<string>()

  constructor(database: Database) {
    this.#database = database
  }

  /** @param at UTC milliseconds */
  async ensure(table: string, at: number): Promise<void> {
    if (this.#seen.has(partitionKey(table, at))) return
    await this.#database.query('select ensure_partition($1, to_timestamp($2::float8 / 1000))', [table, at])
    this.#seen.add(partitionKey(table, at))
  }

  /** Whether it was made sure of before. @param at UTC milliseconds */
  has(table: string, at: number): boolean {
    return this.#seen.has(partitionKey(table, at))
  }

  /** After partitions were dropped. */
  forget(): void {
    this.#seen.clear()
  }
}
