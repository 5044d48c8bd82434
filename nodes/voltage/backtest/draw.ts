import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of random draws, the same for the same seed. */
export interface Draw {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Exponential of mean one. */
  wait(): number
  between(low: number, high: number): number
}

/** @param seed  whole number; neighbouring ones give streams that have nothing to do with each other */
export function drawOf(seed: number): Draw {
  const generator = xoroshiro128plus(Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) ^ 0x5bd1e995)
  const uniform = () => uniformFloat64(generator)
  const wait = () => -Math.log(1 - uniform())
  return {
    uniform,
    normal: () => Math.sqrt(2 * wait()) * Math.cos(2 * Math.PI * uniform()),
    wait,
    between: (low, high) => low + (high - low) * uniform(),
  }
}

/** One step of a value that wanders around zero with deviation one and forgets itself within `steps`. */
export function wander(value: number, draw: Draw, steps: number): number {
  const kept = Math.exp(-1 / steps)
  return value * kept + Math.sqrt(1 - kept * kept) * draw.normal()
}
