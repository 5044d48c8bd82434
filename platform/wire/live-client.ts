import { backoffMs } from './backoff.ts'
import { closeCodes } from './live-close.ts'
import { LiveState } from './live-state.ts'
import type { LiveFilter, LiveTopic, LiveValues, Piece, ServerMessage, Subscribe } from './live.ts'

/** A WebSocket as browsers, Node and the package ws have it. */
export interface Socket {
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: SocketEvent) => void): void
  send(text: string): void
  close(code?: number, reason?: string): void
}
export interface SocketEvent {
  readonly type?: string
  readonly data?: unknown
  readonly code?: number
  readonly reason?: string
}

/** Where the client stands. `ended`: the login is over, or `close` was called; it does not try again. */
export type LiveStatus =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  | { readonly state: 'waiting'; readonly code: number; readonly reason: string; readonly retryMs: number }
  | { readonly state: 'ended'; readonly code: number; readonly reason: string }

/** What changed in a topic. `whole`: a snapshot took the place of everything. */
export interface LiveChange {
  readonly topic: LiveTopic
  readonly set: readonly string[]
  readonly removed: readonly string[]
  readonly whole: boolean
}

export interface LiveOptions {
  /** Opens a connection to `/api/live`, with a token that is good now: `() => new WebSocket('wss://…/api/live')`. */
  open(): Socket
  onChange?(change: LiveChange): void
  onStatus?(status: LiveStatus): void
  /** A subscription that the server does not take, in a line that says why. */
  onRefused?(topic: string | undefined, detail: string): void
  /** For tests: time and chance. */
  readonly timers?: Timers
  random?(): number
}

export interface Timers {
  /** @returns what takes the call back */
  after(ms: number, call: () => void): () => void
}

export interface LiveSubscription {
  /** Deltas a second at most, 0.1 to 10; once a second unless said otherwise. */
  readonly maxHz?: number
  readonly filter?: LiveFilter
}

interface Topic {
  readonly subscription: LiveSubscription
  readonly state: LiveState<unknown>
  /** Answers before the one with this number belong to an earlier subscription. */
  ref: number
  isAnswered: boolean
}

/** A connection that has lasted so long was a good one: the next attempt after it is a first one again. */
const goodMs = 10_000
/** The server says something every 15 s; one that says nothing for up to twice this long is gone. */
const silenceMs = 20_000

