import type { PoolClient } from 'pg'
import { machineClock, type PlatformClock } from '../../platform/clock/clock.ts'
import { pause } from '../../platform/clock/pause.ts'
import type { LoggedBatch } from '../../platform/storage/batch-log.ts'
import { Consumer } from '../../platform/storage/consumer.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { spanOf } from '../../platform/storage/span.ts'
import { closingTarget } from './domain/closing.ts'
import { disturbanceReachMs } from './domain/disturbances.ts'
import { windowMs, windowStart } from './domain/windows.ts'
import { countMeters, metersAfter, type MeterTime } from './meter-repository.ts'
import {
  backlogOf,
  beginProgress,
  lockProgress,
  moveProgress,
  peekProgress,
  type Progress,
} from './progress-repository.ts'
import { recomputeForEvents, recomputeForReadings, takeRecomputations } from './recomputation-repository.ts'
import { moveWeeks, recountWeeks } from './week-repository.ts'
import { computeWindows, disturbanceAt, type ComputationRules, type Unjudged } from './window-computation.ts'
import { dropWindowsBefore, writeWindows, type Late } from './window-repository.ts'

export interface KeeperOptions extends ComputationRules {
  readonly clock: Pick<PlatformClock, 'now' | 'simulated'>
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Windows are closed so long after their end, ms: what comes later corrects them. */
  readonly settleMs: number
  /** Windows are kept this long, ms. */
  readonly keptMs: number
  /** After a standstill windows are not closed before what the field kept meanwhile has come, but after this long, ms of the machine. */
  readonly patienceMs: number
  progress(round: ClosingRound): void
  /** Told of meters with readings that no window, or no band, could be made of. */
  unjudged(meters: readonly Unjudged[]): void
  report(error: unknown): void
}

/** What was done since the last one. */
export interface ClosingRound {
  /** UTC milliseconds. */
  readonly closedUntil: number
  /** How far it is behind what could be closed, ms. */
  readonly lagMs: number
  readonly written: number
}

const consumerName = 'voltage-windows'
const written = ['voltage_window', 'voltage_correction'] as const
/** Meters in one transaction, and windows that they may have in it. */
const chunk = { meters: 2_000, windows: 20_000 }
/** Windows in one transaction that corrects. */
const recomputedAtOnce = 5_000
const pace = { maxItems: 50_000, restMs: 400, restFactor: 8 }
const restMs = 250
const hourMs = 3_600_000
const dayMs = 86_400_000
/** A week is moved on by a week at most. */
const longestStepMs = 7 * dayMs

interface Done {
  readonly closedUntil: number
  readonly written: number
  readonly unjudged: readonly Unjudged[]
}

/** The partitions for these days (any instant of each) are missing: made outside of the transaction, which is then done again. */
class MissingPartitions extends Error {
  override readonly name = 'MissingPartitions'
  readonly instants: readonly number[]
  constructor(instants: readonly number[]) {
    super(`partitions of voltage_window are missing for ${instants.length} days`)
    this.instants = instants
  }
}

/**
 * Keeps the 10-minute windows of all meters: closes them when their time has come, and computes them again when readings or
 * events come later. A window is a function of what is stored, so nothing is kept in memory and nothing can be lost with it.
 * Several keepers share the work: each takes the next meters.
 */
export class WindowKeeper {
  #database: Database
  #options: KeeperOptions
  #partitions: Partitions
  #consumer: Consumer
  #closing = new AbortController()
  #running: Promise<void>
  #boundsKeptAt = -Infinity
  /** Since when a standstill is waited out, by the machine's clock. */
  #waitingSince: number | undefined

