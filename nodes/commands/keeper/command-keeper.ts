import type { Clock } from '../../../platform/clock/clock.ts'
import { pause } from '../../../platform/clock/pause.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { Intake, judgeTransaction } from '../../../platform/storage/intake.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import type { ReceivedAck } from './ack-repository.ts'
import { changeCommands, type ChangedCommand } from './change-commands.ts'
import { dueCommands } from './command-repository.ts'
import { verifyCommands } from '../verification/verify.ts'
import { takeAcks } from './take-acks.ts'

export interface CommandKeeperOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** How often it is looked for what time has changed, and for what was seen. */
const lookEveryMs = 250
/** Of unknown ones there may be many: at most a fifth of the time goes into looking for what is seen of them. */
const verifyingRestFactor = 4
const readyRestMs = 50
const mostAtOnce = 500
const mostWaiting = 20_000

/**
 * Lets time pass for commands, takes what devices answer, and looks what is seen of their effect. Keeps nothing in memory but answers
 * that are not stored yet, which nobody has confirmed to the broker: after a restart it goes on with what is stored.
 */
export class CommandKeeper {
  readonly #database: Database
  readonly #options: CommandKeeperOptions
  readonly #acks: Intake<ReceivedAck, ChangedCommand>
  readonly #closing = new AbortController()
  readonly #running: Promise<unknown>

  constructor(database: Database, options: CommandKeeperOptions) {
    this.#database = database
    this.#options = options
    const { clock, report } = options
    this.#acks = new Intake({
      ...{ words: { items: 'answers', kept: 'commands' }, mostWaiting, mostAtOnce, judge: judgeTransaction },
      store: (received) => database.transaction((client) => takeAcks(client, received, clock.now())),
      ready: (signal) => this.#ready(signal),
    })
    const { signal } = this.#closing
    const keepMaking = (round: (signal: AbortSignal) => Promise<void>, restFactor: number): Promise<void> =>
      makeRounds(database, { restMs: lookEveryMs, restFactor, round, report }, signal)
    this.#running = Promise.all([
      keepMaking((ends) => this.#letTimePass(ends), 0),
      keepMaking((ends) => this.#verify(ends), verifyingRestFactor),
    ])
  }

  /** Answers that are not stored yet. */
  get waiting(): number {
    return this.#acks.waiting
  }

  /**
   * Takes answers of devices, in their order. Resolves once they are stored with all that they changed; the same twice changes
   * nothing. While the database is away they wait.
   * @throws IntakeRefused  where too many wait already: nothing of them is taken
   */
  takeAcks(received: readonly ReceivedAck[]): Promise<readonly ChangedCommand[]> {
    return this.#acks.take(received)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#acks.close(), this.#running])
  }

  async #ready(signal: AbortSignal): Promise<void> {
    await this.#database.ready(signal)
    while (!this.#options.clockIsSet()) {
      await pause(readyRestMs, signal)
      signal.throwIfAborted()
    }
  }

  async #verify(signal: AbortSignal): Promise<void> {
    const { clock, clockIsSet } = this.#options
    if (clockIsSet()) await verifyCommands(this.#database, clock.now(), signal)
  }

  async #letTimePass(signal: AbortSignal): Promise<void> {
    const { clock, clockIsSet } = this.#options
    while (clockIsSet() && !signal.aborted) {
      const now = clock.now()
      const due = await dueCommands(this.#database, now, mostAtOnce)
      if (due.length === 0) return
      const changed = await this.#database.transaction((client) =>
        changeCommands(
          client,
          due.map((commandId) => ({ commandId, event: { kind: 'due' }, by: null })),
          now,
        ),
      )
      // What waits for its device to be free is there again in the next round.
      if (due.length < mostAtOnce || changed.every((one) => one.changed === null)) return
    }
  }
}
