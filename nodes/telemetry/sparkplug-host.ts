import { connect, Store, type IClientOptions, type IPublishPacket } from 'mqtt'
import { pause } from '../../platform/clock/pause.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { hostState, saysOffline } from './domain/sparkplug/host-state.ts'
import { groupFilter, nodeCommandTopic, stateTopic, type EdgeNodeAddress } from './domain/sparkplug/topic.ts'
import { encodeRebirthRequest } from './sparkplug-payload.ts'

export interface SparkplugHostOptions {
  url: string
  client: IClientOptions
  /** Under which name edge nodes know this host. */
  hostId: string
  /** The group that is listened to; `+` is all of them. */
  group: string
}

export interface SparkplugHostEvents {
  /** A message of the Sparkplug namespace. The next one is read once its promise resolves: there is back-pressure. */
  onMessage(topic: string, payload: Buffer): Promise<void>
  /** Subscribed, and said to be online. */
  onOnline(): void
  /** Not connected any more, or not yet, with the reason where one is known. */
  onOffline(reason: string | undefined): void
}

/** A farewell that the broker does not answer is not waited for any longer, ms. */
const farewellMs = 1_000

/**
 * The connection of a Sparkplug host application (3.0.0, 5.13, 5.14): a clean session whose Will says offline;
 * subscriptions first, then the birth; offline said before leaving.
 */
export class SparkplugHost {
  readonly #client: ReturnType<typeof connect>
  readonly #topic: string
  readonly #clock: Clock
  /** Instant of the last CONNECT. */
  #since: number
  /** Whether this connection has said that it is online. */
  #isBorn = false
  /** It goes: the last word is that it is offline. */
  #isLeaving = false

  constructor(
    { url, client: options, hostId, group }: SparkplugHostOptions,
    events: SparkplugHostEvents,
    clock: Clock,
  ) {
    this.#topic = stateTopic(hostId)
    this.#clock = clock
    this.#since = clock.now()
    const client = connect(url, { ...options, clean: true, resubscribe: false, will: this.#will() })
    this.#client = client
    client.handleMessage = (packet, proceed) => {
      const { topic, payload } = packet as IPublishPacket
      const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(payload)
      if (topic === this.#topic) {
        if (this.#isBorn && !this.#isLeaving && saysOffline(bytes)) this.#sayOnline()
        proceed()
      } else events.onMessage(topic, bytes).then(() => proceed(), proceed)
    }
    let fault: string | undefined
    // Every CONNECT has a Will of its own: its timestamp is that of the connection. What the last one left unanswered
    // would be sent before our birth, and waited for at the end.
    client.on('reconnect', () => {
      for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id))
      client.outgoingStore = new Store()
      this.#since = clock.now()
      client.options.will = this.#will()
    })
    client.on('connect', () => {
      fault = undefined
      const filters = [groupFilter(group), this.#topic]
      client.subscribe(filters, { qos: 1 }, (error, _granted, answer) => {
        if (this.#isLeaving) return
        const codes = answer?.granted as number[] | undefined
        const refused = filters.filter((_, index) => (codes?.[index] ?? 0) >= 0x80)
        if (refused.length > 0) return events.onOffline(`the broker refuses ${refused.join(', ')}`)
        if (error) return events.onOffline(error.message)
        this.#sayOnline()
        events.onOnline()
      })
    })
    client.on('close', () => {
      this.#isBorn = false
      events.onOffline(fault)
    })
    client.on('error', (error: Error & { code?: unknown }) => {
      fault = error.message || String(error.code ?? error.name)
      events.onOffline(fault)
    })
  }

  /** Asks an edge node for its births. Not connected, it asks nobody: there will be another occasion. */
  requestRebirth(address: EdgeNodeAddress): void {
    if (!this.#client.connected) return
    const request = Buffer.from(encodeRebirthRequest(this.#clock.now()))
    this.#client.publish(nodeCommandTopic(address), request, { qos: 0, retain: false })
  }

  /** Says that the host goes, and goes. */
  async close(): Promise<void> {
    this.#isLeaving = true
    // A connection that breaks off says it by its Will. In order it ends only once everything is answered.
    const answered = this.#client.connected && (await this.#sayOffline())
    await this.#client.endAsync(!answered)
  }

  /** @returns whether the broker answered */
  async #sayOffline(): Promise<boolean> {
    const farewell = hostState(false, this.#clock.now())
    const said = this.#client.publishAsync(this.#topic, farewell, { qos: 1, retain: true }).then(
      () => true,
      () => false,
    )
    const waiting = new AbortController()
    const answered = await Promise.race([said, pause(farewellMs, waiting.signal).then(() => false)])
    waiting.abort()
    return answered
  }

  #will(): NonNullable<IClientOptions['will']> {
    return { topic: this.#topic, payload: Buffer.from(hostState(false, this.#since)), qos: 1, retain: true }
  }

  #sayOnline(): void {
    this.#isBorn = true
    this.#client.publish(this.#topic, hostState(true, this.#since), { qos: 1, retain: true })
  }
}
