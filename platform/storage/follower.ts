import type { PoolClient } from 'pg'
import { platformClock } from '../clock/clock.ts'
import { pause } from '../clock/pause.ts'
import { provideConsumer, type ConsumerState } from '../http/health.ts'
import { cursorOf, enterConsumer, lockCursor, moveCursor } from './cursor.ts'
import { DatabaseUnavailable, type Database } from './database.ts'

/** A commit in a log: positions grow in the order in which commits become visible. */
export interface LogEntry {
  readonly position: number
}

/** What a follower has not taken yet. */
export interface Lag {
  batches: number
  readings: number
  /** When the oldest of it was committed, UTC milliseconds; null where nothing is left; absent where the log does not say. */
  oldestAt?: number | null
}

/** A log of commits, as followers read it. */
export interface Log<Entry extends LogEntry> {
  /** Names it among the cursors. */
  readonly name: string
  /** The commits after `position`, oldest first: as many as make up `maxItems`, at least one where there is one. */
  after(client: PoolClient, position: number, maxItems: number): Promise<Entry[]>
  /** Counts every commit after `position`. */
  lagAfter(database: Database, position: number): Promise<Lag>
  /** How much a commit carries of what `maxItems` counts, and of what figures tell: readings, or what the log has in their place. */
  sizeOf(entry: Entry): { items: number; readings: number }
}

export interface FollowerOptions<Entry> {
  /** Name of its cursor; every instance of the same follower shares it. */
  name: string
  /** Takes as many commits at a time as make up this many items. */
  maxItems: number
  /** Rests this long after each round that took all there was, ms. */
  restMs: number
  /**
   * Rests at least this many times as long as the round took: it leaves room for the writers, and more comes together in
   * the next. Once at most where there was more than it takes at a time.
   */
  restFactor: number
  /**
   * What is done before the transaction and outside of it: all the work, where the effect is not in PostgreSQL, for
   * the cursor moves only when it has resolved. Done again after a crash, so twice must be as good as once.
   * @param signal aborts when the follower closes
   * @returns what became of the items, where some may be refused for good
   */
  before?(batches: Entry[], signal: AbortSignal): Promise<Shipped | void>
  /** Makes something of the commits, in the transaction that moves the cursor. */
  take?(client: PoolClient, batches: Entry[]): Promise<void>
  /** Told after each round how far behind the log it is. */
  progress(round: { batches: number; readings: number; behind: number }): void
  /** Told of each round that failed, but not of a database that is away. */
  report(error: unknown): void
}

/** Items that arrived where they were sent, and items that were refused there: nobody tries them again. */
export interface Shipped {
  written: number
  refused: number
}

const firstRetryMs = 250
const lastRetryMs = 10_000
/** Counting what is left costs the more, the more is left: at most a twentieth of the time goes into it. */
const lagRestFactor = 20

/**
 * Follows a log from where it stopped, for ever: each commit is taken exactly once, whatever is killed when. A
 * round that fails is tried again after ever longer pauses, up to ten seconds; meanwhile nothing is held open.
 */
export class Follower<Entry extends LogEntry> {
  #database: Database
  #log: Log<Entry>
  #options: FollowerOptions<Entry>
  #closing = new AbortController()
  #running: Promise<void>
  #withdraw: () => void
  #lag: Required<Lag> = { batches: 0, readings: 0, oldestAt: null }
  #lagDue = 0
  /** When it last had all there was, as far as this process knows: what is left came later. */
  #caughtUpAt = platformClock.now()
  #done = { batches: 0, readings: 0, failures: 0, lastSuccessAt: null as number | null }
  #shipped: Shipped | undefined

  constructor(database: Database, log: Log<Entry>, options: FollowerOptions<Entry>) {
    this.#database = database
    this.#log = log
    this.#options = options
    this.#withdraw = provideConsumer(options.name, () => this.state)
    this.#running = this.#follow()
  }

