import { wallClock, type Clock } from '../../../platform/clock/clock.ts'
import { SaidConditions } from '../../../platform/conditions/said-conditions.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { conditionKinds } from '../../../platform/wire/condition-kinds.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { isHeard } from '../acks/listener-repository.ts'
import { commandConditions, normalOf, unheardAfterMs } from '../domain/command-conditions.ts'
import { failedCommands, followedSetpoints, sentSince, unknownCommands } from './watch-repository.ts'

export interface CommandWatchOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  conditions(conditions: readonly Condition[]): void
  /** After each round. */
  progress(): Promise<void>
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

const rest = { restMs: 2_000, restFactor: 9 }
/** Conditions that were lost on their way are said again by then. */
const recallEveryMs = 60_000
/** A command that came to nothing is told of for so long, unless a later one to the device comes to something. */
const failedForMs = 60 * 60_000
/** A storm of them says all there is to say. */
const mostOfEach = 2_000

/** Says what is amiss with commands and setpoints: when it begins, and when it ends. All of it is made of what is stored. */
export class CommandWatch {
  readonly #database: Database
  readonly #options: CommandWatchOptions
  readonly #said = new SaidConditions({ area: 'commands', kinds: conditionKinds.commands, normalOf })
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #recallAt = -Infinity

  constructor(database: Database, options: CommandWatchOptions) {
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
    const { clock, clockIsSet, conditions, progress } = this.#options
    if (!clockIsSet()) return
    if (performance.now() >= this.#recallAt) {
      await this.#said.recall(this.#database)
      this.#recallAt = performance.now() + recallEveryMs
    }
    const now = clock.now()
    const database = this.#database
    const state = {
      unknown: await unknownCommands(database, mostOfEach),
      failed: await failedCommands(database, now - failedForMs, mostOfEach),
      sentSince: await sentSince(database),
      isHeard: await isHeard(database, wallClock.now() - unheardAfterMs),
      setpoints: await followedSetpoints(database, mostOfEach),
    }
    const changes = this.#said.changes(commandConditions(state, now), now)
    if (changes.length > 0) conditions(changes)
    await progress()
  }
}
