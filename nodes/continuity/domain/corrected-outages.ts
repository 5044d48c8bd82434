import type { UnitOutage } from './interruption.ts'

/** A time of units, against all evidence: with supply, or without. UTC milliseconds. */
export interface CorrectedTime {
  readonly from: number
  readonly until: number
  readonly supplied: boolean
}

/**
 * A unit's outages as corrections leave them, in the order of time: what was said of a time before is gone, and a time without
 * supply is of the interruption that is corrected.
 * @param outages  of one unit; they do not overlap
 */
export function correctedOutages(
  unitId: string,
  outages: readonly UnitOutage[],
  interruptionId: number,
  times: readonly CorrectedTime[],
): UnitOutage[] {
  let pieces = [...outages]
  for (const { from, until, supplied } of times) {
    pieces = pieces.flatMap((piece) => {
      const end = piece.until ?? Infinity
      return [
        ...(piece.from < from ? [{ ...piece, until: end <= from ? piece.until : from }] : []),
        ...(end > until ? [{ ...piece, from: Math.max(piece.from, until) }] : []),
      ]
    })
    if (!supplied) pieces.push({ unitId, interruptionId, from, until })
    pieces = joined(pieces.toSorted((one, other) => one.from - other.from))
  }
  return pieces
}

/** Pieces of one interruption that touch are one. */
function joined(pieces: readonly UnitOutage[]): UnitOutage[] {
  const whole: UnitOutage[] = []
  for (const piece of pieces) {
    const last = whole.at(-1)
    if (last && last.until === piece.from && last.interruptionId === piece.interruptionId)
      whole[whole.length - 1] = { ...last, until: piece.until }
    else whole.push(piece)
  }
  return whole
}
