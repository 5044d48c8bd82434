import { EventEmitter } from 'node:events'
import type { IClientOptions } from 'mqtt'
import type { RecordedMessage } from './traffic.ts'

// What our nodes use besides a connection; player.ts lets nobody but this file have the package itself. All of it would
// bring the name under which `require` finds the package's own connect.
export { Store } from 'mqtt'

/** What a node published, instead of to a broker. */
export interface Published {
  /** Of the connection that it was published on. */
  readonly clientId: string
  readonly topic: string
  readonly payload: string | Buffer
  readonly qos: number
  readonly retain: boolean
}

type Handled = (error?: Error) => void
interface Packet extends RecordedMessage {
  readonly cmd: 'publish'
  readonly messageId?: number
  readonly dup: false
}

/** Every connection that a node of this process has made. */
const clients = new Set<PlayedClient>()
let publish: (published: Published) => void = () => undefined

/** Says where what nodes publish goes. */
export const takePublished = (take: (published: Published) => void): void => void (publish = take)

/**
 * Stands for the package `mqtt` in a trial: a client that is always connected, hears the recording and reaches nobody.
 * It behaves as mqtt.js does where our nodes and Node-RED's rely on it.
 */
export const connect = (_url?: string, options: IClientOptions = {}): PlayedClient => new PlayedClient(options)
export const connectAsync = async (url?: string, options?: IClientOptions): Promise<PlayedClient> =>
  connect(url, options)

/**
 * Plays a message to whoever has subscribed to its topic.
 * @returns how many connections it went to, and a promise for when all are ready for the next one
 */
export function play(message: RecordedMessage): { heard: number; ready: Promise<unknown> } {
  const hearing = [...clients].filter((client) => client.hears(message.topic))
  return { heard: hearing.length, ready: Promise.all(hearing.map((client) => client.receive(message))) }
}

/** Whether a topic is among those that a filter names, as MQTT has it. */
export function topicMatches(filter: string, topic: string): boolean {
  const wanted = filter.replace(/^\$share\/[^/]+\//, '').split('/')
  const levels = topic.split('/')
  // What begins with $ is the broker's own, and no wildcard at the beginning names it.
  if (topic.startsWith('$') && /^[+#]/.test(wanted[0]!)) return false
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false
  }
  return wanted.length === levels.length
}

export class PlayedClient extends EventEmitter {
  connected = false
  reconnecting = false
  readonly options: IClientOptions
  /** What is written past the client goes nowhere either: acknowledgements, many at once (held-acknowledgements.ts). */
  readonly stream = { write: (): boolean => true }
  #filters = new Set<string>()
  #lastId = 0

  constructor(options: IClientOptions) {
    super()
    this.options = options
    clients.add(this)
    setImmediate(() => {
      if (!clients.has(this)) return
      this.connected = true
      this.emit('connect', { cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false })
    })
  }

  hears(topic: string): boolean {
    return this.connected && [...this.#filters].some((filter) => topicMatches(filter, topic))
  }

  async receive(message: RecordedMessage): Promise<void> {
    if (message.qos > 0) this.#lastId = (this.#lastId % 65_535) + 1
    const packet: Packet = {
      ...{ ...message, cmd: 'publish', dup: false },
      ...(message.qos > 0 && { messageId: this.#lastId }),
    }
    await new Promise<void>((resolve, reject) => {
      this.emit('message', message.topic, message.payload, packet)
      this.handleMessage(packet, (error) => (error ? reject(error) : resolve()))
    })
  }

  /** Taken over by who wants to decide when the next message may come. */
  handleMessage(_packet: Packet, handled: Handled): void {
    handled()
  }

  /** Acknowledgements go nowhere. */
  _sendPacket(_packet: unknown, sent?: Handled): void {
    sent?.()
  }

  subscribe(filters: string | string[] | Record<string, object>, ...rest: unknown[]): this {
    const names = typeof filters === 'string' ? [filters] : Array.isArray(filters) ? filters : Object.keys(filters)
    for (const name of names) this.#filters.add(name)
    const done = rest.find((one) => typeof one === 'function')
    const granted = names.map((topic) => ({ topic, qos: 1 }))
    done?.(null, granted, { cmd: 'suback', granted: names.map(() => 1) })
    return this
  }

  async subscribeAsync(filters: string | string[]): Promise<unknown[]> {
    return new Promise((resolve) => this.subscribe(filters, (_: null, granted: unknown[]) => resolve(granted)))
  }

  unsubscribe(filters: string | string[], ...rest: unknown[]): this {
    for (const name of [filters].flat()) this.#filters.delete(name)
    rest.find((one) => typeof one === 'function')?.(null)
    return this
  }

  publish(topic: string, payload: string | Buffer, ...rest: unknown[]): this {
    const { qos = 0, retain = false } = (typeof rest[0] === 'object' ? (rest[0] ?? {}) : {}) as Partial<Published>
    publish({ clientId: this.options.clientId ?? '', topic, payload, qos, retain })
    rest.find((one) => typeof one === 'function')?.(null)
    return this
  }

  async publishAsync(topic: string, payload: string | Buffer, options?: object): Promise<void> {
    this.publish(topic, payload, options)
  }

  end(...rest: unknown[]): this {
    clients.delete(this)
    this.connected = false
    rest.find((one) => typeof one === 'function')?.()
    return this
  }

  async endAsync(): Promise<void> {
    this.end()
  }
}
