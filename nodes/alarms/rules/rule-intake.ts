import type { Database } from '../../../platform/storage/database.ts'
import type { Evidence, Rule } from '../domain/rules/rule.ts'
import type { JudgedDevices } from './judged-devices.ts'
import { storedDevices } from './remembered-devices.ts'
import type { RuleRunOptions } from './rule-follower.ts'
import { storeOutcome } from './store-outcome.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'

/** Readings that wait for a transaction that is under way. */
const mostWaiting = 200_000
const timeEveryMs = 1_000

/** More readings wait than are held in memory: whoever sent them may send them again. */
class TooManyReadings extends Error {
  override readonly name = 'TooManyReadings'
}

/**
 * Judges readings that come on the wire. What holds is stored with the alarms that come of it, and is remembered after a restart;
 * when a device was last heard of is not.
 */
export class RuleIntake {
  readonly #database: Database
  readonly #rules: readonly Rule[]
  readonly #options: RuleRunOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #devices: JudgedDevices | undefined
  #waiting = 0
  /** One thing after the other: what is judged rests on what was stored before. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(database: Database, rules: readonly Rule[], options: RuleRunOptions) {
    this.#database = database
    this.#rules = rules
    this.#options = options
    const rounds = { restMs: timeEveryMs, round: () => this.#passTime(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  /**
   * Takes readings. Resolves once what came of them is stored.
   * @throws TooManyReadings  naming the bound; none of them was taken
   */
  async take(readings: readonly Evidence[]): Promise<void> {
    if (this.#waiting + readings.length > mostWaiting)
      throw new TooManyReadings(
        `${this.#waiting} readings wait to be judged: with ${readings.length} more there are over ${mostWaiting}`,
      )
    this.#waiting += readings.length
    try {
      await this.#inTurn((devices) => readings.forEach((reading) => devices.takeReading(reading)))
    } finally {
      this.#waiting -= readings.length
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#running, this.#last])
  }

  async #passTime(): Promise<void> {
    const { clock, clockIsSet, feederOf } = this.#options
    if (clockIsSet()) await this.#inTurn((devices) => devices.takeTime(clock.now(), feederOf))
  }

  #inTurn(judge: (devices: JudgedDevices) => void): Promise<void> {
    const done = this.#last.then(() => this.#judge(judge))
    this.#last = done.catch(() => undefined)
    return done
  }

  async #judge(judge: (devices: JudgedDevices) => void): Promise<void> {
    const { clock, table, feederOf } = this.#options
    const devices = (this.#devices ??= await storedDevices(this.#database, this.#rules))
    devices.table = table()
    judge(devices)
    const { outcome } = devices
    try {
      if (outcome.changes.length + outcome.rows.length > 0)
        await this.#database.transaction((client) =>
          storeOutcome(client, outcome, { table: table(), now: clock.now(), feederOf }),
        )
      devices.keep()
    } catch (error) {
      // It may have been stored nevertheless: what was stored is asked for again.
      this.#devices = undefined
      throw error
    }
  }
}
