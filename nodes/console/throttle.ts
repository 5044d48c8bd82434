/** The clock and the timer a throttle runs on; both in milliseconds, the clock monotonic. */
export interface Timers<Handle> {
  now(): number
  set(callback: () => void, delayMs: number): Handle
  clear(handle: Handle): void
}

export const systemTimers: Timers<NodeJS.Timeout> = {
  now: () => performance.now(),
  set: (callback, delayMs) => setTimeout(callback, delayMs),
  clear: (handle) => clearTimeout(handle),
}

/**
 * Lets at most one value through per interval, whatever the rate offered. The newest wins: one that comes too early
 * waits for the interval to end and gives way to any that comes after it. The last one offered is always delivered,
 * unless the throttle is closed first.
 */
export class NewestPerInterval<Value, Handle> {
  readonly #intervalMs: number
  readonly #deliver: (value: Value) => void
  readonly #timers: Timers<Handle>
  #deliveredAt = Number.NEGATIVE_INFINITY
  #waiting: { value: Value; handle: Handle } | undefined
  #closed = false

  constructor(intervalMs: number, deliver: (value: Value) => void, timers: Timers<Handle>) {
    this.#intervalMs = intervalMs
    this.#deliver = deliver
    this.#timers = timers
  }

  offer(value: Value): void {
    if (this.#closed) return
    if (this.#waiting) {
      this.#waiting.value = value
      return
    }
    const early = this.#deliveredAt + this.#intervalMs - this.#timers.now()
    if (early <= 0) this.#pass(value)
    else this.#waiting = { value, handle: this.#timers.set(() => this.#passWaiting(), early) }
  }

  /** Drops what waits; nothing is delivered afterwards. */
  close(): void {
    this.#closed = true
    if (this.#waiting) this.#timers.clear(this.#waiting.handle)
    this.#waiting = undefined
  }

  #passWaiting(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) this.#pass(waiting.value)
  }

  #pass(value: Value): void {
    this.#deliveredAt = this.#timers.now()
    this.#deliver(value)
  }
}