  constructor(database: Database, options: KeeperOptions) {
    this.#database = database
    this.#options = options
    this.#partitions = new Partitions(database)
    this.#consumer = new Consumer(database, {
      name: consumerName,
      ...pace,
      take: (client, batches) => this.#take(client, batches),
      progress: () => undefined,
      report: options.report,
    })
    this.#running = this.#run()
  }

  /** How many commits wait to be looked at. */
  get behind(): number {
    return this.#consumer.state.batchesBehind
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#consumer.close()
    await this.#running
  }

  /** Notes which closed windows commits touch. What comes for later ones is there when they are closed. */
  async #take(client: PoolClient, batches: LoggedBatch[]): Promise<void> {
    const progress = await lockProgress(client)
    if (!progress) return
    const rule = disturbanceAt(progress.closingUntil)
    const reachMs = disturbanceReachMs(rule)
    // No interval is longer than a window.
    const touching = batches.filter(
      ({ firstAt }) => firstAt !== null && firstAt < progress.closingUntil + Math.max(windowMs, reachMs),
    )
    const span = spanOf(touching)
    if (span) await recomputeForReadings(client, span, this.#oldest, progress.closingUntil, rule.finestMs, reachMs)
    const events = batches.filter((batch) => batch.events > 0).map(({ batchId }) => batchId)
    if (events.length > 0) await recomputeForEvents(client, events, this.#oldest, progress.closingUntil)
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        await this.#database.ready(signal)
        if (this.#options.clockIsSet()) await this.#round(signal)
      } catch (error) {
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) {
          this.#partitions.forget()
          this.#options.report(error)
        }
      }
      await pause(restMs, signal)
    }
  }

  /** Closes what is due, then corrects what has come late: until there is nothing left to do. */
  async #round(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#hasWork())) {
      const done =
        (await this.#withPartitions((client) => this.#closeNext(client))) ??
        (await this.#withPartitions((client) => this.#recomputeNext(client)))
      if (!done) break
      const { unjudged, ...round } = done
      this.#options.progress({ ...round, lagMs: Math.max(0, this.#due - round.closedUntil) })
      if (unjudged.length > 0) this.#options.unjudged(unjudged)
    }
    await this.#keepBounds()
  }

  /** Looked at without a lock, for it is asked all the time. */
  async #hasWork(): Promise<boolean> {
    const progress = await peekProgress(this.#database)
    if (!progress) return true
    const { closedUntil, closingUntil, asked } = progress
    const due = this.#due
    this.#options.progress({ closedUntil, lagMs: Math.max(0, due - closedUntil), written: 0 })
    return asked || closingUntil > closedUntil || due > closedUntil || due < closedUntil - windowMs
  }

  /** A partition cannot be made within the transaction that writes to it. */
  async #withPartitions<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await this.#database.transaction(work)
      } catch (error) {
        if (!(error instanceof MissingPartitions)) throw error
        await this.#ensurePartitions(error.instants)
      }
  }

  async #ensurePartitions(instants: readonly number[]): Promise<void> {
    for (const instant of instants) for (const table of written) await this.#partitions.ensure(table, instant)
  }

  /** Closes the next windows of the next meters. @returns undefined where there is nothing to do */
  async #closeNext(client: PoolClient): Promise<Done | undefined> {
    const progress = await this.#begun(client)
    if (progress.closingUntil <= progress.closedUntil) return undefined
    const { closedUntil: from, closingUntil: until, closingAfter: after } = progress
    const keys = await metersAfter(client, after, chunk.meters)
    const times = keys.map((deviceKey) => ({ deviceKey, from, until }))
    const done = await this.#write(client, times, { closedUntil: from, now: this.#now, batchIds: new Map() }, true)
    const last = keys.at(-1)
    if (last !== undefined) await moveWeeks(client, from, until, after, last)
    const closedUntil = keys.length < chunk.meters ? until : from
    await moveProgress(client, { closedUntil, closingUntil: until, closingAfter: closedUntil === until ? 0 : last! })
    return { ...done, closedUntil }
  }

  /** The progress, with the next windows to close if there are any due. */
  async #begun(client: PoolClient): Promise<Progress> {
    const due = this.#due
    let progress = await lockProgress(client)
    if (!progress) {
      await beginProgress(client, due, this.#oldest)
      progress = (await lockProgress(client))!
    }
    const { closedUntil } = progress
    if (progress.closingUntil > closedUntil) return progress
    if (due < closedUntil - windowMs) return this.#goBack(client, due)
    if (due <= closedUntil) return progress
    const outOfPatience = this.#outOfPatience
    const backlog = await backlogOf(client, consumerName)
    const target = closingTarget({ due, closedUntil, settleMs: this.#options.settleMs, backlog, outOfPatience })
    if (target <= closedUntil) {
      this.#waitingSince ??= machineClock.now()
      return progress
    }
    if (!outOfPatience || due - closedUntil <= windowMs) this.#waitingSince = undefined
    const windows = Math.floor(chunk.windows / Math.max(1, Math.min(await countMeters(client), chunk.meters)))
    const mostMs = Math.min(Math.max(windows, 1) * windowMs, longestStepMs)
    return { closedUntil, closingUntil: Math.min(target, closedUntil + mostMs), closingAfter: 0 }
  }

  get #outOfPatience(): boolean {
    return this.#waitingSince !== undefined && machineClock.now() - this.#waitingSince >= this.#options.patienceMs
  }

  /** The clock was set back, as simulations do: windows from here on are still to come. */
  async #goBack(client: PoolClient, due: number): Promise<Progress> {
    const progress = { closedUntil: due, closingUntil: due, closingAfter: 0 }
    await moveProgress(client, progress)
    await recountWeeks(client, due)
    return progress
  }

  /** Computes a part of what was touched late. Not while windows are being closed: then some of it is on time. */
  async #recomputeNext(client: PoolClient): Promise<Done | undefined> {
    const progress = await lockProgress(client)
    if (!progress || progress.closingUntil > progress.closedUntil) return undefined
    const asked = await takeRecomputations(client, recomputedAtOnce)
    if (asked.length === 0) return undefined
    const { closedUntil } = progress
    const times = asked
      .map((time) => ({ ...time, from: Math.max(time.from, this.#oldest), until: Math.min(time.until, closedUntil) }))
      .filter(({ from, until }) => from < until)
    const batchIds = new Map(asked.map(({ deviceKey, batchId }) => [deviceKey, batchId]))
    return { ...(await this.#write(client, times, { closedUntil, now: this.#now, batchIds }, false)), closedUntil }
  }

  async #write(
    client: PoolClient,
    times: readonly MeterTime[],
    late: Late,
    first: boolean,
  ): Promise<{ written: number; unjudged: readonly Unjudged[] }> {
    const { windows, unjudged } = await computeWindows(client, times, this.#options)
    const days = new Set(windows.map(({ start }) => Math.floor(start / dayMs) * dayMs))
    const missing = [...days].filter((day) => !written.every((table) => this.#partitions.has(table, day)))
    if (missing.length > 0) throw new MissingPartitions(missing)
    return { written: await writeWindows(client, windows, late, first), unjudged }
  }

  get #now(): number {
    return this.#options.clock.now()
  }

  /** Windows that end by then can be closed. */
  get #due(): number {
    return windowStart(this.#now - this.#options.settleMs)
  }

  /** Windows from before are not kept. */
  get #oldest(): number {
    return Math.ceil((this.#now - this.#options.keptMs) / dayMs) * dayMs
  }

  /** Once an hour of the platform's clock. */
  async #keepBounds(): Promise<void> {
    const now = this.#now
    if (Math.abs(now - this.#boundsKeptAt) < hourMs) return
    await dropWindowsBefore(this.#database, this.#oldest, now)
    this.#partitions.forget()
    await this.#ensurePartitions([now, now + dayMs])
    this.#boundsKeptAt = now
  }
}
