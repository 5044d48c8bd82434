/** Messages that a client may send at once, and how many a second come to that. */
const burst = 30
const perSecond = 3

/** How much a client may still say. */
export class Allowance {
  #left = burst
  #at: number

  /** @param now  ms, of any clock that only goes forward */
  constructor(now: number) {
    this.#at = now
  }

  /** Takes one. @returns whether there was one */
  take(now: number): boolean {
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1_000) * perSecond)
    this.#at = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
