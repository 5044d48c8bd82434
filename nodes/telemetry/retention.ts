import { pause } from '../../platform/clock/pause.ts'
import type { PlatformClock } from '../../platform/clock/clock.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import type { Environment } from '../../platform/runtime/environment.ts'
import type { Partitions } from '../../platform/storage/partitions.ts'
import { expiringFor, strikeCommits } from './retention-repository.ts'
import type { QuarantineBudget } from './quarantine-budget.ts'
import { quarantineBytes } from './quarantine-repository.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A clock that runs fast passes an hour in no time. */
const restMs = 10_000

/** One call drops this many partitions at most. */
const mostDroppedAtOnce = 100

/**
 * Commits older than this that every consumer has taken are struck off the log. Those that one has not taken wait for
 * it as long as readings are kept.
 */
const batchLogDays = 7

/**
 * Keeps the store within its bounds, every hour of the platform's clock: drops what is older than the settings say (what
 * indicators rest on stays for its five years whatever they say), and creates tomorrow's partitions today.
 */
export class Retention {
  #database: Database
  #partitions: Partitions
  #budget: QuarantineBudget
  #environment: Environment
  #clock: Pick<PlatformClock, 'now' | 'simulated'>
  #report: (error: unknown) => void
  #closing = new AbortController()
  #running: Promise<void>

  constructor(
    database: Database,
    partitions: Partitions,
    budget: QuarantineBudget,
    environment: Environment,
    clock: Pick<PlatformClock, 'now' | 'simulated'>,
    report: (error: unknown) => void,
  ) {
    this.#database = database
    this.#partitions = partitions
    this.#budget = budget
    this.#environment = environment
    this.#clock = clock
    this.#report = report
    this.#running = this.#runHourly()
  }

  /** One round, at `now` (UTC milliseconds). Each step may be repeated, so instances need not know of each other. */
  async runOnce(now: number): Promise<void> {
    const { READING_RETENTION_DAYS, ROLLUP_MINUTE_RETENTION_DAYS, QUARANTINE_RETENTION_DAYS } = this.#environment
    const waitedEnough = this.#waitedEnough(now)
    await this.#tellOfLosses(waitedEnough)
    for (const table of ['der_reading', 'panel_reading', 'meter_reading', 'switch_reading']) {
      await this.#partitions.ensure(table, now + dayMs)
      await this.#dropOlder(table, READING_RETENTION_DAYS, now)
    }
    await this.#dropOlder('reading_minute', ROLLUP_MINUTE_RETENTION_DAYS, now)
    this.#partitions.forget()
    await this.#database.query('delete from quarantine where received_at < to_timestamp($1::float8 / 1000)', [
      now - QUARANTINE_RETENTION_DAYS * dayMs,
    ])
    await strikeCommits(this.#database, now - batchLogDays * dayMs, waitedEnough)
    this.#budget.bytes = await quarantineBytes(this.#database)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #dropOlder(table: string, days: number, now: number): Promise<void> {
    let dropped: unknown[]
    do {
      dropped = await this.#database.query(
        'select drop_partitions_before($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000))',
        [table, now - days * dayMs, now],
      )
    } while (dropped.length === mostDroppedAtOnce)
  }

  /** Until a simulation has set the clock it shows today, by which all that was simulated before would be too old. */
  get #knowsTheTime(): boolean {
    return this.#environment.CLOCK === 'wall' || this.#clock.simulated !== undefined
  }

  /** No commit from before this instant waits for a consumer. In a simulation months pass while one takes a breath: all wait. */
  #waitedEnough(now: number): number {
    const { CLOCK, READING_RETENTION_DAYS } = this.#environment
    return CLOCK === 'wall' ? now - READING_RETENTION_DAYS * dayMs : 0
  }

  /** A consumer that is away must not fill the disk: what it has not taken goes when its time has come, but not silently. */
  async #tellOfLosses(instant: number): Promise<void> {
    for (const { consumer, commits, readings } of await expiringFor(this.#database, instant)) {
      this.#report(
        new Error(
          `${consumer} has not taken ${commits} commits with ${readings} readings that are older than ` +
            `READING_RETENTION_DAYS=${this.#environment.READING_RETENTION_DAYS}: they are gone for it. ` +
            `A consumer that is not coming back is forgotten with its row in consumer_cursor`,
        ),
      )
    }
  }

  async #runHourly(): Promise<void> {
    const { signal } = this.#closing
    let last = -Infinity
    while (!signal.aborted) {
      try {
        await this.#database.ready(signal)
        const now = this.#clock.now()
        if (this.#knowsTheTime && Math.abs(now - last) >= hourMs) {
          await this.runOnce(now)
          last = now
        }
      } catch (error) {
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) this.#report(error)
      }
      await pause(restMs, signal)
    }
  }
}
