/** Units that lost supply through one loss and got it back together. */
export interface UnitGroup {
  readonly loss: string
  /** What was lost. */
  readonly element: string
  readonly takenAt: number
  /** UTC milliseconds; null: it lasts. */
  readonly until: number | null
}

/** An interruption as it stands. */
export interface KnownInterruption extends UnitGroup {
  readonly interruptionId: number
  /** Whether nobody else needs it: all its units are being computed again. */
  readonly free: boolean
}

/**
 * Which interruption each group is, so that it keeps its number: the one of the same loss that ended then; else one of the same
 * loss that lasted, or had another end; else the one that most of its units were in; else one of the same element near in time.
 * @param votes  of a group (by its place), how many of its units were in which interruption
 * @returns by the group's place; those missing are new
 */
export function matchInterruptions(
  groups: readonly UnitGroup[],
  known: readonly KnownInterruption[],
  votes: ReadonlyMap<number, ReadonlyMap<number, number>>,
  toleranceMs: number,
): Map<number, number> {
  const left = new Map(known.map((one) => [one.interruptionId, one]))
  const byLoss = Map.groupBy(known, ({ loss }) => loss)
  const byElement = Map.groupBy(known, ({ element }) => element)
  const matched = new Map<number, number>()
  /** Pairs groups with interruptions that are left, those of the greatest worth first. */
  const pair = (
    candidates: (group: UnitGroup, place: number) => readonly KnownInterruption[] | undefined,
    worthOf: (group: UnitGroup, one: KnownInterruption, place: number) => number | undefined,
  ): void => {
    const pairs = [...groups.entries()]
      .filter(([place]) => !matched.has(place))
      .flatMap(([place, group]) =>
        (candidates(group, place) ?? []).flatMap((one) => {
          const worth = left.has(one.interruptionId) ? worthOf(group, one, place) : undefined
          return worth === undefined ? [] : [{ place, id: one.interruptionId, worth }]
        }),
      )
      .toSorted((one, other) => other.worth - one.worth || one.id - other.id || one.place - other.place)
    for (const { place, id } of pairs) {
      if (matched.has(place) || !left.has(id)) continue
      matched.set(place, id)
      left.delete(id)
    }
  }
  const ofLoss = ({ loss }: UnitGroup) => byLoss.get(loss)
  const voted = (_: UnitGroup, place: number) =>
    [...(votes.get(place)?.keys() ?? [])].flatMap((id) => left.get(id) ?? [])
  pair(ofLoss, (group, one) => (group.until === one.until ? 1 : undefined))
  pair(ofLoss, (group, one) => (isNear(group.until, one.until, toleranceMs) ? 1 : undefined))
  // What lasts longest is what it was.
  pair(ofLoss, (group, one) => (one.free ? (group.until ?? Infinity) : undefined))
  pair(voted, (_, one, place) => (one.free ? votes.get(place)?.get(one.interruptionId) : undefined))
  pair(
    ({ element }) => byElement.get(element),
    (group, one) => (one.free && overlap(group, one) ? -Math.abs(group.takenAt - one.takenAt) : undefined),
  )
  return matched
}

const isNear = (one: number | null, other: number | null, toleranceMs: number): boolean =>
  one !== null && other !== null && Math.abs(one - other) <= toleranceMs

const overlap = (one: UnitGroup, other: UnitGroup): boolean =>
  one.takenAt < (other.until ?? Infinity) && other.takenAt < (one.until ?? Infinity)
