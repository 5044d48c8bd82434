/** Units' pieces of one loss. */
export interface LossPiece {
  /** Names the loss. */
  readonly loss: string
  readonly until: number | null
}

/**
 * Units that lost supply together are one interruption for as long as they get it back together: ends that differ by no more
 * than clocks do are one.
 * @returns for each piece the end of its group: the last one in it; null: it lasts
 */
export function commonEnds(pieces: readonly LossPiece[], toleranceMs: number): (number | null)[] {
  const ends = new Map<string, Map<number, number>>()
  for (const [loss, those] of Map.groupBy(pieces, (piece) => piece.loss)) {
    const sorted = [...new Set(those.flatMap(({ until }) => until ?? []))].toSorted((one, other) => one - other)
    const common = new Map<number, number>()
    for (let first = 0; first < sorted.length;) {
      let after = first
      while (after < sorted.length && sorted[after]! - sorted[first]! <= toleranceMs) after++
      for (; first < after; first++) common.set(sorted[first]!, sorted[after - 1]!)
    }
    ends.set(loss, common)
  }
  return pieces.map(({ loss, until }) => (until === null ? null : ends.get(loss)!.get(until)!))
}
