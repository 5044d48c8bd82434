import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { accessOptions, reasonOf, type Broker } from './broker.ts'
import { clamp, type Draw } from './draw.ts'

/** One message, ready to be sent. */
export interface Outgoing {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
}

export interface ConnectionOptions {
  readonly broker: Broker
  readonly clientId: string
  /** What the broker says in its name when it falls silent. */
  readonly lastWill: Outgoing
  /** Topics it listens to. */
  readonly topics: readonly string[]
  /** Said at every connection, before anything else. */
  readonly greetings: () => readonly Outgoing[]
  /** Messages kept while the broker is away; beyond it the oldest go. */
  readonly queueLimit: number
  readonly draw: Draw
  /** @param retained  it was said before we listened */
  readonly onMessage: (topic: string, payload: string, retained: boolean) => void
  readonly onConnected: () => void
  /** The connection is gone, or an attempt failed. */
  readonly onLost: (reason: string) => void
  /** The queue is full: a message has been dropped. */
  readonly onOverflow: () => void
  /** A connected broker refused something, e.g. a subscription. */
  readonly onRefused: (reason: string) => void
}

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 30_000
/** Messages sent and not yet acknowledged; above it new ones wait in the queue. */
const IN_FLIGHT_LIMIT = 200

/**
 * Wait before a retry, ms: doubles from 1 s to 30 s, and varies by a quarter so that devices do not come in step.
 * @param attempt  failures in a row, from 0
 */
export function retryDelayMs(attempt: number, draw: Draw): number {
  const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10))
  return Math.round(clamp(delay * (0.75 + 0.5 * draw.uniform()), FIRST_RETRY_MS, LAST_RETRY_MS))
}

/** A connection to the broker as a field device has it: QoS 1, a Last Will, a bounded queue, retries with backoff. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #client: MqttClient
  readonly #queue: Outgoing[] = []
  /** Last retained messages sent, by topic: a broker without a disk forgets them when it restarts. */
  readonly #retained = new Map<string, Outgoing>()
  #inFlight = 0
  #acknowledged = 0
  #failures = 0
  #dropped = 0
  #lastError = ''
  #opened = false
  #closing = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { broker, clientId, lastWill, draw } = options
    const settings: IClientOptions = {
      ...accessOptions(broker),
      clientId,
      clean: true,
      manualConnect: true,
      protocolVersion: 4,
      keepalive: 30,
      connectTimeout: 10_000,
      resubscribe: false,
      reconnectOnConnackError: true,
      reconnectPeriod: retryDelayMs(0, draw),
      will: { topic: lastWill.topic, payload: Buffer.from(lastWill.payload), qos: 1, retain: lastWill.retain },
    }
    this.#client = connect(broker.url, settings)
    this.#client.on('connect', () => this.#connected())
    this.#client.on('reconnect', () => {
      this.#failures += 1
      this.#client.options.reconnectPeriod = retryDelayMs(this.#failures, draw)
    })
    this.#client.on('error', (error) => (this.#lastError = reasonOf(error)))
    this.#client.on('close', () => {
      if (!this.#closing) options.onLost(this.#lastError || 'connection closed')
    })
    this.#client.on('message', (topic, payload, { retain }) =>
      options.onMessage(topic, payload.toString('utf8'), retain),
    )
  }

  /** Begins to connect; what was published before waits in the queue. */
  open(): void {
    this.#opened = true
    this.#client.connect()
  }

  get connected(): boolean {
    return this.#client.connected
  }

  /** Messages that wait, or are sent and not yet acknowledged. */
  get backlog(): number {
    return this.#queue.length + this.#inFlight
  }

  /** Messages published that the broker has acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Messages dropped since it was last asked. */
  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }

  /** Sends at QoS 1, now or as soon as the broker is back. */
  publish(message: Outgoing): void {
    this.#queue.push(message)
    if (this.#queue.length > this.#options.queueLimit) {
      this.#queue.shift()
      this.#dropped += 1
      this.#options.onOverflow()
    }
    this.#drain()
  }

  /**
   * Says goodbye and disconnects in order, so that the Last Will stays unsaid.
   * @param patienceMs  when the broker does not answer, the connection is cut after this time
   */
  async close(farewells: readonly Outgoing[], patienceMs: number): Promise<void> {
    this.#closing = true
    if (!this.#opened) return
    if (!this.#client.connected) return this.#client.endAsync(true)
    const outOfTime = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      this.#client.stream.destroy()
      outOfTime.resolve()
    }, patienceMs)
    const said = Promise.allSettled(farewells.map((message) => this.#send(message)))
    await Promise.race([said.then(() => this.#client.endAsync()), outOfTime.promise])
    clearTimeout(timer)
  }

  #connected(): void {
    this.#failures = 0
    this.#lastError = ''
    this.#client.options.reconnectPeriod = retryDelayMs(0, this.#options.draw)
    // first of all: whoever hears that a device is there may tell it something
    if (this.#options.topics.length > 0) {
      this.#client.subscribe([...this.#options.topics], { qos: 1 }, (error, granted) => {
        const refused = granted?.find(({ qos }) => qos > 2)
        if (error && !this.#closing && this.#client.connected) this.#options.onRefused(reasonOf(error))
        else if (refused) this.#options.onRefused(`subscription to ${refused.topic} refused`)
      })
    }
    const greetings = this.#options.greetings()
    for (const message of greetings) {
      this.#retained.delete(message.topic)
      this.#sendAndForget(message)
    }
    for (const message of this.#retained.values()) this.#sendAndForget(message)
    this.#options.onConnected()
    this.#drain()
  }

  #drain(): void {
    while (this.#client.connected && !this.#closing && this.#inFlight < IN_FLIGHT_LIMIT) {
      const message = this.#queue.shift()
      if (!message) return
      if (message.retain) this.#retained.set(message.topic, message)
      this.#sendAndForget(message, () => (this.#acknowledged += 1))
    }
  }

  #sendAndForget(message: Outgoing, acknowledged: () => void = () => undefined): void {
    this.#send(message).then(acknowledged, (error: unknown) => {
      if (!this.#closing) this.#options.onRefused(`${message.topic}: ${reasonOf(error)}`)
    })
  }

  /** Sends one message; settled when the broker has acknowledged it, also on a later connection. */
  async #send({ topic, payload, retain }: Outgoing): Promise<void> {
    this.#inFlight += 1
    try {
      await this.#client.publishAsync(topic, payload, { qos: 1, retain })
    } finally {
      this.#inFlight -= 1
      this.#drain()
    }
  }
}
