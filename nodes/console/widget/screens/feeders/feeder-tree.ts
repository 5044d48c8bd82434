/** A feeder where it stands in the tree of the registry. */
export interface TreeRow<Feeder> {
  readonly feeder: Feeder
  /** 0 for one that hangs on no other. */
  readonly depth: number
}

interface Hanging {
  readonly feederId: string
  readonly parentFeederId: string | null
}

/**
 * Feeders as a list in which each follows what it hangs on, those beside each other by name. One whose parent is not there, or that
 * hangs on itself over others, stands as a root: none is ever left out.
 * @param byName  order of feeders beside each other
 */
export function treeOf<Feeder extends Hanging>(
  feeders: readonly Feeder[],
  byName: (one: string, other: string) => number,
): TreeRow<Feeder>[] {
  const known = new Set(feeders.map(({ feederId }) => feederId))
  const sorted = feeders.toSorted((one, other) => byName(one.feederId, other.feederId))
  const below = Map.groupBy(sorted, ({ parentFeederId }) =>
    parentFeederId !== null && known.has(parentFeederId) ? parentFeederId : null,
  )
  const rows: TreeRow<Feeder>[] = []
  const placed = new Set<string>()
  const place = (feeder: Feeder, depth: number): void => {
    if (placed.has(feeder.feederId)) return
    placed.add(feeder.feederId)
    rows.push({ feeder, depth })
    for (const child of below.get(feeder.feederId) ?? []) place(child, depth + 1)
  }
  for (const root of below.get(null) ?? []) place(root, 0)
  for (const feeder of sorted) place(feeder, 0)
  return rows
}
