import type { Direction, FeederLimit, Line } from './allocation/problem.ts'
import type { ByLine } from './by-line.ts'

/** A limit in force that the head of its feeder was measured beyond. */
export interface Breach {
  readonly feederId: string
  readonly line: Line
  readonly direction: Direction
  /** What was measured that way, kW ≥ 0. */
  readonly measuredKw: number
  readonly limitKw: number
  readonly source: string
}

/** Limits that what flows into feeders goes beyond. @param headKw  by feeder, as its head was measured */
export const breaches = (
  feeders: readonly { readonly feederId: string; readonly limits: readonly FeederLimit[] }[],
  headKw: ReadonlyMap<string, ByLine>,
): Breach[] =>
  feeders.flatMap(({ feederId, limits }) => {
    const measured = headKw.get(feederId)
    if (!measured) return []
    return limits.flatMap(({ line, direction, limitKw, source }) => {
      const measuredKw = direction === 'import' ? measured[line] : -measured[line]
      return measuredKw > limitKw ? [{ feederId, line, direction, measuredKw, limitKw, source }] : []
    })
  })
