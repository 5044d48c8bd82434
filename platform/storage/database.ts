import { EventEmitter } from 'node:events'
import { Client, DatabaseError, Pool, type PoolClient, type PoolConfig, type QueryResultRow } from 'pg'
import { isAbort, pause } from '../clock/pause.ts'
import { newestMigration } from './migrate.ts'

const closingMs = 2_000

/** What notices are told on. */
export type Channel =
  | 'registry_changed'
  | 'access_changed'
  | 'mqtt_credential_changed'
  | 'continuity_registers_changed'
  | 'alarm_table_changed'
  | 'feeder_control_changed'

export type DatabaseState = { up: true } | { up: false; detail: string }

/**
 * The PostgreSQL of this installation: a pool that may be there or not. Whoever needs it waits for `ready()`; nobody
 * has to be started again when it comes back. Emits `state` with a `DatabaseState` at every change.
 */
export class Database extends EventEmitter<{ state: [DatabaseState] }> {
  #config: PoolConfig
  #pool: Pool
  #busy = new Set<PoolClient>()
  #state: DatabaseState = { up: false, detail: 'not connected yet' }
  #closing = new AbortController()
  #watching: Promise<void>

  constructor(config: PoolConfig) {
    super()
    this.setMaxListeners(0)
    this.#config = {
      ...{ connectionTimeoutMillis: 5_000, keepAlive: true, application_name: 'linha-viva' },
      ...config,
    }
    this.#pool = new Pool({ max: 8, ...this.#config })
    // The pool hears of a client's end while it lies there, whoever uses it while he does; between the two nobody would, and a
    // client that nobody hears takes the process with it. Whoever uses it then learns of it by his first statement.
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
    this.#pool.on('acquire', (client) => this.#busy.add(client))
    this.#pool.on('release', (_error, client) => this.#busy.delete(client))
    this.#pool.on('error', (error) => this.#change({ up: false, detail: error.message }))
    this.#watching = this.#watch()
  }

  get state(): DatabaseState {
    return this.#state
  }

  /** Resolves once the database answers and has the schema of this release; rejects when closed or aborted. */
  async ready(signal?: AbortSignal): Promise<void> {
    while (!this.#state.up) {
      this.#closing.signal.throwIfAborted()
      await EventEmitter.once(this, 'state', {
        signal: signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal,
      })
    }
  }

  /** One statement. @throws DatabaseUnavailable where the connection is at fault, else what the database said */
  async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.#guarded(async () => (await this.#pool.query<Row>(text, values)).rows)
  }

  /** Runs `work` in a transaction: committed when it resolves, rolled back when it rejects. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#guarded(async () => {
      const client = await this.#pool.connect()
      let broken: Error | undefined
      const onError = (error: Error) => (broken = error)
      client.on('error', onError)
      try {
        await client.query('begin')
        const result = await work(client)
        await client.query('commit')
        return result
      } catch (error) {
        broken ??= await rollback(client)
        throw error
      } finally {
        client.off('error', onError)
        client.release(broken)
      }
    })
  }

  /** Calls `heard` at every notice on `channel`, and once after each (re)connection, when notices may have been missed. */
  async listen(channel: Channel, heard: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#closing.signal.aborted) {
      try {
        await this.ready(signal)
        await this.#listenOnce(channel, heard, signal)
      } catch (error) {
        if (!isAbort(error)) await pause(1_000, signal)
      }
    }
  }

  async #listenOnce(channel: string, heard: () => void, signal: AbortSignal): Promise<void> {
    // Not of the pool: whoever listens does so for good, and the pool is for work.
    const client = new Client(this.#config)
    const lost = new Promise<void>((resolve) => client.on('error', () => resolve()).once('end', () => resolve()))
    try {
      await client.connect()
      const ends = AbortSignal.any([signal, this.#closing.signal])
      if (ends.aborted) return
      const aborted = EventEmitter.once(ends as never, 'abort')
      client.on('notification', heard)
      await client.query(`listen ${channel}`)
      heard()
      await Promise.race([lost, aborted])
    } finally {
      void client.end()
    }
  }

  /** What is under way gets two seconds to end by itself. */
  async close(): Promise<void> {
    this.#closing.abort()
    const patience = setTimeout(() => {
      for (const client of this.#busy) void (client as unknown as Client).end()
    }, closingMs)
    await Promise.all([this.#watching, this.#pool.end()]).finally(() => clearTimeout(patience))
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw new DatabaseUnavailable('closed')
    try {
      return await work()
    } catch (error) {
      if (!isConnectionFault(error)) throw error
      const detail = error instanceof Error ? error.message : String(error)
      this.#change({ up: false, detail })
      throw new DatabaseUnavailable(detail)
    }
  }

  /** Asks every second while the database is down, every ten while it is up. */
  async #watch(): Promise<void> {
    const wanted = newestMigration()
    for (let second = 0; !this.#closing.signal.aborted; second++) {
      if (!this.#state.up || second % 10 === 0) this.#change(await this.#probe(wanted))
      await pause(1_000, this.#closing.signal)
    }
  }

  async #probe(wanted: string): Promise<DatabaseState> {
    try {
      const { rows } = await this.#pool.query<{ present: boolean }>(
        'select exists (select from pgmigrations where name = $1) as present',
        [wanted],
      )
      return rows[0]?.present ? { up: true } : { up: false, detail: `schema is behind: ${wanted} is missing` }
    } catch (error) {
      if (error instanceof DatabaseError && error.code === '42P01')
        return { up: false, detail: 'schema not migrated yet' }
      return { up: false, detail: error instanceof Error ? error.message || error.name : String(error) }
    }
  }

  #change(state: DatabaseState): void {
    const same =
      state.up === this.#state.up && (state.up || state.detail === (this.#state as { detail: string }).detail)
    this.#state = state
    if (!same) this.emit('state', state)
  }
}

/** The database could not be reached or went away: the same work may succeed later. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/**
 * Whether the database refused the rows themselves (a data exception or an integrity violation), so that trying the
 * same rows again is of no use.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && /^(22|23)/.test(error.code ?? '')
}

/** Everything that is no answer about the statement: lost connections, shutdown, crash recovery, too many clients. */
function isConnectionFault(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return false
  if (error instanceof DatabaseError) return /^(08|57P|53)/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  // What work throws of its own accord has a class of its own, whatever its words; pg and its pool know but plain errors.
  const isPlain = Object.getPrototypeOf(error) === Error.prototype
  return 'errno' in error || (isPlain && /connection|connect|timeout|terminated/i.test(error.message))
}

async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
