import type { NetworkElement } from './element.ts'

/** A unit's loss of supply that its meter alone knows of, and where the unit hangs. UTC milliseconds. */
export interface MeterLoss {
  readonly unitId: string
  readonly from: number
  readonly transformerId: string | null
  readonly sectionId: string | null
}

/** What was lost, and when. */
export interface LostElement {
  readonly element: NetworkElement
  readonly takenAt: number
}

/**
 * What units lost that meters alone tell of: several of one transformer at about the same time lost the transformer; where all
 * transformers of a section did, the section; else each unit itself.
 * @param transformers  those of a section that have units with meters
 * @param toleranceMs   so far apart they are still one loss
 * @returns in the order of the losses given
 */
export function lostElements(
  losses: readonly MeterLoss[],
  transformers: ReadonlyMap<string, ReadonlySet<string>>,
  toleranceMs: number,
): LostElement[] {
  const groups = Map.groupBy(losses, ({ sectionId, transformerId, unitId }) =>
    JSON.stringify(sectionId ? ['section', sectionId] : transformerId ? ['transformer', transformerId] : [unitId]),
  )
  const found = new Map(
    [...groups.values()]
      .flatMap((group) => atOnce(group, toleranceMs))
      .flatMap((together) => [...lostTogether(together, transformers)]),
  )
  return losses.map((loss) => found.get(loss)!)
}

/** Losses in order, apart where one comes later than the first by more than the tolerance. */
function atOnce(losses: readonly MeterLoss[], toleranceMs: number): MeterLoss[][] {
  const groups: MeterLoss[][] = []
  const sorted = losses.toSorted((one, other) => one.from - other.from || (one.unitId < other.unitId ? -1 : 1))
  for (const loss of sorted) {
    const last = groups.at(-1)
    if (last && loss.from - last[0]!.from <= toleranceMs) last.push(loss)
    else groups.push([loss])
  }
  return groups
}

/** What units lost that lost supply at once: of one section, of one transformer, or one unit. */
function lostTogether(
  together: readonly MeterLoss[],
  transformers: ReadonlyMap<string, ReadonlySet<string>>,
): Map<MeterLoss, LostElement> {
  const { sectionId, from } = together[0]!
  const byTransformer = Map.groupBy(together, ({ transformerId }) => transformerId)
  const known = sectionId === null ? undefined : transformers.get(sectionId)
  const isSection = known !== undefined && known.size > 1 && [...known].every((id) => byTransformer.has(id))
  return new Map<MeterLoss, LostElement>(
    together.map((loss): [MeterLoss, LostElement] => {
      if (isSection) return [loss, { element: { kind: 'section', id: sectionId! }, takenAt: from }]
      const { transformerId, unitId } = loss
      const units = byTransformer.get(transformerId)!
      return transformerId !== null && units.some((other) => other.unitId !== unitId)
        ? [loss, { element: { kind: 'transformer', id: transformerId }, takenAt: units[0]!.from }]
        : [loss, { element: { kind: 'unit', id: unitId }, takenAt: loss.from }]
    }),
  )
}
