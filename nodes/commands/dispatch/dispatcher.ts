import type { Clock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { changeCommands } from '../keeper/change-commands.ts'
import { CommandSender, type CommandSenderOptions } from './command-sender.ts'
import type { Sending } from './message.ts'
import { takeCommands, type Forbidding } from './take-commands.ts'

/**
 * Where a process may end with most to lose: commands are taken and not committed; committed, and nothing sent; handed to the
 * connection; confirmed by the broker, and not noted.
 */
export type DispatchEdge = 'taken' | 'written' | 'sent' | 'confirmed'

export interface DispatcherOptions extends CommandSenderOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Asked of commands right before they are sent. */
  readonly forbidding: Forbidding
  /** Told wherever it comes to an edge, for tests that end the process right there. */
  reached?(edge: DispatchEdge): void
}

/** While there is something to send it is looked often, to keep what waits moving; in quiet times that would only cost. */
const rest = { busyMs: 50, quietMs: 250, busyForMs: 10_000 }
/** Sent and not confirmed by the broker yet: no more than this wait at a time. */
const mostUnconfirmed = 200

/** The broker has gone while commands were taken: they stay as they were. */
class BrokerGone extends Error {
  override readonly name = 'BrokerGone'
}

/**
 * Sends commands: what is queued, what is to be said again, and what is to be asked. Each attempt is written and committed before
 * anything of it is sent, and is sent once, by who has written it; so many of these may run over one database, and any of them may be
 * killed at any moment. While the broker is away, what is queued waits, and expires in its time.
 */
export class Dispatcher {
  readonly #database: Database
  readonly #options: DispatcherOptions
  readonly #sender: CommandSender
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  /** Something was sent last, by `performance.now()`. */
  #sentAt = -Infinity
  /** The broker has them, which is not written yet. */
  #delivered: string[] = []

  constructor(database: Database, options: DispatcherOptions) {
    this.#database = database
    this.#options = options
    this.#sender = new CommandSender(options)
    const round = (signal: AbortSignal): Promise<void> => this.#round(signal)
    const restMs = (): number => (performance.now() - this.#sentAt < rest.busyForMs ? rest.busyMs : rest.quietMs)
    this.#running = makeRounds(database, { restMs, round, report: options.report }, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
    await this.#sender.close()
    if (this.#database.state.up) await this.#noteDelivered()
  }

  async #round(signal: AbortSignal): Promise<void> {
    if (!this.#options.clockIsSet()) return
    await this.#noteDelivered()
    let room = mostUnconfirmed - this.#sender.unconfirmed
    while (this.#sender.isReady && room > 0 && !signal.aborted) {
      const sendings = await this.#take(room)
      if (sendings.length > 0) {
        this.#sentAt = performance.now()
        this.#options.reached?.('written')
      }
      for (const sending of sendings) this.#send(sending)
      if (sendings.length < room) return
      room = mostUnconfirmed - this.#sender.unconfirmed
    }
  }

  async #take(most: number): Promise<readonly Sending[]> {
    const { clock, forbidding } = this.#options
    try {
      return await this.#database.transaction(async (client) => {
        const sendings = await takeCommands(client, forbidding, clock.now(), most)
        if (!this.#sender.isReady) throw new BrokerGone('the broker has gone')
        if (sendings.length > 0) this.#options.reached?.('taken')
        return sendings
      })
    } catch (error) {
      if (error instanceof BrokerGone) return []
      throw error
    }
  }

  /** Not past the time of this attempt, whatever held us up since it was written: then somebody else may have made the next one. */
  #send(sending: Sending): void {
    const now = this.#options.clock.now()
    const { command, phase } = sending
    const until = Math.min(command.sendAt ?? Infinity, command.dueAt ?? Infinity)
    if (now >= until || (phase === 'operate' && now >= command.expiresAt)) return
    this.#sender.send(sending, now, () => {
      this.#options.reached?.('confirmed')
      if (phase === 'operate') this.#delivered.push(command.commandId)
    })
    this.#options.reached?.('sent')
  }

  async #noteDelivered(): Promise<void> {
    const delivered = this.#delivered.splice(0)
    if (delivered.length === 0) return
    const changes = delivered.map((commandId) => ({ commandId, event: { kind: 'delivered' as const }, by: null }))
    await this.#database.transaction((client) => changeCommands(client, changes, this.#options.clock.now()))
  }
}