const machineTimers: Timers = {
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/**
 * A client of the live stream. Holds the state of each topic that it subscribes to, and brings it back to the server's after
 * any drop: comes again with growing pauses, goes on from where it was, or takes a new snapshot, which it shows as a whole.
 */
export class LiveClient {
  #options: LiveOptions
  #timers: Timers
  #topics = new Map<LiveTopic, Topic>()
  #socket: Socket | undefined
  #isWelcome = false
  #status: LiveStatus = { state: 'connecting' }
  #attempt = 0
  #refs = 0
  #heard = false
  #gaps = 0
  #stopTimers: (() => void)[] = []

  /** Connects at once. */
  constructor(options: LiveOptions) {
    this.#options = options
    this.#timers = options.timers ?? machineTimers
    this.#connect()
  }

  get status(): LiveStatus {
    return this.#status
  }

  /** Times that something was missing in what the server sent, and a snapshot was asked for. */
  get gaps(): number {
    return this.#gaps
  }

  /** From now on the client follows a topic; a subscription of the same topic before is replaced, and its state emptied. */
  subscribe(topic: LiveTopic, subscription: LiveSubscription = {}): void {
    const followed = { subscription, state: new LiveState<unknown>(), ref: 0, isAnswered: false }
    this.#topics.set(topic, followed)
    if (this.#isWelcome) this.#ask(topic, followed)
  }

  unsubscribe(topic: LiveTopic): void {
    if (this.#topics.delete(topic) && this.#isWelcome) this.#send({ type: 'unsubscribe', topic, ref: ++this.#refs })
  }

  /** What is known of a topic, newest values by key; empty until the first snapshot, and without a subscription. */
  state<T extends LiveTopic>(topic: T): ReadonlyMap<string, LiveValues[T]> {
    return (this.#topics.get(topic)?.state.values ?? nothing) as ReadonlyMap<string, LiveValues[T]>
  }

  /** Number of the server's last change that the state holds; undefined before the first snapshot. */
  version(topic: LiveTopic): number | undefined {
    return this.#topics.get(topic)?.state.position?.version
  }

  /** Ends the connection, and does not come again. What is known stays readable. */
  close(): void {
    if (this.#status.state === 'ended') return
    this.#leave({ state: 'ended', code: 1000, reason: 'closed' })
  }

  #connect(): void {
    this.#show({ state: 'connecting' })
    let socket: Socket
    try {
      socket = this.#options.open()
    } catch (error) {
      return this.#comeAgain(1006, String(error))
    }
    this.#socket = socket
    const ifCurrent =
      (listener: (event: SocketEvent) => void) =>
      (event: SocketEvent): void => {
        if (this.#socket === socket) listener(event)
      }
    socket.addEventListener(
      'message',
      ifCurrent(({ data }) => this.#hear(data)),
    )
    socket.addEventListener(
      'close',
      ifCurrent(({ code = 1006, reason = '' }) => this.#lost(code, reason)),
    )
    // What went wrong, the close that follows says.
    socket.addEventListener('error', () => undefined)
    this.#watch()
  }

  /** A connection that dies without a word is noticed by its silence. */
  #watch(): void {
    this.#heard = false
    const look = (): void => {
      if (!this.#heard) return this.#lost(1006, 'the server is silent')
      this.#heard = false
      this.#stopTimers[0] = this.#timers.after(silenceMs, look)
    }
    this.#stopTimers = [this.#timers.after(silenceMs, look)]
  }

  #lost(code: number, reason: string): void {
    if (code === closeCodes.sessionEnded) this.#leave({ state: 'ended', code, reason })
    else this.#comeAgain(code, reason)
  }

  #comeAgain(code: number, reason: string): void {
    const retryMs = backoffMs(this.#attempt++, (this.#options.random ?? Math.random)())
    this.#leave({ state: 'waiting', code, reason, retryMs })
    this.#stopTimers.push(this.#timers.after(retryMs, () => this.#connect()))
  }

  #leave(status: LiveStatus): void {
    for (const stop of this.#stopTimers.splice(0)) stop()
    const socket = this.#socket
    this.#socket = undefined
    this.#isWelcome = false
    for (const { state } of this.#topics.values()) state.interrupt()
    // A browser lets nobody but the server give codes of this kind.
    socket?.close(1000)
    this.#show(status)
  }

  #hear(data: unknown): void {
    this.#heard = true
    let message: ServerMessage
    try {
      message = JSON.parse(String(data)) as ServerMessage
    } catch {
      return this.#lost(1002, 'the server sent something that is no JSON')
    }
    switch (message.type) {
      case 'welcome':
        return this.#begin()
      case 'subscribed': {
        const topic = this.#topics.get(message.topic)
        if (topic && topic.ref === message.ref) topic.isAnswered = true
        return
      }
      case 'snapshot':
      case 'delta':
        return this.#take(message)
      case 'error':
        return this.#options.onRefused?.(message.topic, message.detail)
      case 'heartbeat':
        return this.#compare(message.versions)
      case 'unsubscribed':
        return
    }
  }

  #begin(): void {
    this.#isWelcome = true
    this.#show({ state: 'connected' })
    this.#stopTimers.push(this.#timers.after(goodMs, () => (this.#attempt = 0)))
    for (const [name, topic] of this.#topics) this.#ask(name, topic)
  }

  #ask(name: LiveTopic, topic: Topic): void {
    const { maxHz, filter } = topic.subscription
    const resume = topic.state.position
    topic.ref = ++this.#refs
    topic.isAnswered = false
    this.#send({
      ...{ type: 'subscribe', topic: name, ref: topic.ref },
      ...(maxHz !== undefined && { maxHz }),
      ...(filter && { filter }),
      ...(resume && { resume }),
    })
  }

  #take(message: Piece): void {
    const topic = this.#topics.get(message.topic)
    // Meant for a subscription that has been replaced.
    if (!topic?.isAnswered) return
    const taken = topic.state.take(message)
    if (taken === 'gap') this.#askAnew(message.topic, topic)
    else if (taken === 'changed') {
      const whole = message.type === 'snapshot'
      const set = whole ? [...topic.state.values.keys()] : Object.keys(message.set)
      this.#options.onChange?.({ topic: message.topic, set, removed: message.removed, whole })
    }
  }

  /** What the server has sent should be here. */
  #compare(versions: Readonly<Record<string, number>>): void {
    for (const [name, topic] of this.#topics) {
      const sent = versions[name]
      if (topic.isAnswered && sent !== undefined && sent !== topic.state.position?.version) this.#askAnew(name, topic)
    }
  }

  /** Something is missing: only a snapshot helps. */
  #askAnew(name: LiveTopic, topic: Topic): void {
    this.#gaps++
    topic.state.forgetPosition()
    this.#ask(name, topic)
  }

  #send(message: Subscribe | { type: 'unsubscribe'; topic: LiveTopic; ref: number }): void {
    this.#socket?.send(JSON.stringify(message))
  }

  #show(status: LiveStatus): void {
    this.#status = status
    this.#options.onStatus?.(status)
  }
}

const nothing: ReadonlyMap<string, unknown> = new Map()
