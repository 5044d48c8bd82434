import type { Identity } from '../access/identity.ts'
import type { Socket, SocketEvent, Timers } from '../wire/live-client.ts'
import type { Hub } from './hub.ts'
import { type Peer, type Session, Sessions, tickMs } from './sessions.ts'

/** Time and timers that pass when a test says so. */
export class SimulatedTime implements Timers {
  now = 0
  #timers = new Set<{ at: number; call: () => void }>()

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.now + ms, call }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Lets time pass, timer by timer. */
  pass(ms: number): void {
    const until = this.now + ms
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at)
      if (!next) break
      this.#timers.delete(next)
      this.now = Math.max(this.now, next.at)
      next.call()
    }
    this.now = until
  }
}

/** A server that can be restarted: what it shows comes from the hub it is given. */
export class SimulatedServer {
  readonly time: SimulatedTime
  sessions!: Sessions
  #lines = new Set<Line>()
  #stopTicks = (): void => undefined
  #pieceCharacters: number

  constructor(time: SimulatedTime, hub: Hub, pieceCharacters: number) {
    this.time = time
    this.#pieceCharacters = pieceCharacters
    this.restart(hub)
  }

  /** Every connection is lost without a word. */
  restart(hub: Hub): void {
    for (const line of this.#lines) line.drop()
    this.sessions = new Sessions(hub, { pieceCharacters: this.#pieceCharacters })
    this.#stopTicks()
    const tick = (): void => {
      this.#stopTicks = this.time.after(tickMs, tick)
      this.sessions.tick(this.time.now, this.time.now)
    }
    tick()
  }

  connect(identity: Identity): Line {
    const line = new Line(this, identity)
    this.#lines.add(line)
    return line
  }

  forget(line: Line): void {
    this.#lines.delete(line)
  }
}

/** A connection in between, with a network that takes what it is let to. */
export class Line implements Socket, Peer {
  /** The network takes nothing. */
  isStalled = false
  #outbox: string[] = []
  #listeners = new Map<string, (event: SocketEvent) => void>()
  #server: SimulatedServer
  #sessions: Sessions
  #session: Session | undefined

  constructor(server: SimulatedServer, identity: Identity) {
    this.#server = server
    this.#sessions = server.sessions
    server.time.after(1, () => {
      if (this.#sessions !== server.sessions) return this.drop()
      this.#session = this.#sessions.open(this, { identity, until: Infinity, address: '' }, server.time.now)
    })
  }

  get waitingBytes(): number {
    return this.#outbox.reduce((sum, text) => sum + text.length, 0)
  }

  /** Messages that the network has not taken. */
  get waiting(): readonly string[] {
    return this.#outbox
  }

  addEventListener(type: string, listener: (event: SocketEvent) => void): void {
    this.#listeners.set(type, listener)
  }

  /** The server speaks (with a `Buffer`), or the client does: both sides of the line are this object. */
  send(data: Buffer | string): void {
    const text = data.toString()
    const isOfClient = /^\{"type":"(un)?subscribe"/.test(text)
    if (isOfClient) this.#server.time.after(1, () => this.#sessions.hear(this.#session!, text, this.#server.time.now))
    else if (this.isStalled || this.#outbox.length > 0) this.#outbox.push(text)
    else this.#listeners.get('message')?.({ data: text })
  }

  /** The network takes so many messages of what waits. */
  take(count: number): void {
    for (const data of this.#outbox.splice(0, count)) this.#listeners.get('message')?.({ data })
  }

  /** What should never happen on a connection: a piece of what waits is lost. @returns whether there was one */
  lose(index: number): boolean {
    if (!/^\{"type":"(snapshot|delta)"/.test(this.#outbox[index] ?? '')) return false
    this.#outbox.splice(index, 1)
    return true
  }

  /** By either side, as the other one hears of it. */
  close(code = 1005, reason = ''): void {
    this.#end(code, reason)
  }

  /** The connection is gone, with what it had not delivered. */
  drop(): void {
    this.#end(1006, '')
  }

  #end(code: number, reason: string): void {
    this.#outbox = []
    if (this.#session) this.#sessions.forget(this.#session)
    this.#server.forget(this)
    const closed = this.#listeners.get('close')
    this.#listeners.clear()
    closed?.({ code, reason })
  }
}
