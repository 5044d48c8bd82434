import type { Database } from '../../../platform/storage/database.ts'
import type { MasterTable } from '../domain/definition.ts'
import { followFromNow, enterChannel } from './channel-repository.ts'
import { Delivery, type Carrier, type DeliveryOptions } from './delivery.ts'
import type { NotificationDocument } from './notification-document.ts'
import { fillOutbox, type TellingChannel } from './outbox.ts'

/** What a carrier of a test was given, and what it does with it. */
export class TestCarrier implements Carrier {
  readonly leaseMs = 30_000
  readonly carried: { readonly document: NotificationDocument; readonly attempt: number }[] = []
  /** Thrown instead of carrying, while it is set. */
  fault: Error | undefined
  /** Whether carrying confirms. */
  confirms = true

  async carry(document: NotificationDocument, attempt: number): Promise<boolean> {
    if (this.fault) throw this.fault
    this.carried.push({ document, attempt })
    return this.confirms
  }

  /** What was carried since it was asked last: `raised test/outage/sw-1 1`. */
  take(): string[] {
    return this.carried
      .splice(0)
      .map(({ document: { what, alarm, digest } }) =>
        alarm ? `${what} ${alarm.key} ${alarm.occurrence}` : `digest of ${digest!.count}`,
      )
  }
}

/** A channel of a test, step by step: what follows the log, and what delivers, each when it is told to. */
export class SteppedChannel {
  readonly carrier = new TestCarrier()
  readonly delivery: Delivery
  readonly #database: Database
  readonly #channel: TellingChannel
  readonly #table: () => MasterTable
  readonly #clock: { now(): number }
  #place = 0

  constructor(
    database: Database,
    channel: Partial<TellingChannel> & { readonly name: string },
    table: () => MasterTable,
    clock: { now(): number },
    options: Partial<DeliveryOptions> = {},
  ) {
    this.#database = database
    const filter = { leastPriority: 'low', areas: [], feeders: [], tells: ['raised', 'cleared'] } as const
    this.#channel = { filter, responsibility: null, ...channel }
    this.#table = table
    this.#clock = clock
    this.delivery = new Delivery(database, this.carrier, {
      ...{ channel: channel.name, language: 'en-US', timeZone: 'America/Sao_Paulo', mostTries: 5, table, clock },
      ...{ rate: { most: 10, windowMs: 600_000 }, ...options },
    })
  }

  /** Begins with what comes from now on. */
  async enter(): Promise<void> {
    await enterChannel(this.#database, this.#channel.name, `node-${this.#channel.name}`, this.#clock.now())
    await followFromNow(this.#database, 'alarms', this.#channel.name, this.#clock.now())
    this.#place = await this.#newest()
  }

  async follow(from = this.#place): Promise<void> {
    const upTo = await this.#newest()
    await this.#database.transaction((client) =>
      fillOutbox(client, this.#channel, { after: from, upTo }, this.#table(), this.#clock.now()),
    )
    this.#place = upTo
  }

  /** Follows and delivers. @returns what was carried */
  async tell(): Promise<string[]> {
    await this.follow()
    await this.deliver()
    return this.carrier.take()
  }

  deliver(): Promise<unknown> {
    return this.delivery.round(new AbortController().signal)
  }

  async #newest(): Promise<number> {
    const [row] = await this.#database.query<{ changed: number }>(
      'select changed::float8 as changed from alarm_progress',
    )
    return row!.changed
  }
}
