import type { Clock } from '../../../platform/clock/clock.ts'
import { machineClock, wallClock } from '../../../platform/clock/clock.ts'
import { DatabaseUnavailable, type Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import type { Allocation } from '../domain/allocation/allocation.ts'
import type { ForecastState } from '../domain/base-forecast.ts'
import { withDeadBand } from '../domain/calm.ts'
import { loopState, type ControlRound, type LoopState } from '../domain/loop-state.ts'
import { ordersOf, type Order } from '../domain/orders.ts'
import type { RoundProblem } from '../domain/round-problem.ts'
import { keepForecasts } from '../limits/feeder-repository.ts'
import type { LoopSetpoint } from '../messages.ts'
import { gather, type GatheredTree, type GatherSettings } from './gather.ts'
import { holdLeases, raiseToken, releaseLeases, stillHolds, type HeldLease } from './lease-repository.ts'
import { controlRounds, forgetRoots, keepRound, type RoundCause } from './result-repository.ts'
import { RoundWatch } from './round-watch.ts'

export interface LoopSettings extends Omit<GatherSettings, 'silentMs'> {
  /** A device that was not heard for longer is silent, whatever the interval. */
  readonly silentAfterMs: number
}

/** What came of one round over a root, for whoever wants to know. */
export interface RoundOutcome {
  readonly rootId: string
  readonly at: number
  readonly cause: RoundCause
  readonly allocation: Allocation
}

export interface ControlLoopOptions {
  readonly clock: Clock
  /** How fast the clock passes, of the machine's pace. */
  readonly rate: () => number
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  readonly settings: LoopSettings
  /** Names this process among those that may hold leases. */
  readonly holder: string
  readonly wall?: Clock
  readonly machine?: Clock
  /** Shortest time between two looks, ms; and how many times as long as a round took is left to others, but for what is urgent. */
  readonly restMs?: number
  readonly restFactor?: number
  readonly leaseMs?: number
  /** Solves off the main thread. */
  solve(round: RoundProblem, signal: AbortSignal): Promise<Allocation>
  /** Told what devices are to follow. */
  setpoints(setpoints: readonly LoopSetpoint[]): void
  allocated(outcome: RoundOutcome): void
  /** Told after each look that made rounds. */
  progress(devices: number, feeders: number): void
  report(error: unknown): void
}

/** As the name of a lease, where setpoints are set. */
const leaseName = (rootId: string): string => `feeders/${rootId}`

const lookEveryMs = 1_000
/** A controller that has ended without giving its leases back holds nothing up for longer. */
const usualLeaseMs = 10_000
const renewalsWithin = 4
const factorLeft = 9
/** What must not wait, a breach, a change, the beginning, comes sooner: it leaves this much. */
const urgentFactorLeft = 2
/** Of simulated time that passes fast little is left between two readings: so much of the wall's is what they take to come here. */
const leastSilentWallMs = 5_000
const mostSetpoints = 1_000

/**
 * Shares feeders out again and again: each root feeder with all below it is one problem, solved by whoever holds its lease. All that
 * matters stands in the database: a process that is killed is followed by another one that goes on.
 */
export class ControlLoop {
  readonly #database: Database
  readonly #options: ControlLoopOptions
  readonly #wall: Clock
  readonly #machine: Clock
  readonly #closing = new AbortController()
  readonly #running: Promise<unknown>
  readonly #watch: RoundWatch
  #roots: readonly string[] = []
  #held = new Map<string, HeldLease>()
  #renewAt = -Infinity
  /** By the machine's clock: no round that could as well be later begins before. */
  #restsUntil = -Infinity
  /** The last rounds of all roots, whoever made them. */
  #rounds: readonly ControlRound[] = []

  constructor(database: Database, options: ControlLoopOptions) {
    this.#database = database
    this.#options = options
    this.#wall = options.wall ?? wallClock
    this.#machine = options.machine ?? machineClock
    const { intervalMs } = options.settings
    this.#watch = new RoundWatch(database, intervalMs)
    const { signal } = this.#closing
    const rounds = {
      restMs: () => this.#restMs(),
      restFactor: Math.min(urgentFactorLeft, options.restFactor ?? factorLeft),
      round: (ends: AbortSignal) => this.#look(ends),
      report: options.report,
    }
    // A round that took long rests long: its leases must not run out meanwhile.
    const renewals = {
      restMs: (options.leaseMs ?? usualLeaseMs) / renewalsWithin,
      round: () => this.#renewLeases(),
      report: options.report,
    }
    this.#running = Promise.all([
      makeRounds(database, rounds, signal),
      makeRounds(database, renewals, signal),
      database.listen('feeder_control_changed', () => this.#watch.noteChange(), signal),
    ])
  }

  /** How the loop is now, whoever holds the leases. */
  state(): LoopState {
    return loopState(this.#rounds, this.#options.clock.now(), this.#wall.now())
  }

  /** Ends after the round under way, and gives its leases back. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
    if (this.#held.size > 0 && this.#database.state.up)
      await releaseLeases(this.#database, this.#options.holder, this.#wall.now()).catch((error: unknown) => {
        // They end by themselves soon.
        if (!(error instanceof DatabaseUnavailable)) this.#options.report(error)
      })
  }

  #restMs(): number {
    const { clock, rate, restMs = lookEveryMs } = this.#options
    const due = this.#watch.dueIn(clock.now()) / Math.max(1, rate())
    return Math.max(10, Math.min(restMs, Math.max(due, this.#restsUntil - this.#machine.now())))
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock, clockIsSet } = this.#options
    if (!clockIsSet()) return
    const taken = await this.#holdLeases()
    const cause = taken
      ? 'start'
      : this.#held.size > 0
        ? await this.#watch.cause(clock.now(), this.#machine.now() < this.#restsUntil)
        : undefined
    if (cause) await this.#roundOverAll(cause, signal)
  }

  /** @returns whether there are some that were not held before */
  async #holdLeases(): Promise<boolean> {
    const { holder, leaseMs = usualLeaseMs } = this.#options
    if (this.#machine.now() < this.#renewAt) return false
    this.#roots = await this.#watch.roots()
    const held = await holdLeases(this.#database, this.#roots, holder, this.#wall.now(), leaseMs)
    const isNew = held.some(({ rootId, token }) => this.#held.get(rootId)?.token !== token)
    this.#held = new Map(held.map((lease) => [lease.rootId, lease]))
    this.#renewAt = this.#machine.now() + leaseMs / renewalsWithin
    this.#rounds = await controlRounds(this.#database)
    return isNew
  }

  /** Renews the leases that are held. What was lost meanwhile is taken anew, if it can be, by the next look. */
  async #renewLeases(): Promise<void> {
    const { holder, leaseMs = usualLeaseMs } = this.#options
    const before = [...this.#held.values()]
    if (before.length === 0) return
    const rootIds = before.map(({ rootId }) => rootId)
    const held = await holdLeases(this.#database, rootIds, holder, this.#wall.now(), leaseMs)
    const tokens = new Map(held.map(({ rootId, token }) => [rootId, token]))
    for (const { rootId, token } of before)
      if (tokens.get(rootId) !== token && this.#held.get(rootId)?.token === token) {
        this.#held.delete(rootId)
        this.#renewAt = -Infinity
      }
  }

  async #roundOverAll(cause: RoundCause, signal: AbortSignal): Promise<void> {
    const { clock, rate, settings, progress, report } = this.#options
    const began = this.#machine.now()
    const at = clock.now()
    const paceMs = this.#watch.begin(at)
    const silentMs = Math.max(
      ...[2 * settings.intervalMs, settings.silentAfterMs, rate() > 1 ? rate() * leastSilentWallMs : 0],
    )
    const gathered = await gather(this.#database, [...this.#held.keys()], at, { ...settings, silentMs })
    const gatheredMs = this.#machine.now() - began
    let devices = 0
    for (const tree of gathered.trees) {
      signal.throwIfAborted()
      try {
        const kept = gathered.kept.filter(({ feederId }) => tree.feeders.some((feeder) => feeder.feederId === feederId))
        await this.#roundOver(tree, kept, { at, cause, paceMs, gatheredMs: gatheredMs / gathered.trees.length }, signal)
        devices += tree.round.observed.size
      } catch (error) {
        if (signal.aborted || error instanceof DatabaseUnavailable) throw error
        // What is wrong with one tree holds up no other.
        report(error)
      }
    }
    await forgetRoots(this.#database, this.#roots)
    this.#rounds = await controlRounds(this.#database)
    this.#watch.end(at, gathered)
    const ended = this.#machine.now()
    this.#restsUntil = ended + (this.#options.restFactor ?? factorLeft) * (ended - began)
    progress(devices, gathered.trees.length)
  }

  async #roundOver(
    tree: GatheredTree,
    kept: readonly ForecastState[],
    { at, cause, paceMs, gatheredMs }: { at: number; cause: RoundCause; paceMs: number; gatheredMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { holder, settings, solve, setpoints, allocated } = this.#options
    const began = this.#machine.now()
    const { round } = tree
    const lease = await this.#leaseFor(tree)
    if (!lease) return
    const solved = round.problem.devices.length > 0 ? await solve(round, signal) : nothingToShare
    const ratedKw = new Map([...round.observed].map(([id, device]) => [id, device.ratedKw]))
    const allocation = withDeadBand(round.problem, solved, ratedKw)
    const others = tree.devices.filter((device) => device.lease !== null && device.lease.token !== lease.token)
    const underOtherToken = new Set(others.map(({ deviceId }) => deviceId))
    const times = { at, intervalMs: settings.intervalMs, paceMs, underOtherToken }
    const { orders, shares } = ordersOf(round, allocation, times)
    const roundMs = gatheredMs + this.#machine.now() - began
    const isKept = await this.#database.transaction(async (client) => {
      const queries = queriesOf(client)
      if (!(await stillHolds(queries, lease, holder))) return false
      await keepRound(queries, {
        ...{ rootId: round.rootId, at, recordedAt: this.#wall.now(), intervalMs: settings.intervalMs, cause, roundMs },
        ...{ holder, token: lease.token, allocation, shares },
      })
      await keepForecasts(queries, kept)
      return true
    })
    if (!isKept) {
      this.#held.delete(round.rootId)
      return
    }
    for (let from = 0; from < orders.length; from += mostSetpoints)
      setpoints(orders.slice(from, from + mostSetpoints).map((order) => setpointOf(order, lease)))
    allocated({ rootId: round.rootId, at, cause, allocation })
  }

  /** The lease of a tree, with a token that all its devices take: one that came from another root may have heard a higher one. */
  async #leaseFor({ round, devices }: GatheredTree): Promise<HeldLease | undefined> {
    const lease = this.#held.get(round.rootId)
    if (!lease) return undefined
    const heard = devices.flatMap((device) => (device.lease ? [device.lease.token] : []))
    const highest = heard.reduce((most, token) => Math.max(most, token), 0)
    if (highest <= lease.token) return lease
    const raised = await raiseToken(this.#database, lease, this.#options.holder, highest)
    if (raised) this.#held.set(round.rootId, raised)
    return raised
  }
}

const nothingToShare: Allocation = {
  ...{ mode: 'heuristic', fallback: null, devices: [], feeders: [], solverMs: 0 },
  totals: { consumedKw: 0, dischargedKw: 0, generatedKw: 0, curtailedKw: 0, deficitKw: 0, shedShortfallKw: {} },
}

const setpointOf = ({ deviceId, powerKw, expiresAt, reason }: Order, { rootId, token }: HeldLease): LoopSetpoint => ({
  ...{ deviceId, powerKw, reason, fencing: { lease: leaseName(rootId), token } },
  ...(expiresAt !== null && { expiresAt }),
})
