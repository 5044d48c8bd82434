/** A loss of supply: through what, and when (UTC milliseconds). */
export interface Loss {
  readonly elementId: string
  readonly takenAt: number
}

/** When a section was without supply through a loss. */
export interface LossOfSection extends Loss {
  readonly sectionId: string
  readonly from: number
  /** Null: it lasts. */
  readonly until: number | null
}

export const keyOfLoss = ({ elementId, takenAt }: Loss): string => `${elementId}@${takenAt}`

/**
 * The first loss of the event that each loss is a part of. A loss is a part of one that is not over yet, when it takes supply
 * from a section that had lost it in that event, or takes over a section without a gap: switching that follows a fault. Others
 * begin an event.
 * @param outages  those to be rooted, and all of the events that they may be a part of
 * @param known    roots that stand already, by `keyOfLoss`
 * @returns root by `keyOfLoss`
 */
export function eventRoots(outages: readonly LossOfSection[], known: ReadonlyMap<string, Loss>): Map<string, Loss> {
  const roots = new Map(known)
  const sorted = outages.toSorted((one, other) => one.from - other.from || (one.sectionId < other.sectionId ? -1 : 1))
  const losses = Map.groupBy(sorted, keyOfLoss)
  for (const [key, sections] of losses) {
    if (roots.has(key)) continue
    const { elementId, takenAt } = sections[0]!
    roots.set(key, rootOf({ elementId, takenAt }, sections, sorted, roots))
  }
  return roots
}

function rootOf(
  loss: Loss,
  sections: readonly LossOfSection[],
  outages: readonly LossOfSection[],
  roots: ReadonlyMap<string, Loss>,
): Loss {
  const lost = new Set(sections.map(({ sectionId }) => sectionId))
  const { takenAt } = loss
  const earlier = outages.filter(({ from, ...other }) => from < takenAt && roots.has(keyOfLoss(other)))
  const lasting = new Set(
    earlier
      .filter(({ until }) => until === null || until >= takenAt)
      .map((outage) => keyOfLoss(roots.get(keyOfLoss(outage))!)),
  )
  const before = earlier.find((outage) => {
    const root = roots.get(keyOfLoss(outage))!
    return lost.has(outage.sectionId) && lasting.has(keyOfLoss(root))
  })
  return before ? roots.get(keyOfLoss(before))! : loss
}
