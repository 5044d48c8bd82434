import { machineClock, type Clock } from '../../../platform/clock/clock.ts'
import { SaidConditions } from '../../../platform/conditions/said-conditions.ts'
import { consumerStates, stateOf } from '../../../platform/http/health.ts'
import { DatabaseUnavailable, type Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { conditionKinds, type KindOf } from '../../../platform/wire/condition-kinds.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { LiveFeeder } from '../../../platform/wire/live.ts'
import { feederOverloads, type Crossed } from '../domain/feeder-overloads.ts'
import { hearingAfter, type Hearing } from '../domain/hearing.ts'
import { lateConsumers } from '../domain/late-consumers.ts'
import {
  behind,
  consumerSubject,
  offline,
  overload,
  silent,
  stuck,
  telemetryNormal,
} from '../domain/telemetry-conditions.ts'
import { feederLimits } from './feeder-limit-repository.ts'
import { findIntervals, offlineDevices, silentDevices } from './hearing-repository.ts'
import { QuarantineWatch } from './quarantine-watch.ts'
import { stuckDevices } from './stuck-repository.ts'

/** From where on something is worth saying. */
export interface WatchSettings {
  readonly silentFactor: number
  readonly silentAfterMs: number
  readonly stuckHours: number
  /** Messages in ten minutes. */
  readonly floodMessages: number
  readonly behindMs: number
  readonly overloadDeadbandPct: number
  readonly overloadHoldMs: number
  /** Of feeders of which the registry says none; null: they have none. */
  readonly defaultLimitKw: number | null
}

export interface FieldWatchOptions {
  readonly clock: Clock
  /** How fast the clock passes, of the machine's pace. */
  readonly rate: () => number
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  readonly settings: WatchSettings
  /** What feeders carry now, with all below them, as operators see it. */
  readonly loads: () => Iterable<Pick<LiveFeeder, 'feederId' | 'totalKw' | 'deviceCount'>>
  /** What time passes for the machine, ms. */
  readonly machine?: Clock
  readonly restMs?: number
  /** Told of what is so now, or is so no more. */
  conditions(conditions: readonly Condition[]): void
  /** Told after each round how many conditions hold. */
  progress(standing: number): void
  report(error: unknown): void
}

type Kind = KindOf<'telemetry'>
/** What one look found: all that holds of these kinds, but for those that it did not judge. */
export interface Look {
  readonly kinds: readonly Kind[]
  readonly holding: readonly Condition[]
  judged?(condition: Condition): boolean
}

const usualRestMs = 12_000
/** After so long it is looked again what stands as alarms: what was lost on its way is said again. */
const recallEveryMs = 300_000
const intervalsEveryMs = 60_000
const intervalsAtOnce = 2_000
const stuckAtOnce = 1_000
/** However many devices there are: so many times as long as a round took is left to other work. */
const restFactor = 10
/** Of simulated time that passes fast little is left between two rounds: so much of the wall's is what takes its time. */
const leastWallMs = 30_000

/**
 * Looks through what is stored for what is amiss in the field and on the way here. It keeps nothing that matters: what it has said
 * stands as alarms, and is looked up there.
 */
export class FieldWatch {
  readonly #database: Database
  readonly #options: FieldWatchOptions
  readonly #conditions = new SaidConditions({
    ...{ area: 'telemetry', kinds: conditionKinds.telemetry },
    normalOf: telemetryNormal,
  })
  readonly #machine: Clock
  readonly #quarantine: QuarantineWatch
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #recallDue = -Infinity
  #hearing: Hearing | undefined
  #crossed: Crossed = new Map()
  #stuckAfter = 0
  #intervalsDue = -Infinity

  constructor(database: Database, options: FieldWatchOptions) {
    this.#database = database
    this.#options = options
    this.#machine = options.machine ?? machineClock
    this.#quarantine = new QuarantineWatch(database, options.settings.floodMessages)
    const rounds = {
      ...(options.restMs === undefined ? { restMs: usualRestMs, restFactor } : { restMs: options.restMs }),
      round: () => this.#round(),
      report: options.report,
    }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  /** One look at everything. What fails is told of, and holds up nothing else. */
  async #round(): Promise<void> {
    const { clock, clockIsSet, conditions, progress, report } = this.#options
    if (!clockIsSet()) return
    if (this.#machine.now() >= this.#recallDue) {
      await this.#conditions.recall(this.#database)
      this.#recallDue = this.#machine.now() + recallEveryMs
    }
    const [now, machineMs] = [clock.now(), this.#machine.now()]
    for (const look of this.#looks(now, machineMs)) {
      try {
        const { kinds, holding, judged } = await look()
        const isJudged = (said: Condition): boolean =>
          kinds.includes(said.kind as Kind) && (judged === undefined || judged(said))
        const changes = this.#conditions.changes(holding, now, isJudged)
        if (changes.length > 0) conditions(changes)
      } catch (error) {
        if (this.#closing.signal.aborted || error instanceof DatabaseUnavailable) throw error
        report(error)
      }
    }
    progress(this.#conditions.said.size)
  }

  #looks(now: number, machineMs: number): (() => Promise<Look>)[] {
    return [
      () => this.#offline(now),
      () => this.#silent(now, machineMs),
      () => this.#stuck(now),
      () => this.#quarantine.look(now),
      () => this.#consumers(now),
      () => this.#feeders(now),
    ]
  }

  #saidOf(...kinds: readonly Kind[]): Condition[] {
    return [...this.#conditions.said.values()].filter(({ kind }) => kinds.includes(kind as Kind))
  }

  async #offline(now: number): Promise<Look> {
    const devices = await offlineDevices(this.#database, now)
    return { kinds: ['device-offline'], holding: devices.map(offline) }
  }

  /** While nothing is heard nobody is silent who was not, and nobody has been heard of. */
  async #silent(now: number, machineMs: number): Promise<Look> {
    const { rate, settings } = this.#options
    const ears = { now, machineMs, isDeaf: isDeaf(now, rate()) }
    this.#hearing = hearingAfter(this.#hearing, ears, rate())
    if (ears.isDeaf) return { kinds: [], holding: [] }
    const leastMs = Math.max(settings.silentAfterMs, leastWallMs * (rate() > 1 ? rate() : 0))
    await this.#learnIntervals(now, machineMs, leastMs)
    const devices = await silentDevices(this.#database, {
      ...{ now, leastMs, factor: settings.silentFactor, hearingSince: this.#hearing.since },
      said: this.#saidOf('device-silent').map(({ subject }) => subject),
    })
    return { kinds: ['device-silent'], holding: devices.map((device) => silent(device, now)) }
  }

  /** Looked for at leisure: a device that is not known yet is not judged yet. */
  async #learnIntervals(now: number, machineMs: number, leastMs: number): Promise<void> {
    if (machineMs < this.#intervalsDue) return
    const found = await findIntervals(this.#database, now, leastMs, intervalsAtOnce)
    if (found < intervalsAtOnce) this.#intervalsDue = machineMs + intervalsEveryMs
  }

  /** Some devices each round: hours pass before one is stuck. */
  async #stuck(now: number): Promise<Look> {
    const said = this.#saidOf('values-stuck').map(({ subject }) => subject)
    const { stuck: found, last } = await stuckDevices(this.#database, {
      ...{ now, hours: this.#options.settings.stuckHours, after: this.#stuckAfter, most: stuckAtOnce, said },
    })
    this.#stuckAfter = last ?? 0
    return { kinds: ['values-stuck'], holding: found.map(stuck) }
  }

  async #consumers(now: number): Promise<Look> {
    const { rate, settings } = this.#options
    const states = consumerStates()
    const said = new Set(this.#saidOf('consumer-behind').map(({ subject }) => subject))
    const late = lateConsumers(states, (name) => said.has(consumerSubject(name)), settings.behindMs, rate(), now)
    const untold = new Set(
      states.filter(([, { lastSuccessAt }]) => lastSuccessAt === null).map(([name]) => consumerSubject(name)),
    )
    return { kinds: ['consumer-behind'], holding: late.map(behind), judged: ({ subject }) => !untold.has(subject) }
  }

  async #feeders(now: number): Promise<Look> {
    const { settings, loads } = this.#options
    const limits = await feederLimits(this.#database, settings.defaultLimitKw)
    const loadsKw = new Map([...loads()].map((one) => [one.feederId, one.deviceCount > 0 ? one.totalKw : null]))
    const feeders = [...limits].map(([feederId, limitKw]) => ({
      ...{ feederId, limitKw, loadKw: loadsKw.get(feederId) ?? null },
    }))
    const { overloadDeadbandPct: deadbandPct, overloadHoldMs: holdMs } = settings
    const said = new Set(this.#saidOf('feeder-overload').map(({ subject }) => subject))
    const { overloaded, crossed } = feederOverloads(feeders, said, this.#crossed, { deadbandPct, holdMs }, now)
    this.#crossed = crossed
    return { kinds: ['feeder-overload'], holding: overloaded.map(overload) }
  }
}

/** Latest readings are as old as the roll-ups are behind. */
const mostBehindMs = 60_000

function isDeaf(now: number, rate: number): boolean {
  if (stateOf('mqtt')?.up === false) return true
  const rollups = consumerStates().find(([name]) => name === 'rollups')?.[1]
  return rollups !== undefined && rollups.oldestAt !== null && now - rollups.oldestAt > mostBehindMs * Math.max(1, rate)
}
