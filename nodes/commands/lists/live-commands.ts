import { instantOrNull } from '../../../platform/http/fields.ts'
import { provideOpenCommands, type OpenCommands } from '../../../platform/http/health.ts'
import type { Clock } from '../../../platform/clock/clock.ts'
import type { Hub } from '../../../platform/live/hub.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import type { LiveCommand } from '../../../platform/wire/live-command.ts'
import { commandStates, endStates } from '../domain/command.ts'
import { countOpenByState, newestChange, shownCommands, type ShownCommand } from './live-repository.ts'

export interface LiveCommandsOptions {
  readonly hub: Hub
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** At most a fifth of the time goes into it, however much is under way. */
const rest = { restMs: 200, restFactor: 4 }
/** What has ended goes by itself. */
const lookAgainMs = 10_000
const endedForMs = 10 * 60_000
const most = { open: 5_000, ended: 1_000 }
/** A state that no command is in is counted too: an alert of Prometheus needs its zero. */
const noneOpen: OpenCommands = Object.fromEntries(
  commandStates.filter((state) => !endStates.has(state)).map((state) => [state, 0]),
)

/**
 * Shows on the live stream the commands that are under way, and those that ended within the last ten minutes; and tells metrics how
 * many are open.
 */
export class LiveCommands {
  readonly #database: Database
  readonly #options: LiveCommandsOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  readonly #withdraw: () => void
  /** What is shown of each, as of which transaction. */
  #shown: ReadonlyMap<string, number> = new Map()
  #seen = -1
  #lookAt = 0
  #open: OpenCommands | undefined

  constructor(database: Database, options: LiveCommandsOptions) {
    this.#database = database
    this.#options = options
    this.#withdraw = provideOpenCommands(() => this.#open)
    this.#running = makeRounds(
      database,
      { ...rest, round: () => this.#round(), report: options.report },
      this.#closing.signal,
    )
  }

  async close(): Promise<void> {
    this.#withdraw()
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    if (!this.#options.clockIsSet()) return
    // Read before the rows: what is committed in between is looked at again.
    const seen = await newestChange(this.#database)
    if (seen === this.#seen && performance.now() < this.#lookAt) return
    const { hub, clock } = this.#options
    const now = clock.now()
    const commands = await shownCommands(this.#database, now - endedForMs, now, most)
    this.#open = { ...noneOpen, ...(await countOpenByState(this.#database)) }
    const present = new Map(commands.map(({ commandId, changed }) => [commandId, changed]))
    for (const commandId of this.#shown.keys()) if (!present.has(commandId)) hub.remove('commands', commandId)
    for (const command of commands)
      if (this.#shown.get(command.commandId) !== command.changed)
        hub.publish('commands', command.commandId, liveCommand(command))
    this.#shown = present
    this.#seen = seen
    this.#lookAt = performance.now() + lookAgainMs
  }
}

const liveCommand = ({ changed: _changed, ...command }: ShownCommand): LiveCommand => ({
  ...command,
  stateSince: instantOrNull(command.stateSince)!,
  requestedAt: instantOrNull(command.requestedAt)!,
  expiresAt: instantOrNull(command.expiresAt)!,
})
