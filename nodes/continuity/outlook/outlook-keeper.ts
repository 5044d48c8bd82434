import { EventEmitter } from 'node:events'
import type { Clock } from '../../../platform/clock/clock.ts'
import { DatabaseUnavailable, type Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import type { RestorationPolicy } from '../domain/restoration-policy.ts'
import { Breather } from './breather.ts'
import { loadProfiles } from './load-profiles.ts'
import { OpenOutages } from './open-outages.ts'
import { openEstimates, restorationPolicy } from './policy-repository.ts'
import type { UnitProfiles } from './unit-profiles.ts'
import { emptyOutlook, type Outlook } from './outlook.ts'

export interface OutlookKeeperOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** IANA zone of units without a conjunto, and of conjuntos that have none. */
  readonly timeZone: string
  /** Units that there is room for: those beyond count as units out, and their money is pending. */
  readonly mostUnits: number
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** How often commits are looked for; at most half of the time goes into it. */
const lookEveryMs = 75
const restFactor = 1
/** What lasts costs more as time passes. */
const refreshEveryMs = 2_000
/** Registers are imported in many statements: a reload waits for the next ones. */
const reloadRestMs = 5_000
const reloadAfterMs = 600_000

/**
 * Keeps in memory what outages that last cost and whom to restore first. All of it is made of what the database has: after a
 * restart it is made again. Emits `change` with the outlook whenever there is a newer one.
 */
export class OutlookKeeper extends EventEmitter<{ change: [Outlook] }> {
  readonly #database: Database
  readonly #options: OutlookKeeperOptions
  readonly #open: OpenOutages
  readonly #closing = new AbortController()
  readonly #running: Promise<unknown>
  #outlook: Outlook = emptyOutlook
  /** Heard once after each connection. */
  #profilesAreStale = false
  #loadedAt = -Infinity
  #loading: Promise<void> | undefined
  /** Taken at the beginning of a round: what one calculates by stays the same until its end. */
  #loaded: UnitProfiles | undefined
  #settling: Promise<void> | undefined
  #refreshDue = 0

  constructor(database: Database, options: OutlookKeeperOptions) {
    super()
    this.setMaxListeners(0)
    this.#database = database
    this.#options = options
    this.#open = new OpenOutages(options.timeZone)
    const { signal } = this.#closing
    const listening = database.listen('continuity_registers_changed', () => (this.#profilesAreStale = true), signal)
    const rounds = { restMs: lookEveryMs, restFactor, round: () => this.#follow(signal), report: options.report }
    this.#running = Promise.all([listening, makeRounds(database, rounds, signal)])
  }

  /** The newest. */
  get outlook(): Outlook {
    return this.#outlook
  }

  /** What its amounts are calculated from; undefined: not read yet. */
  get profiles(): UnitProfiles | undefined {
    return this.#open.profiles
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
    await Promise.all([this.#loading, this.#settling])
  }

  async #follow(signal: AbortSignal): Promise<void> {
    if (!this.#options.clockIsSet()) return
    this.#keepProfiles(signal)
    if (this.#loaded) this.#open.use(this.#loaded)
    this.#loaded = undefined
    // Before anything has been read, nobody knows that nothing lasts.
    if (!this.#open.profiles) return
    try {
      await this.#round(signal)
    } catch (error) {
      // What is half taken is taken again.
      this.#open.forget()
      throw error
    }
  }

  /** Beside the rounds: outages are followed by the profiles that are there. */
  #keepProfiles(signal: AbortSignal): void {
    const now = performance.now()
    const waits = now - this.#loadedAt < reloadRestMs
    const isOld = this.#loadedAt > -Infinity && now - this.#loadedAt > reloadAfterMs
    if (this.#loading || waits || !(this.#profilesAreStale || isOld)) return
    this.#profilesAreStale = false
    this.#loading = this.#load(signal).finally(() => (this.#loading = undefined))
  }

  async #load(signal: AbortSignal): Promise<void> {
    const { clock, timeZone, mostUnits, report } = this.#options
    try {
      const profiles = await loadProfiles(this.#database, { now: clock.now(), timeZone, mostUnits }, signal)
      this.#loaded = profiles
    } catch (error) {
      this.#profilesAreStale = true
      if (!signal.aborted && !(error instanceof DatabaseUnavailable)) report(error)
    }
    this.#loadedAt = performance.now()
  }

  async #round(signal: AbortSignal): Promise<void> {
    const began = performance.now()
    const now = this.#options.clock.now()
    const breather = new Breather()
    const changed = (await this.#open.isBehind(this.#database)) && (await this.#take(now, breather))
    // Of units that were out when they were read: an amount that is wrong would be worse than one that is a second late.
    const settles = this.#open.unsettled > 0
    while (this.#open.unsettled > 0 && !signal.aborted) await this.#open.settle(this.#database, now)
    this.#settling ??= this.#settleAgain(signal).finally(() => (this.#settling = undefined))
    const isDue = settles || began >= this.#refreshDue
    if (!changed && !isDue) return
    const [policy, estimates] = [await restorationPolicy(this.#database), await openEstimates(this.#database)]
    const byInterruption = new Map(estimates.map((estimate) => [estimate.interruptionId, estimate]))
    // The list first: when which limits break follows.
    await this.#open.price(isDue ? 'all' : 'new', now, policy, byInterruption, breather)
    this.#publish(now, policy, began)
    if (await this.#open.findSteps(now, breather)) this.#publish(now, policy, began)
    if (isDue) this.#refreshDue = performance.now() + Math.max(refreshEveryMs, performance.now() - began)
  }

  /** What was written, as of one instant: months must not be newer than the outages that are left out of them. */
  #take(now: number, breather: Breather): Promise<boolean> {
    return this.#database.transaction(async (client) => {
      await client.query('set transaction isolation level repeatable read, read only')
      return this.#open.take(queriesOf(client), now, breather)
    })
  }

  /** Beside the rounds: what was known before goes on until it is known better. */
  async #settleAgain(signal: AbortSignal): Promise<void> {
    try {
      while (this.#open.settlesAgain > 0 && !signal.aborted)
        await this.#open.settleAgain(this.#database, this.#options.clock.now())
    } catch (error) {
      if (!signal.aborted && !(error instanceof DatabaseUnavailable)) this.#options.report(error)
    }
  }

  #publish(now: number, policy: RestorationPolicy, began: number): void {
    this.#outlook = { ...this.#open.outlook(now, policy), tookMs: performance.now() - began }
    this.emit('change', this.#outlook)
  }
}
