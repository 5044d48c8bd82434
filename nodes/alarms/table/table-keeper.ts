import { EventEmitter } from 'node:events'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { MasterTable } from '../domain/definition.ts'
import { ruleDefinitions } from '../rules/rule-repository.ts'
import { storedTable } from './stored-table.ts'
import { newestVersion } from './table-repository.ts'

const restMs = 100
/** A notice can be lost with its connection: so often it is looked anyway. */
const lookEveryMs = 30_000

/**
 * The master alarm table, held in memory and kept up with the database. Emits `change` with each version that it comes to,
 * the first one too: alarms that stand are then stepped again, for their priority or delays may be others.
 */
export class TableKeeper extends EventEmitter<{ change: [MasterTable] }> {
  readonly #database: Database
  readonly #closing = new AbortController()
  readonly #running: Promise<unknown>
  #table: MasterTable | undefined
  /** What alarm nodes say of their rules, as it was last read. */
  #rules = ''
  #isStale = true
  #lookAt = 0

  /** @param report  told of a fault that is not the database being away */
  constructor(database: Database, report: (error: unknown) => void) {
    super()
    this.setMaxListeners(0)
    this.#database = database
    const { signal } = this.#closing
    const rounds = { restMs, round: () => this.#round(), report }
    this.#running = Promise.all([
      database.listen('alarm_table_changed', () => (this.#isStale = true), signal),
      makeRounds(database, rounds, signal),
    ])
  }

  /** The table as it was last read; undefined before the first time. */
  get table(): MasterTable | undefined {
    return this.#table
  }

  /** The table once it has been read. @throws the reason of the abort, or of the end of the keeper */
  async ready(signal?: AbortSignal): Promise<MasterTable> {
    const ends = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal
    ends.throwIfAborted()
    if (!this.#table) await EventEmitter.once(this, 'change', { signal: ends })
    return this.#table!
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    const now = performance.now()
    if (!this.#isStale && now < this.#lookAt) return
    this.#isStale = false
    try {
      await this.#read()
    } catch (error) {
      this.#isStale = true
      throw error
    }
    this.#lookAt = now + lookEveryMs
  }

  async #read(): Promise<void> {
    const newest = await newestVersion(this.#database)
    const rules = JSON.stringify(await ruleDefinitions(this.#database))
    if (this.#table?.version === newest && this.#rules === rules) return
    const { table } = await storedTable(this.#database, newest)
    this.#table = table
    this.#rules = rules
    this.emit('change', table)
  }
}
