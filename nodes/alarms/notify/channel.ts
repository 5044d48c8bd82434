import { wallClock } from '../../../platform/clock/clock.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { Follower } from '../../../platform/storage/follower.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import { alarmChanges, type LoggedAlarms } from '../keeper/alarm-log.ts'
import type { MasterTable } from '../domain/definition.ts'
import { enterChannel, followFromNow, leaveLog, withdrawWaiting } from './channel-repository.ts'
import { Delivery, type Carrier, type DeliveryOptions } from './delivery.ts'
import type { ChannelState } from './delivery-repository.ts'
import { fillOutbox, type TellingChannel } from './outbox.ts'

export interface ChannelOptions extends Omit<DeliveryOptions, 'channel' | 'table' | 'clock'>, TellingChannel {
  readonly nodeId: string
  /** The master alarm table, once it was read. */
  readonly table: (signal: AbortSignal) => Promise<MasterTable>
  /** Told after each round how the channel fares. */
  progress(state: ChannelState): Promise<void>
  /** Told of what went wrong, once until something else does or it is well again. */
  report(error: unknown): void
}

const pace = { maxItems: 2_000, restMs: 200, restFactor: 0.25 }
const deliverEveryMs = 500
/** So often in a row it has not arrived: somebody is told otherwise. */
const failingTries = 3

/** A channel at work: it follows the log of alarms into its outbox, and delivers what stands there. */
export class Channel {
  readonly #database: Database
  readonly #options: ChannelOptions
  readonly #delivery: Delivery
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #follower: Follower<LoggedAlarms> | undefined
  #table: MasterTable | undefined
  #told = ''

  constructor(database: Database, carrier: Carrier, options: ChannelOptions) {
    this.#database = database
    this.#options = options
    this.#delivery = new Delivery(database, carrier, {
      ...options,
      ...{ channel: options.name, clock: wallClock, table: () => this.#table! },
    })
    this.#running = this.#run()
  }

  /** It arrived. @throws Error where the channel never sent it */
  confirm(id: string): Promise<void> {
    return this.#delivery.confirm(id)
  }

  /** It did not arrive. @throws Error where the channel does not wait for it */
  fail(id: string, error: string): Promise<void> {
    return this.#delivery.fail(id, error)
  }

  /** @param removed  for good: what waits is withdrawn, and the log keeps nothing for it */
  async close(removed: boolean): Promise<void> {
    this.#closing.abort()
    await this.#running
    await this.#follower?.close()
    if (!removed || !this.#database.state.up) return
    await withdrawWaiting(this.#database, this.#options.nodeId, null, wallClock.now())
    await leaveLog(this.#database, alarmChanges.name, this.#consumer)
  }

  get #consumer(): string {
    return `notify ${this.#options.nodeId}`
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    const rounds = {
      restMs: deliverEveryMs,
      round: () => this.#round(signal),
      report: (error: unknown) => this.#report(error),
    }
    await makeRounds(this.#database, rounds, signal)
  }

  async #round(signal: AbortSignal): Promise<void> {
    this.#table = await this.#options.table(signal)
    this.#follower ??= await this.#enter()
    await this.#options.progress(await this.#delivery.round(signal))
    this.#told = ''
  }

  async #enter(): Promise<Follower<LoggedAlarms>> {
    const { name, nodeId } = this.#options
    const now = wallClock.now()
    await enterChannel(this.#database, name, nodeId, now)
    await followFromNow(this.#database, alarmChanges.name, this.#consumer, now)
    return new Follower(this.#database, alarmChanges, {
      ...{ name: this.#consumer, ...pace },
      take: (client, changes) => {
        const span = { after: changes[0]!.position - 1, upTo: changes.at(-1)!.position }
        return fillOutbox(client, this.#options, span, this.#table!, wallClock.now())
      },
      progress: () => undefined,
      report: (error) => this.#report(error),
    })
  }

  #report(error: unknown): void {
    const detail = messageOf(error)
    if (this.#told !== detail) this.#options.report(error)
    this.#told = detail
  }
}

/** That a channel does not get through, or does again: an alarm of its own, for whoever is told otherwise. @param at UTC milliseconds */
export function channelCondition(
  channel: string,
  { failedTries, dead, lastError }: ChannelState,
  at: number,
): Condition {
  const works = channelWorks(channel, at)
  if (failedTries < failingTries && dead === 0) return works
  const parameters = { channel, tries: failedTries, error: (lastError ?? '').slice(0, 200).toWellFormed() }
  return { ...works, state: 'active', text: { message: 'alarms.notification-failed', parameters } }
}

/** What takes that back. @param at UTC milliseconds */
export const channelWorks = (channel: string, at: number): Condition => ({
  ...{ key: conditionKey('alarms', 'notification-failed', channel), area: 'alarms', kind: 'notification-failed' },
  ...{ subject: channel, state: 'normal', at, priority: 'high' },
  text: { message: 'alarms.notification-works', parameters: { channel } },
})
