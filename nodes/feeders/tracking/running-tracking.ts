import type { Clock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { fairnessByFeeder } from '../domain/tracking/fairness.ts'
import { minuteMs } from '../domain/tracking/told.ts'
import type { TrackingSpan } from '../domain/tracking/tracking.ts'
import { computeTracking, trackingSpan, type ComputedTracking } from './compute.ts'
import {
  controlledFeeders,
  ensureTrackingMonths,
  forgetTracking,
  headLoads,
  lastRounds,
  satisfiedShares,
  writeRound,
  type FeederFigures,
} from './figure-repository.ts'
import { feederParents } from './tracked-repository.ts'

/** What a round found. */
export interface FoundTracking extends Omit<ComputedTracking, 'feeders'> {
  /** End of what it looked at, UTC milliseconds. */
  readonly at: number
  readonly windowMinutes: number
  readonly feeders: readonly FeederFigures[]
}

export interface TrackingOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  readonly windowMinutes: number
  /** How long figures of feeders and of single devices are kept. */
  readonly keepMs: { readonly feeders: number; readonly devices: number }
  /** Told of each round that had something to do. */
  found(tracking: FoundTracking): void
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** However fast simulated time passes: nine tenths of the time is left to other work. */
const rest = { restMs: 2_000, restFactor: 9 }
const tidyEveryMs = 6 * 60 * minuteMs

/**
 * Once a minute, looks how setpoints were followed over the last minutes, and keeps what it finds. It looks at the last window only:
 * what passed while nothing ran, or faster than it can look, is left out, so that it never falls behind.
 */
export class RunningTracking {
  readonly #database: Database
  readonly #options: TrackingOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #last: { any: number | null; withDevices: number | null } | undefined
  #tidyAt = 0

  constructor(database: Database, options: TrackingOptions) {
    this.#database = database
    this.#options = options
    const rounds = { ...rest, round: () => this.#round(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    const { clock, clockIsSet, windowMinutes, found } = this.#options
    if (!clockIsSet()) return
    const now = clock.now()
    const span = await trackingSpan(this.#database, now, windowMinutes)
    this.#last ??= await lastRounds(this.#database)
    // A clock that was set back begins anew.
    if (span.to === this.#last.any) return
    const computed = await computeTracking(this.#database, span)
    const feeders = await feederFigures(this.#database, computed, span)
    const windowMs = windowMinutes * minuteMs
    const isWhole = Math.floor(span.to / windowMs) !== Math.floor((this.#last.withDevices ?? 0) / windowMs)
    if (computed.devices.length > 0) {
      await ensureTrackingMonths(this.#database, span.to)
      const devices = isWhole ? computed.devices : []
      const round = { at: span.to, windowMinutes, feeders, devices }
      await this.#database.transaction((client) => writeRound(queriesOf(client), round))
      if (isWhole) this.#last = { ...this.#last, withDevices: span.to }
    }
    this.#last = { ...this.#last, any: span.to }
    await this.#tidy(now)
    found({ ...computed, at: span.to, windowMinutes, feeders })
  }

  async #tidy(now: number): Promise<void> {
    if (performance.now() < this.#tidyAt) return
    const { keepMs } = this.#options
    await forgetTracking(this.#database, { feeders: now - keepMs.feeders, devices: now - keepMs.devices }, now)
    this.#tidyAt = performance.now() + tidyEveryMs
  }
}

/** Figures of feeders with how fairly they were shared, within what, and what flowed into them. */
export async function feederFigures(
  queries: Queries,
  { feeders }: Pick<ComputedTracking, 'feeders'>,
  { from, to }: TrackingSpan,
): Promise<readonly FeederFigures[]> {
  if (feeders.length === 0) return []
  const parents = await feederParents(queries)
  const limits = new Map((await controlledFeeders(queries)).map((one) => [one.feederId, one]))
  const fairness = fairnessByFeeder(await satisfiedShares(queries, from), parents)
  const loads = await headLoads(queries, from, to)
  return feeders.map((feeder) => ({
    ...feeder,
    jainIndex: fairness.get(feeder.feederId) ?? null,
    importLimitKw: limits.get(feeder.feederId)?.importLimitKw ?? null,
    exportLimitKw: limits.get(feeder.feederId)?.exportLimitKw ?? null,
    loadKw: loads.get(feeder.feederId) ?? null,
  }))
}
