import { percentile } from '../statistics.ts'
import type { ChargingRun } from './charging.ts'
import type { Session } from './sessions.ts'

/** How a method did on one scenario. */
export interface Measures {
  readonly method: string
  readonly deliveredKwh: number
  /** Of all that was asked for, and of what the offline optimum delivers. */
  readonly ofRequested: number
  readonly ofOptimum: number
  /** Jain's index of the shares of their request that sessions got: 1 where all got the same share, 1/n where one got all. */
  readonly jain: number
  readonly violations: number
  readonly violationsBeforeRounding: number | null
  /** Times a car is switched on or off within an hour, while it is plugged in and not full. */
  readonly switchesPerHour: number
  readonly p50Ms: number | undefined
  readonly p99Ms: number | undefined
  readonly fallbacks: Readonly<Record<string, number>>
}

export function measure(method: string, run: ChargingRun, sessions: readonly Session[], optimumKwh: number): Measures {
  const deliveredKwh = sum(run.deliveredKwh.values())
  return {
    ...{ method, deliveredKwh },
    ofRequested: deliveredKwh / sum(sessions.map(({ energyKwh }) => energyKwh)),
    ofOptimum: optimumKwh > 0 ? deliveredKwh / optimumKwh : 1,
    jain: jainsIndex(sessions.map(({ id, energyKwh }) => (run.deliveredKwh.get(id) ?? 0) / energyKwh)),
    violations: run.violations,
    violationsBeforeRounding: run.violationsBeforeRounding,
    switchesPerHour: run.carHours > 0 ? run.switches / run.carHours : 0,
    p50Ms: percentile(run.shareMs, 0.5),
    p99Ms: percentile(run.shareMs, 0.99),
    fallbacks: run.fallbacks,
  }
}

/** (Σx)² / (n Σx²); 1 where there is nothing to share. Jain, Chiu, Hawe: DEC-TR-301, 1984. */
export function jainsIndex(shares: readonly number[]): number {
  const squares = sum(shares.map((share) => share * share))
  return squares === 0 ? 1 : sum(shares) ** 2 / (shares.length * squares)
}

const sum = (of: Iterable<number>): number => {
  let all = 0
  for (const one of of) all += one
  return all
}
