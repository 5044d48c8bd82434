import type { Direction } from '../allocation/problem.ts'
import type { BaselinePart } from './baseline.ts'

const hourMs = 3_600_000
/** A part of which less was measured says nothing. */
const leastCoverage = 0.5

/** What was measured in a part of an event. */
export interface MeasuredPart {
  /** Mean power, kW; null: nothing was measured. */
  readonly actualKw: number | null
  /** Share of the part that was measured, 0 … 1. */
  readonly coverage: number
}

export interface Delivered {
  readonly baselineKwh: number
  readonly actualKwh: number
  /** Energy that was given up, kWh ≥ 0. */
  readonly deliveredKwh: number
  readonly coverage: number
}

/**
 * The energy that was given up in an event: baseline less what was taken, hour by hour, what was taken more in one hour against what
 * was taken less in another; nothing where it was more in all. Of a limit for export it is what was fed in less.
 * @returns why nobody can say, where too little was measured
 */
export function deliveredIn(
  parts: readonly Pick<BaselinePart, 'from' | 'to' | 'baselineKw'>[],
  measured: readonly MeasuredPart[],
  direction: Direction,
): Delivered | { readonly reason: string; readonly coverage: number } {
  const hoursOf = ({ from, to }: { readonly from: number; readonly to: number }): number => (to - from) / hourMs
  const hours = parts.reduce((sum, part) => sum + hoursOf(part), 0)
  const coverage = parts.reduce((sum, part, index) => sum + measured[index]!.coverage * hoursOf(part), 0) / hours
  let [baselineKwh, actualKwh] = [0, 0]
  for (const [index, part] of parts.entries()) {
    const { actualKw, coverage: measuredShare } = measured[index]!
    if (actualKw === null || measuredShare < leastCoverage)
      return {
        reason: `only ${Math.floor(measuredShare * 100)} % of hour ${index + 1} of the event was measured`,
        coverage,
      }
    baselineKwh += part.baselineKw * hoursOf(part)
    actualKwh += actualKw * hoursOf(part)
  }
  const givenUp = direction === 'import' ? baselineKwh - actualKwh : actualKwh - baselineKwh
  return { baselineKwh, actualKwh, deliveredKwh: Math.max(0, givenUp), coverage }
}
