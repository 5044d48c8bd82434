import { setTimeout as delay } from 'node:timers/promises'
import type { FieldMessageKind } from '../../../platform/wire/contract.ts'

/** A message of the device, as it came. */
export interface Said {
  readonly kind: FieldMessageKind
  readonly payload: string
  readonly qos: 0 | 1 | 2
  /** The broker had kept it. */
  readonly retained: boolean
  /** UTC milliseconds by our clock. */
  readonly at: number
}

const mostSaid = 20_000

/** What a device says, from when we began to listen. */
export class Hearing {
  readonly #said: Said[] = []
  readonly #waiting = new Set<() => void>()

  /** @throws Error where a device says more than anybody can judge */
  hear(said: Said): void {
    if (this.#said.length >= mostSaid) throw new Error(`the device has said more than ${mostSaid} things`)
    this.#said.push(said)
    for (const look of this.#waiting) look()
  }

  /** A place in what is said: what comes after it is new. */
  get mark(): number {
    return this.#said.length
  }

  since(mark: number): readonly Said[] {
    return this.#said.slice(mark)
  }

  /**
   * The first thing said since a mark that fits, waited for.
   * @param fits  what is made of it and its place; undefined: it does not fit
   * @returns undefined: not in time
   */
  async first<T>(
    mark: number,
    fits: (said: Said, place: number) => T | undefined,
    withinMs: number,
  ): Promise<T | undefined> {
    const found = Promise.withResolvers<T | undefined>()
    let next = mark
    const look = (): void => {
      for (; next < this.#said.length; next++) {
        const fit = fits(this.#said[next]!, next)
        if (fit !== undefined) return found.resolve(fit)
      }
    }
    const patience = new AbortController()
    this.#waiting.add(look)
    look()
    const over = delay(withinMs, undefined, { signal: patience.signal }).catch(() => undefined)
    const first = await Promise.race([found.promise, over])
    patience.abort()
    this.#waiting.delete(look)
    return first
  }
}
