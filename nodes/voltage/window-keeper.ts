import type { PoolClient } from 'pg'
import { pause } from '../../platform/clock/pause.ts'
import type { PlatformClock } from '../../platform/clock/clock.ts'
import { Consumer } from '../../platform/storage/consumer.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { spanOf } from '../../platform/storage/span.ts'
import { bandLimitsOf } from './domain/bands.ts'
import { disturbanceRules } from './domain/disturbances.ts'
import { usualChoices, windowMs, windowsOf, windowStart, type Phase, type VoltageSample, type WindowRules } from './domain/windows.ts'
import {
  lockProgress,
  measuringPoints,
  moveProgress,
  samplesOf,
  touchedBefore,
  writeWindows,
  type MeasuringPoint,
  type StoredWindow,
} from './window-repository.ts'

export interface KeeperOptions {
  readonly clock: Pick<PlatformClock, 'now' | 'simulated'>
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Windows are closed so long after their end, ms: what comes later corrects them. */
  readonly settleMs: number
  readonly leastCoverage: number
  /** Told of windows that were written, after the commit. */
  written(windows: readonly StoredWindow[]): void
  progress(round: { closedUntil: number; behind: number }): void
  report(error: unknown): void
}

/** Meters in one transaction. */
const chunk = 2_000
const pace = { maxItems: 50_000, restMs: 400, restFactor: 8 }
const closeRestMs = 250
const dayMs = 86_400_000

/**
 * Keeps the 10-minute windows of all meters: closes them when their time has come, and computes them again when readings come
 * later. A window is a function of the stored readings, so nothing is kept in memory and nothing can be lost with it.
 */
export class WindowKeeper {
  #database: Database
  #options: KeeperOptions
  #partitions: Partitions
  #consumer: Consumer
  #closing = new AbortController()
  #running: Promise<void>

  constructor(database: Database, options: KeeperOptions) {
    this.#database = database
    this.#options = options
    this.#partitions = new Partitions(database)
    this.#consumer = new Consumer(database, {
      name: 'voltage-windows',
      ...pace,
      // Each by itself: where the clock was set, there are years between two commits.
      before: async (batches) => {
        for (const batch of batches) await this.#ensurePartitions(spanOf([batch]))
      },
      take: async (client, batches) => {
        const span = spanOf(batches)
        if (!span) return
        const progress = await lockProgress(client, this.#due())
        const closed = Math.max(progress.closedUntil, progress.closingUntil)
        for (const { deviceKey, from, until } of await touchedBefore(client, span, closed))
          await this.#compute(
            client,
            windowStart(from),
            Math.min(closed, windowStart(until - 1) + windowMs),
            deviceKey - 1,
            1,
          )
      },
      progress: () => undefined,
      report: options.report,
    })
    this.#running = this.#closeForEver()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#consumer.close()
    await this.#running
  }

  /** Outside of the transactions that write: making one waits for them. */
  async #ensurePartitions(span: { firstAt: number; lastAt: number } | undefined): Promise<void> {
    if (!span) return
    for (let at = span.firstAt - windowMs; at < span.lastAt + dayMs; at += dayMs)
      await this.#partitions.ensure('voltage_window', Math.min(at, span.lastAt))
  }

  /** Windows that end by then can be closed. */
  #due(): number {
    return windowStart(this.#options.clock.now() - this.#options.settleMs)
  }

  async #closeForEver(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        await this.#database.ready(signal)
        if (this.#options.clockIsSet()) await this.#closeDue()
      } catch (error) {
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) this.#options.report(error)
      }
      await pause(closeRestMs, signal)
    }
  }

  /** Says first what it is about to close, so that whoever brings readings meanwhile has their windows computed again. */
  async #closeDue(): Promise<void> {
    const due = this.#due()
    const { closedUntil, closingUntil } = await this.#database.transaction(async (client) => {
      const { closedUntil, ...progress } = await lockProgress(client, due)
      const closingUntil = Math.max(progress.closingUntil, due)
      await moveProgress(client, { closedUntil, closingUntil })
      return { closedUntil, closingUntil }
    })
    if (closingUntil <= closedUntil) return
    await this.#ensurePartitions({ firstAt: closedUntil, lastAt: closingUntil })
    let after: number | undefined = 0
    while (after !== undefined && !this.#closing.signal.aborted)
      after = await this.#closeChunk(closedUntil, closingUntil, after)
    if (after !== undefined) return
    await this.#database.transaction(async (client) => {
      const { closingUntil: now } = await lockProgress(client, due)
      await moveProgress(client, { closedUntil: closingUntil, closingUntil: now })
    })
    this.#options.progress({ closedUntil: closingUntil, behind: this.#consumer.state.batchesBehind })
  }

  /** @returns the meter after which to go on; undefined after the last one */
  async #closeChunk(from: number, until: number, after: number): Promise<number | undefined> {
    const { next, windows } = await this.#database.transaction((client) =>
      this.#compute(client, from, until, after, chunk),
    )
    if (windows.length > 0) this.#options.written(windows)
    return next
  }

  async #compute(
    client: PoolClient,
    from: number,
    until: number,
    after: number,
    most: number,
  ): Promise<{ next: number | undefined; windows: StoredWindow[] }> {
    await lockProgress(client, until)
    const points = await measuringPoints(client, from, until, after, most)
    const deviceKeys = [...new Set(points.map(({ deviceKey }) => deviceKey))]
    const samples = new Map<number, VoltageSample[]>()
    for (const [deviceKey, at, intervalS, ...volts] of await samplesOf(client, deviceKeys, from, until)) {
      let of = samples.get(deviceKey)
      if (!of) samples.set(deviceKey, (of = []))
      of.push({ at: Math.round(at), intervalMs: intervalS * 1_000, volts })
    }
    const windows = points.flatMap((point) => this.#windowsAt(point, samples.get(point.deviceKey) ?? [], from, until))
    if (windows.length > 0) await writeWindows(client, windows)
    return { next: deviceKeys.length < most ? undefined : deviceKeys.at(-1), windows }
  }

  #windowsAt(point: MeasuringPoint, samples: readonly VoltageSample[], from: number, until: number): StoredWindow[] {
    if (samples.length === 0 || point.referenceV === null) return []
    const { deviceKey, referenceV } = point
    const limits = bandLimitsOf(referenceV, '2026-01-01')
    const rules: WindowRules = {
      ...{ referenceV, limitsAt: () => limits, phases: point.phases === null ? null : ([...point.phases] as Phase[]) },
      ...{ leastCoverage: this.#options.leastCoverage, choices: usualChoices, disturbance: disturbanceRules[0]!.value },
    }
    const begin = Math.max(from, windowStart(point.from))
    return windowsOf(samples, rules, begin, Math.min(until, point.until)).map((window) => ({ deviceKey, ...window }))
  }
}
