import { isDeepStrictEqual } from 'node:util'
import { platformClock, type Clock } from '../../platform/clock/clock.ts'
import { pause } from '../../platform/clock/pause.ts'
import { feederLimitsNow } from '../../platform/live/feeder-limits.ts'
import type { Hub } from '../../platform/live/hub.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import { feederLoads, type FeederRegistry } from './domain/feeder-load.ts'
import { publishRegistry } from './live-devices.ts'
import { devicePhases, feederParents, headMeters } from './live-repository.ts'

const roundMs = 1_000

export interface LiveFieldOptions {
  readonly hub: Hub
  readonly database: Database
  readonly silentAfterMs: number
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
  readonly clock?: Clock
}

/**
 * Keeps the live stream's devices as the registry has them, and its feeders as the devices say, once a second. At the start it
 * fills both from the database; readings come from the store.
 */
export class LiveField {
  #options: LiveFieldOptions
  #clock: Clock
  #closing = new AbortController()
  #isStale = false
  #registry: FeederRegistry = { parents: new Map(), heads: new Set(), phases: new Map() }
  #running: Promise<unknown>

  constructor(options: LiveFieldOptions) {
    this.#options = options
    this.#clock = options.clock ?? platformClock
    const { signal } = this.#closing
    // Heard once after each connection, too.
    const listening = options.database.listen('registry_changed', () => (this.#isStale = true), signal)
    this.#running = Promise.all([listening, this.#follow(signal)])
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const began = performance.now()
      if (this.#isStale) await this.#readRegistry()
      this.#publishFeeders()
      // A storm of first contacts to a large registry leaves time for other work.
      await pause(Math.max(roundMs, 5 * (performance.now() - began)), signal)
    }
  }

  async #readRegistry(): Promise<void> {
    const { hub, database, report } = this.#options
    this.#isStale = false
    try {
      const now = this.#clock.now()
      const [parents, heads] = [await feederParents(database), await headMeters(database)]
      this.#registry = { parents, heads, phases: await devicePhases(database, now) }
      await publishRegistry(hub, database, now)
    } catch (error) {
      this.#isStale = true
      if (!(error instanceof DatabaseUnavailable)) report(error)
    }
  }

  #publishFeeders(): void {
    const { hub, silentAfterMs } = this.#options
    const loads = feederLoads(hub.values('devices'), this.#registry, this.#clock.now(), silentAfterMs)
    for (const { feederId } of hub.values('feeders')) if (!loads.has(feederId)) hub.remove('feeders', feederId)
    const limits = feederLimitsNow()
    for (const [feederId, carried] of loads) {
      const load = { ...carried, limitKw: limits.get(feederId) ?? null }
      if (!isDeepStrictEqual(hub.get('feeders', feederId), load)) hub.publish('feeders', feederId, load)
    }
  }
}
