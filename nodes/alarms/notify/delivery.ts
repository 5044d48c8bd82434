import type { Clock } from '../../../platform/clock/clock.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import type { MasterTable } from '../domain/definition.ts'
import { outgoing, pauseMs } from '../domain/notification.ts'
import {
  channelLoad,
  channelState,
  digestContent,
  dueNotifications,
  gatherDigest,
  giveUp,
  lockChannel,
  noteFailure,
  noteSent,
  noteTry,
  removeEnded,
  withdrawHidden,
  type ChannelState,
  type DueNotification,
} from './delivery-repository.ts'
import { alarmDocument, digestDocument, type NotificationDocument } from './notification-document.ts'
import type { Language } from './notification-words.ts'

/** How a channel takes what it is to tell to whoever is told. */
export interface Carrier {
  /** How long something counts as under way, ms: it is handed over again where nothing confirmed it until then. */
  readonly leaseMs: number
  /**
   * @returns whether that it resolves confirms it; else a confirmation comes by itself
   * @throws Error that says why it did not arrive
   */
  carry(document: NotificationDocument, attempt: number, signal: AbortSignal): Promise<boolean>
}

export interface DeliveryOptions {
  readonly channel: string
  readonly language: Language
  readonly timeZone: string
  /** The channel tells at most so many in a window of so many ms; what is beyond it comes as a digest. */
  readonly rate: { readonly most: number; readonly windowMs: number }
  /** It is given up after so many tries. */
  readonly mostTries: number
  readonly table: () => MasterTable
  /** By which deliveries go: the wall's, whatever is simulated, for whoever is told lives by it. */
  readonly clock: Clock
}

/** So many are under way at a time, and so many more that are tried again. */
const mostAtOnce = 10
const mostNamed = 10
const keptMs = 400 * 86_400_000
const mostRemoved = 1_000

/** What goes out now. */
interface Taken {
  readonly document: NotificationDocument
  readonly attempt: number
}

/**
 * Delivers what the outbox holds for one channel: at least once, and never silently less. Its state is in the database alone: killed
 * anywhere, the next one goes on, and repeats what was not confirmed.
 */
export class Delivery {
  #database: Database
  #carrier: Carrier
  #options: DeliveryOptions

  constructor(database: Database, carrier: Carrier, options: DeliveryOptions) {
    this.#database = database
    this.#carrier = carrier
    this.#options = options
  }

  /** Hands over what is due. @returns how the channel fares */
  async round(signal: AbortSignal): Promise<ChannelState> {
    const { channel, clock } = this.#options
    for (let taken = await this.#take(); taken.length > 0 && !signal.aborted; taken = await this.#take()) {
      // What is of one alarm goes in its order.
      const lanes = Map.groupBy(taken, ({ document }) => document.alarm?.alarmId)
      await Promise.all([...lanes.values()].map((lane) => this.#carryAll(lane, signal)))
    }
    await removeEnded(this.#database, channel, clock.now() - keptMs, mostRemoved)
    return channelState(this.#database, channel)
  }

  /** It arrived. @throws Error where the channel never sent it */
  async confirm(id: string): Promise<void> {
    const { channel, clock } = this.#options
    if (!(await noteSent(this.#database, channel, id, clock.now()))) throw unknown(id)
  }

  /** It did not arrive. @throws Error where the channel does not wait for it */
  async fail(id: string, error: string): Promise<void> {
    const { channel, clock } = this.#options
    const dueAt = (tries: number): number => clock.now() + pauseMs(tries)
    if (!(await noteFailure(this.#database, { channel, id, error: error.slice(0, 500), dueAt }))) throw unknown(id)
  }

  async #carryAll(lane: readonly Taken[], signal: AbortSignal): Promise<void> {
    for (const { document, attempt } of lane) if (!signal.aborted) await this.#carry(document, attempt, signal)
  }

  async #carry(document: NotificationDocument, attempt: number, signal: AbortSignal): Promise<void> {
    try {
      if (await this.#carrier.carry(document, attempt, signal)) await this.confirm(document.id)
    } catch (error) {
      // What ends with us was not refused: it comes again when its time has lapsed.
      if (!signal.aborted) await this.fail(document.id, messageOf(error))
    }
  }

  /** Decides what goes out now, and puts it into words: from here on it counts as tried. */
  #take(): Promise<Taken[]> {
    const { channel, rate, mostTries, clock } = this.#options
    return this.#database.transaction(async (client) => {
      const queries = queriesOf(client)
      await lockChannel(queries, channel)
      const now = clock.now()
      await withdrawHidden(queries, channel, now)
      await giveUp(queries, channel, mostTries, now)
      const load = await channelLoad(queries, channel, now - rate.windowMs)
      const { single, digest } = outgoing(load.fresh, rate.most - load.tried)
      if (digest) await gatherDigest(queries, channel, single, now)
      const first = Math.min(mostAtOnce, single + (digest ? 1 : 0))
      const due = await dueNotifications(queries, channel, { first, mostAgain: mostAtOnce, now })
      const taken: Taken[] = []
      for (const one of due) {
        const document = one.document ?? (await this.#documentOf(queries, one))
        const until = now + this.#carrier.leaseMs + pauseMs(one.tries + 1)
        await noteTry(queries, { id: one.id, document, members: one.alarm?.members ?? null, now, until })
        taken.push({ document, attempt: one.tries + 1 })
      }
      return taken
    })
  }

  async #documentOf(queries: Queries, due: DueNotification): Promise<NotificationDocument> {
    const { alarm } = due
    if (alarm) return alarmDocument({ ...due, alarm }, this.#options.table().definitionOf(alarm), this.#options)
    return digestDocument(due, await digestContent(queries, due.id, mostNamed), this.#options)
  }
}

const unknown = (id: string): Error =>
  new Error(`notificationId is ${JSON.stringify(id)}: this channel waits for no such notification`)
