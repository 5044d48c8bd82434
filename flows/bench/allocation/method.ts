import type { Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import type { ObservedDevice } from '../../../nodes/feeders/domain/observed-device.ts'

/** What a controller knows of a car beyond the problem of this interval: what its driver has said, and what it has got so far. */
export interface Car {
  readonly deviceId: string
  /** UTC milliseconds. */
  readonly arrival: number
  readonly departure: number
  readonly remainingKwh: number
  readonly maxKw: number
}

export interface Shares {
  /** Setpoints by device, kW, whole steps; who is missing gets 0. */
  readonly powerKw: ReadonlyMap<string, number>
  /** The same before they were made whole steps, on request; null where the method does not tell. */
  readonly beforeRounding: (() => ReadonlyMap<string, number>) | null
  /** Machine time of the solver alone, ms, where it runs elsewhere. */
  readonly solverMs?: number
  /** Why another method had to answer. */
  readonly fallback?: string
}

/** A way of sharing. It knows nothing of who is yet to come. */
export interface Method {
  readonly name: string
  share(problem: Problem, cars: readonly Car[], observed: ReadonlyMap<string, ObservedDevice>): Promise<Shares>
}

/** The greatest whole number of steps within some power, kW; what floating point has put a hair below a step counts as the step. */
export function wholeSteps(kw: number, stepKw: number): number {
  return withoutDust(Math.floor(kw / stepKw + 1e-9) * stepKw)
}

/** 3 × 0.1 is 0.3. */
const withoutDust = (kw: number): number => Math.round(kw * 1e9) / 1e9
