import type { LiveInterruption } from '../../../../../platform/wire/live.ts'

/** Interruptions that last, and what they come to together. */
export interface OpenInterruptions {
  /** Whom to restore first, first; those that nobody has ranked yet by the units out. */
  readonly items: readonly LiveInterruption[]
  readonly unitsOut: number
  /** What restoring them as estimated, and not later, saves, R$. */
  readonly avoidedBrl: number
  /** Of some of it nothing is known in R$ yet: it is more. */
  readonly isAtLeast: boolean
}

export function openInterruptions(interruptions: Iterable<LiveInterruption>): OpenInterruptions {
  const items = [...interruptions]
    .filter(({ endedAt }) => endedAt === null)
    .toSorted(
      (one, other) =>
        (one.outlook?.rank ?? Infinity) - (other.outlook?.rank ?? Infinity) ||
        other.unitsOut - one.unitsOut ||
        one.interruptionId - other.interruptionId,
    )
  return {
    items,
    unitsOut: items.reduce((sum, { unitsOut }) => sum + unitsOut, 0),
    avoidedBrl: items.reduce((sum, { outlook }) => sum + (outlook?.avoidedBrl ?? 0), 0),
    isAtLeast: items.some(({ outlook }) => outlook === null || outlook.pendingUnits > 0),
  }
}
