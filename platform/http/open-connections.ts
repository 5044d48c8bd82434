import { wallClock, type Clock } from '../clock/clock.ts'
import type { Identity } from '../access/identity.ts'

interface Connection {
  /** UTC ms. */
  readonly until: number
  close(): void
}

/** How often is looked for connections whose time is over, ms. */
const sweepMs = 1_000

/** What stays open on behalf of a session: it closes when the session ends, or what it was opened with expires. */
export class OpenConnections {
  #bySession = new Map<string, Set<Connection>>()
  #clock: Clock
  #sweep: NodeJS.Timeout

  constructor(clock: Clock = wallClock) {
    this.#clock = clock
    this.#sweep = setInterval(() => this.closeExpired(), sweepMs).unref()
  }

  /**
   * @param until  when it closes by itself, UTC ms
   * @returns to be called when it is closed
   */
  hold({ sessionId }: Pick<Identity, 'sessionId'>, until: number, close: () => void): () => void {
    const connection = { until, close }
    const ofSession = this.#bySession.get(sessionId) ?? new Set()
    this.#bySession.set(sessionId, ofSession.add(connection))
    return () => {
      ofSession.delete(connection)
      if (ofSession.size === 0 && this.#bySession.get(sessionId) === ofSession) this.#bySession.delete(sessionId)
    }
  }

  /** A session is over, or its user has another role now. */
  closeSession(sessionId: string): void {
    for (const connection of [...(this.#bySession.get(sessionId) ?? [])]) connection.close()
  }

  closeExpired(): void {
    const now = this.#clock.now()
    for (const connections of [...this.#bySession.values()])
      for (const connection of [...connections]) if (connection.until <= now) connection.close()
  }

  sizeOf({ sessionId }: Pick<Identity, 'sessionId'>): number {
    return this.#bySession.get(sessionId)?.size ?? 0
  }

  get size(): number {
    return [...this.#bySession.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** Closes all of them. */
  end(): void {
    clearInterval(this.#sweep)
    for (const sessionId of [...this.#bySession.keys()]) this.closeSession(sessionId)
  }
}
