import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A seeded stream of draws. */
export interface Draws {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Of a gamma distribution with a mean of `shape / rate`. */
  gamma(shape: number, rate: number): number
  /** One of these, each as likely. @throws RangeError without any */
  oneOf<T>(values: readonly T[]): T
}

/** @param seed  the same seed gives the same draws */
export function drawsOf(seed: number): Draws {
  // Neighbouring seeds are to have nothing to do with each other.
  const generator = xoroshiro128plus(Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) ^ 0x5bd1e995)
  const uniform = (): number => uniformFloat64(generator)
  let spare: number | undefined
  /** Box and Muller: two at a time. */
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
  /** Marsaglia and Tsang 2000; below a shape of 1 by the one above it. */
  const standardGamma = (shape: number): number => {
    if (shape < 1) return standardGamma(shape + 1) * (1 - uniform()) ** (1 / shape)
    const d = shape - 1 / 3
    for (;;) {
      const x = normal()
      const v = (1 + x / Math.sqrt(9 * d)) ** 3
      if (v > 0 && Math.log(1 - uniform()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
    }
  }
  return {
    uniform,
    normal,
    gamma(shape, rate) {
      if (!(shape > 0 && rate > 0)) throw new RangeError(`gamma distribution of shape ${shape} and rate ${rate}`)
      return standardGamma(shape) / rate
    },
    oneOf<T>(values: readonly T[]): T {
      if (values.length === 0) throw new RangeError('nothing to draw from')
      return values[Math.floor(uniform() * values.length)]!
    },
  }
}
