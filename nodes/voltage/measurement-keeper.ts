import type { PoolClient } from 'pg'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { pause } from '../../platform/clock/pause.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { unitsToBook } from './case-repository.ts'
import type { Calendar } from './domain/regularisation.ts'
import { windowsClosedUntil } from './kept-window-repository.ts'
import { dueMeasurements } from './measurement-state-repository.ts'
import { followCorrections, takeUp, type Moment } from './take-up.ts'
import { followViolations } from './violation-cases.ts'

export interface MeasurementKeeperOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** IANA zone of civil days and months. */
  readonly timeZone: string
  /** Told of each round that failed, but not of a database that is away. */
  report(error: unknown): void
}

const restMs = 1_000
/** No month is shorter. */
const monthMs = 28 * 86_400_000

/**
 * Leads the official measurements: they take up the windows that have been closed and corrected, violations become cases, and
 * what is due for them is booked. All of it stands in the database, a step a transaction, so it goes on wherever it was killed,
 * and several may do it.
 */
export class MeasurementKeeper {
  #database: Database
  #options: MeasurementKeeperOptions
  #calendar: Calendar
  #partitions: Partitions
  #closing = new AbortController()
  #running: Promise<void>

  constructor(database: Database, options: MeasurementKeeperOptions) {
    this.#database = database
    this.#options = options
    this.#calendar = civilDaysIn(options.timeZone)
    this.#partitions = new Partitions(database)
    this.#running = this.#runForEver()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #runForEver(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        await this.#database.ready(signal)
        if (this.#options.clockIsSet()) await this.runOnce()
      } catch (error) {
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) this.#options.report(error)
      }
      await pause(restMs, signal)
    }
  }

  /** One round. What fails in it is told of, and holds up nothing else. */
  async runOnce(): Promise<void> {
    const closedUntil = await windowsClosedUntil(this.#database)
    if (closedUntil === undefined) return
    const moment: Moment = { now: this.#options.clock.now(), closedUntil, calendar: this.#calendar }
    while (await this.#step((client) => followCorrections(client, moment))) continue
    for (const { measurementId, from, until } of await dueMeasurements(this.#database, moment.now, closedUntil)) {
      await this.#ensurePartitions(from, until)
      await this.#step((client) => takeUp(client, measurementId, moment))
    }
    // Last: what ends a violation has been seen by then.
    for (const unitId of await unitsToBook(this.#database, Math.min(moment.now, closedUntil)))
      await this.#step((client) => followViolations(client, unitId, moment))
  }

  /** @returns undefined where it failed, or nothing begins any more */
  async #step<T>(work: (client: PoolClient) => Promise<T>): Promise<T | undefined> {
    if (this.#closing.signal.aborted) return undefined
    try {
      return await this.#database.transaction(work)
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      this.#options.report(error)
      return undefined
    }
  }

  /** Outside of the transactions that write: making one waits for them. */
  async #ensurePartitions(from: number, until: number): Promise<void> {
    for (let at = from; at < until + monthMs; at += monthMs)
      await this.#partitions.ensure('measurement_window', Math.min(at, until))
  }
}
