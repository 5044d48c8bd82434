import type { UnitOutage } from './interruption.ts'

/** Shorter interruptions do not count (PRODIST Módulo 8 v14, item 177): one of exactly three minutes does. */
export const leastOutageMs = 180_000

/** How pieces without supply become outages: the options `continuity-short-outages` and `continuity-restored-briefly`. */
export interface OutageChoices {
  readonly 'continuity-short-outages': 'contiguous-whole' | 'each-piece'
  readonly 'continuity-restored-briefly': 'separate' | 'joined'
}

/** A stretch of an outage that is of one interruption. Instants are UTC milliseconds. */
export interface OutagePiece {
  readonly interruptionId: number
  readonly from: number
  /** Where it lasts: now. */
  readonly until: number
}

/** A unit's time without supply, from when it lost it until it had it again: one occurrence, of one interruption or more. */
export interface Outage {
  readonly from: number
  readonly until: number
  /** In the order of time, one where the other ended. */
  readonly pieces: readonly OutagePiece[]
}

/**
 * The outages of a unit that count: of three minutes or more. It does not matter in which order pieces come, nor how often;
 * of two that overlap the later one begins where the earlier ended.
 * @param pieces  of one unit
 * @param now     until when those that last are counted, UTC milliseconds
 */
export function outagesOf(pieces: readonly UnitOutage[], now: number, choices: OutageChoices): Outage[] {
  const outages: { from: number; until: number; pieces: { interruptionId: number; from: number; until: number }[] }[] =
    []
  for (const piece of disjoint(pieces, now)) {
    const outage = outages.at(-1)
    if (outage && goesOn(piece.from - outage.until, choices)) {
      // What was restored too briefly to count was not restored.
      outage.pieces.at(-1)!.until = piece.from
      outage.pieces.push(piece)
      outage.until = piece.until
    } else outages.push({ from: piece.from, until: piece.until, pieces: [piece] })
  }
  return outages.filter(({ from, until }) => until - from >= leastOutageMs)
}

const goesOn = (gapMs: number, choices: OutageChoices): boolean =>
  gapMs === 0
    ? choices['continuity-short-outages'] === 'contiguous-whole'
    : gapMs < leastOutageMs && choices['continuity-restored-briefly'] === 'joined'

function disjoint(
  pieces: readonly UnitOutage[],
  now: number,
): { interruptionId: number; from: number; until: number }[] {
  const ended = pieces.map(({ interruptionId, from, until }) => ({ interruptionId, from, until: until ?? now }))
  ended.sort((a, b) => a.from - b.from || a.interruptionId - b.interruptionId || a.until - b.until)
  const kept: typeof ended = []
  let covered = -Infinity
  for (const piece of ended) {
    if (piece.until <= Math.max(piece.from, covered)) continue
    kept.push({ ...piece, from: Math.max(piece.from, covered) })
    covered = piece.until
  }
  return kept
}
