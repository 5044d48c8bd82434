/** Too much of the kind is under way: the same may do in a moment. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy'
}

/** Lets so much run at once, and so much wait; refuses the rest. */
export class Turns {
  #free: number
  #mostWaiting: number
  #waiting: (() => void)[] = []

  constructor(atOnce: number, mostWaiting: number) {
    this.#free = atOnce
    this.#mostWaiting = mostWaiting
  }

  /** @throws TooBusy when too many wait already */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else if (this.#waiting.length >= this.#mostWaiting) throw new TooBusy('too many passwords are being checked')
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
