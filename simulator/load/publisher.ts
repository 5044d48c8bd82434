import type { RecordableHistogram } from 'node:perf_hooks'
import { connect, type MqttClient } from 'mqtt'
import { accessOptions, reasonOf, type Broker } from '../broker.ts'
import { lastPacketId, markDuplicate, publishPacket } from './packet.ts'

export interface PublisherOptions {
  readonly broker: Broker
  readonly clientId: string
  readonly qos: 0 | 1
  /** Messages sent and not yet acknowledged, at most. */
  readonly inFlight: number
  /** Takes the time from each publish to its PUBACK, ns. */
  readonly latency: RecordableHistogram
}

/** Without acknowledgements, what waits in our own memory bounds the flight, bytes. */
const BYTES_WAITING = 1_000_000

/**
 * One connection that publishes as cheaply as can be. mqtt.js makes it and keeps it, over TCP, TLS or WebSocket; the
 * PUBLISH packets are written to its stream in chunks, and the PUBACKs are counted as they come. That is 4 µs of
 * processor a message; through its own `publish` it would be 9. What a lost connection leaves unacknowledged is sent
 * again over the next.
 */
export class Publisher {
  readonly #options: PublisherOptions
  readonly #client: MqttClient
  /** Packets not yet acknowledged, and when each was sent (ms), by packet id. */
  readonly #packets = Array.from({ length: lastPacketId + 1 }, (): Buffer | undefined => undefined)
  readonly #sentAt = new Float64Array(lastPacketId + 1)
  #chunk: Buffer[] = []
  #nextId = 1
  #inFlight = 0
  #acknowledged = 0
  #fault: string | undefined

  constructor(options: PublisherOptions) {
    this.#options = options
    this.#client = connect(options.broker.url, {
      ...accessOptions(options.broker),
      clientId: options.clientId,
      clean: true,
      protocolVersion: 4,
      reconnectPeriod: 500,
      connectTimeout: 10_000,
    })
    this.#client.on('connect', () => this.#sendAgain())
    this.#client.on('error', (error) => (this.#fault = reasonOf(error)))
    this.#client.on('packetreceive', (packet) => {
      if (packet.cmd === 'puback') this.#settle(packet.messageId!)
    })
  }

  /**
   * Resolves at the first connection.
   * @throws Error with the reason if the first attempt fails
   */
  connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.once('connect', () => resolve())
      this.#client.once('close', () => reject(new Error(this.#fault ?? 'the broker closed the connection')))
    })
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Messages that the broker has acknowledged; at QoS 0, that were handed to the operating system. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Whether it may send one more message now. */
  get hasRoom(): boolean {
    if (!this.#client.connected) return false
    if (this.#options.qos === 0 && this.#client.stream.writableLength > BYTES_WAITING) return false
    return this.#inFlight < this.#options.inFlight
  }

  /** Adds a message to the chunk that `flush` writes. */
  send(topic: string, payload: string | Uint8Array): void {
    this.#inFlight++
    if (this.#options.qos === 0) {
      this.#chunk.push(publishPacket(topic, payload, undefined))
      return
    }
    const id = this.#freeId()
    const packet = publishPacket(topic, payload, id)
    this.#packets[id] = packet
    this.#sentAt[id] = performance.now()
    this.#chunk.push(packet)
  }

  flush(): void {
    if (this.#chunk.length === 0) return
    const count = this.#chunk.length
    const bytes = count === 1 ? this.#chunk[0]! : Buffer.concat(this.#chunk)
    this.#chunk = []
    if (this.#options.qos === 1) this.#client.stream.write(bytes)
    else this.#client.stream.write(bytes, () => this.#handedOver(count))
  }

  async close(): Promise<void> {
    await this.#client.endAsync(!this.#client.connected)
  }

  /** What is not acknowledged keeps its id: a late PUBACK must not settle another message. */
  #freeId(): number {
    let id = this.#nextId
    while (this.#packets[id] !== undefined) id = (id % lastPacketId) + 1
    this.#nextId = (id % lastPacketId) + 1
    return id
  }

  #settle(id: number): void {
    if (this.#packets[id] === undefined) return
    this.#packets[id] = undefined
    this.#options.latency.record(Math.max(1, Math.round((performance.now() - this.#sentAt[id]!) * 1e6)))
    this.#handedOver(1)
  }

  #handedOver(count: number): void {
    this.#inFlight -= count
    this.#acknowledged += count
  }

  #sendAgain(): void {
    for (const packet of this.#packets) if (packet) this.#client.stream.write(markDuplicate(packet))
  }
}
