import { energised, neighboursIn, type Positions, standing } from './energisation.ts'
import type { Network, Source } from './network.ts'
import { allPhases, noPhase, type Phases } from './phases.ts'

/** Where the supply of a section comes from, in which phases. */
export interface Feeding {
  /** The one that is the fewest switches away; of several the first by name. */
  readonly source: Source
  readonly phases: Phases
}

/**
 * What supplies each section at an instant, as switches stand: the present feeder of a section that a tie carried over is
 * the other one. Sections without supply are missing.
 */
export function suppliedBy(network: Network, positions: Positions): Map<string, Feeding> {
  const now = standing(network, positions)
  const neighbours = neighboursIn(now)
  const feedings = new Map<string, Feeding>()
  const supplied = energised(network, positions)
  const brought = new Map<string, Phases>()
  let reached = now.sources
    .filter(({ phases }) => phases !== noPhase)
    .toSorted((one, other) => (one.sourceId < other.sourceId ? -1 : 1))
    .map((source) => ({ sectionId: source.sectionId, phases: source.phases, source }))
  while (reached.length > 0) {
    const next: typeof reached = []
    for (const { sectionId, phases, source } of reached) {
      const had = brought.get(sectionId) ?? noPhase
      const fresh = phases & ~had
      if (fresh === noPhase) continue
      brought.set(sectionId, had | fresh)
      if (had === noPhase) feedings.set(sectionId, { source, phases: supplied.get(sectionId) ?? noPhase })
      for (const { sectionId: onwards, phases: passing } of neighbours.get(sectionId) ?? [])
        if ((fresh & passing) !== noPhase) next.push({ sectionId: onwards, phases: fresh & passing, source })
    }
    reached = next
  }
  return feedings
}

/**
 * What would lose supply if a switch, or a source, were opened as the network stands: phases by section. Empty for one
 * that is open, or in a loop.
 */
export function downstreamOf(network: Network, positions: Positions, elementId: string): Map<string, Phases> {
  const without = energised(network, new Map([...positions, [elementId, noPhase]]))
  return new Map(
    [...energised(network, positions)]
      .map(([section, phases]) => [section, phases & ~(without.get(section) ?? noPhase)] as const)
      .filter(([, phases]) => phases !== noPhase),
  )
}

/** What would get supply if a switch, or a source, were closed in all its phases as the network stands: phases by section. */
export function suppliedWith(network: Network, positions: Positions, elementId: string): Map<string, Phases> {
  const before = energised(network, positions)
  return new Map(
    [...energised(network, new Map([...positions, [elementId, allPhases]]))]
      .map(([section, phases]) => [section, phases & ~(before.get(section) ?? noPhase)] as const)
      .filter(([, phases]) => phases !== noPhase),
  )
}