  get state(): ConsumerState {
    const { batches, readings, oldestAt } = this.#lag
    return { batchesBehind: batches, readingsBehind: readings, oldestAt, ...this.#done, ...this.#shipped }
  }

  async close(): Promise<void> {
    this.#withdraw()
    this.#closing.abort()
    await this.#running
  }

  async #follow(): Promise<void> {
    const { restMs, restFactor, maxItems, report } = this.#options
    const { signal } = this.#closing
    let failures = 0
    while (!signal.aborted) {
      let began = performance.now()
      let [leastRestMs, factor] = [restMs, restFactor]
      try {
        await this.#database.ready(signal)
        // To wait for the database is no work to rest from.
        began = performance.now()
        if ((await this.#round(signal)) >= maxItems) [leastRestMs, factor] = [0, Math.min(restFactor, 1)]
        failures = 0
      } catch (error) {
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) {
          leastRestMs = firstRetryMs * 2 ** failures++
          this.#done.failures++
          report(error)
        }
      }
      const rest = Math.max(leastRestMs, factor * (performance.now() - began))
      await pause(Math.min(rest, lastRetryMs), signal)
    }
  }

  /** @returns how many items it took */
  async #round(signal: AbortSignal): Promise<number> {
    const { name, maxItems, before, take, progress } = this.#options
    const log = this.#log
    // Looked at before the transaction: what is done there must not be undone with it, nor deadlock with writers.
    const cursor = await cursorOf(this.#database, log.name, name)
    // Before it has taken anything: one that cannot yet, for its server is away, is waited for like any other.
    if (cursor === 0) await enterConsumer(this.#database, log.name, name)
    const planned = await this.#database.transaction((client) => log.after(client, cursor, maxItems))
    await this.#measureLag(cursor)
    let taken: Entry[] = []
    const upTo = planned.at(-1)?.position
    if (upTo !== undefined) {
      this.#count((await before?.(planned, signal)) ?? undefined)
      taken = await this.#database.transaction(async (client) => {
        const position = await lockCursor(client, log.name, name)
        // Somebody put it back: what comes first now has not been prepared.
        if (position < cursor) return []
        // What was committed meanwhile is for the next round.
        const batches = (await log.after(client, position, maxItems)).filter((batch) => batch.position <= upTo)
        const last = batches.at(-1)
        if (!last) return []
        await take?.(client, batches)
        await moveCursor(client, log.name, name, last.position)
        return batches
      })
    }
    return this.#finish(taken, progress)
  }

  async #measureLag(cursor: number): Promise<void> {
    const began = performance.now()
    if (began < this.#lagDue) return
    const lag = await this.#log.lagAfter(this.#database, cursor)
    if (lag.batches === 0) this.#caughtUpAt = platformClock.now()
    this.#lag = { ...lag, oldestAt: lag.batches === 0 ? null : (lag.oldestAt ?? this.#caughtUpAt) }
    const now = performance.now()
    this.#lagDue = now + lagRestFactor * (now - began)
  }

  #count(shipped: Shipped | undefined): void {
    if (!shipped) return
    const { written, refused } = this.#shipped ?? { written: 0, refused: 0 }
    this.#shipped = { written: written + shipped.written, refused: refused + shipped.refused }
  }

  #finish(taken: Entry[], progress: FollowerOptions<Entry>['progress']): number {
    const sizes = taken.map((entry) => this.#log.sizeOf(entry))
    const readings = sumOf(sizes, 'readings')
    this.#done.batches += taken.length
    this.#done.readings += readings
    this.#done.lastSuccessAt = platformClock.now()
    const batchesLeft = Math.max(0, this.#lag.batches - taken.length)
    this.#lag = {
      batches: batchesLeft,
      readings: Math.max(0, this.#lag.readings - readings),
      oldestAt: batchesLeft === 0 ? null : this.#lag.oldestAt,
    }
    progress({ batches: taken.length, readings, behind: batchesLeft })
    return sumOf(sizes, 'items')
  }
}

const sumOf = (sizes: readonly { items: number; readings: number }[], what: 'items' | 'readings'): number =>
  sizes.reduce((sum, size) => sum + size[what], 0)
