import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of random draws. */
export interface Draw {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
}

/**
 * The stream of draws of one named thing (a device, a sky). Every name has a stream of its own, so that adding a
 * device never changes what another one does.
 * @param seed  whole number of the run
 */
export function drawOf(seed: number, name: string): Draw {
  const generator = xoroshiro128plus(createHash('sha256').update(`${seed}/${name}`).digest().readInt32LE())
  const uniform = () => uniformFloat64(generator)
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) }
}

/**
 * One step of a value that wanders around zero with standard deviation one and forgets itself over `memoryS`
 * (Ornstein–Uhlenbeck, exact for any step, so that a coarse step has the same statistics as a fine one).
 * @param dtS      step, s
 * @param memoryS  correlation time, s
 */
export function wander(value: number, draw: Draw, dtS: number, memoryS: number): number {
  const kept = Math.exp(-dtS / memoryS)
  return value * kept + Math.sqrt(1 - kept * kept) * draw.normal()
}

/** A factor around 1 for measurement noise, never further than two standard deviations from it. */
export function noiseFactor(draw: Draw, deviation: number): number {
  return 1 + deviation * clamp(draw.normal(), -2, 2)
}

/** `value`, kept within both bounds. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

/** `value` with that many decimals, as a device shows it. */
export function round(value: number, decimals: number): number {
  const scale = 10 ** decimals
  // adding zero turns −0 into 0
  return Math.round(value * scale) / scale + 0
}
