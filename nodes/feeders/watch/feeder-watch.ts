import { wallClock, type Clock } from '../../../platform/clock/clock.ts'
import { SaidConditions } from '../../../platform/conditions/said-conditions.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { conditionKinds } from '../../../platform/wire/condition-kinds.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { feederConditions, feederNormal, type WatchedLoop } from '../domain/feeder-conditions.ts'
import { loopState, type ControlRound } from '../domain/loop-state.ts'
import { controlRounds } from '../loop/result-repository.ts'
import { newestFeeders } from '../tracking/figure-repository.ts'
import { baseLoadMinutes, watchedEvents, watchedFeeders } from './watch-repository.ts'

export interface FeederWatchOptions {
  readonly clock: Clock
  /** How fast the clock passes, of the machine's pace. */
  readonly rate: () => number
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  readonly intervalMs: number
  conditions(conditions: readonly Condition[]): void
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

const minuteMs = 60_000
const rest = { restMs: 5_000, restFactor: 9 }
/** Conditions that were lost on their way are said again by then. */
const recallEveryMs = 60_000
/** As far back as a trend goes. */
const trendMs = 15 * minuteMs
/** Figures of tracking that are older say nothing of now. */
const trackingForMs = 5 * minuteMs
/** However fast simulated time passes, readings have this long to come in. */
const leastWallMs = 30_000
const mostFeeders = 2_000

/** Says what is amiss with feeders and their control: when it begins, and when it ends. All of it is made of what is stored. */
export class FeederWatch {
  readonly #database: Database
  readonly #options: FeederWatchOptions
  readonly #said = new SaidConditions({ area: 'feeders', kinds: conditionKinds.feeders, normalOf: feederNormal })
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #recallAt = -Infinity

  constructor(database: Database, options: FeederWatchOptions) {
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
    const { clock, rate, clockIsSet, intervalMs, conditions } = this.#options
    if (!clockIsSet()) return
    const database = this.#database
    if (performance.now() >= this.#recallAt) {
      await this.#said.recall(database)
      this.#recallAt = performance.now() + recallEveryMs
    }
    const now = clock.now()
    const feeders = await watchedFeeders(database, mostFeeders)
    const limited = feeders.filter(({ head, importLimitKw, exportLimitKw }) => head && (importLimitKw ?? exportLimitKw) !== null) // prettier-ignore
    const ids = limited.map(({ feederId }) => feederId)
    const baseLoads = ids.length === 0 ? new Map() : await baseLoadMinutes(database, ids, now - trendMs, now)
    const tracking = (await newestFeeders(database)).filter(({ at }) => now - at < trackingForMs)
    const state = {
      ...{ loop: loopOf(await controlRounds(database), now), tracking },
      feeders: feeders.map((feeder) => ({ ...feeder, baseLoad: baseLoads.get(feeder.feederId) ?? [] })),
      events: await watchedEvents(database, now, mostFeeders),
      slackMs: rate() > 1 ? leastWallMs * rate() : 0,
      intervalMs,
    }
    const changes = this.#said.changes(feederConditions(state, now), now)
    if (changes.length > 0) conditions(changes)
  }
}

function loopOf(rounds: readonly ControlRound[], now: number): WatchedLoop {
  const { stalled, overrun } = loopState(rounds, now, wallClock.now())
  const of = new Map(rounds.map((round) => [round.rootId, round]))
  return {
    stalled: stalled.map((rootId) => ({ rootId, at: of.get(rootId)!.at })),
    overrun: overrun.map((rootId) => {
      const { roundMs, intervalMs } = of.get(rootId)!
      return { rootId, roundMs, intervalMs }
    }),
  }
}
