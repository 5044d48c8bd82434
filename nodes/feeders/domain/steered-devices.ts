import type { Phase } from './allocation/problem.ts'
import { nothing, onPhases, plus, type ByLine } from './by-line.ts'

/** What a device that follows setpoints does, for telling it from what nobody steers. */
export interface SteeredDevice {
  readonly deviceId: string
  readonly feederId: string
  readonly phases: readonly Phase[]
  /** The newest that was measured of it, kW at its terminals; of one that never reported 0. */
  readonly powerKw: number
  /** As what it is counted where it does not hear us, kW; null: it hears. */
  readonly lostBetween: { readonly lowKw: number; readonly highKw: number } | null
}

/** What is taken off a measurement for devices, kW. */
export interface Steered {
  readonly steeredKw: ByLine
  /** By how much more it may be of those that do not hear us. */
  readonly unsureKw: ByLine
}

/**
 * What devices take together. One that does not hear us is counted at more than it may take, or at less: taken off is the least of
 * what was measured and what it counts as, so that it is never taken off without being counted.
 */
export function steeredOn(devices: readonly SteeredDevice[]): Steered {
  let [steeredKw, unsureKw] = [nothing, nothing]
  for (const { phases, powerKw, lostBetween } of devices) {
    const [least, most] = lostBetween
      ? [Math.min(powerKw, lostBetween.highKw), Math.max(powerKw, lostBetween.lowKw)]
      : [powerKw, powerKw]
    steeredKw = plus(steeredKw, onPhases(least, phases))
    unsureKw = plus(unsureKw, onPhases(most - least, phases))
  }
  return { steeredKw, unsureKw }
}
