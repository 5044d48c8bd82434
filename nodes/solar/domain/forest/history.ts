import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { PanelSample } from '../plant.ts'

/** Samples that a forest is grown from and its threshold taken of: 200 trees draw 51,200 at most. */
const mostKept = 50_000
const dayMs = 24 * 60 * 60_000

/**
 * What is kept of a history that may be longer than memory: samples drawn evenly from all of it (Vitter 1985, algorithm R), the same
 * for the same seed and order; and how much there was.
 */
export class KeptHistory {
  readonly #kept: PanelSample[] = []
  readonly #days = new Set<number>()
  readonly #draw: () => number
  readonly #most: number
  #seen = 0

  /** @param most  samples to keep */
  constructor(seed: number, most = mostKept) {
    const generator = xoroshiro128plus(seed)
    this.#draw = () => uniformFloat64(generator)
    this.#most = most
  }

  get kept(): readonly PanelSample[] {
    return this.#kept
  }

  /** Samples that there were; those that nothing is known of do not count. */
  get seen(): number {
    return this.#seen
  }

  /** Days of UTC that had any. */
  get days(): number {
    return this.#days.size
  }

  take(sample: PanelSample): void {
    const { temperatureC, voltageV, currentA, powerW } = sample
    if (temperatureC === null && voltageV === null && currentA === null && powerW === null) return
    this.#days.add(Math.floor(sample.at / dayMs))
    const place = this.#seen < this.#most ? this.#seen : Math.floor(this.#draw() * (this.#seen + 1))
    if (place < this.#most) this.#kept[place] = sample
    this.#seen++
  }
}
