import type { Network } from './network.ts'
import { noPhase, type Phases } from './phases.ts'

/** Phases that are closed, by switch or source; what is not named stands as it does normally. */
export type Positions = ReadonlyMap<string, Phases>

/** Phases that go through: of a switch from one section to the other, of a source into its section. */
export function standing({ sources, switches }: Network, positions: Positions): Network {
  return {
    sources: sources.map((each) => ({ ...each, phases: each.phases & (positions.get(each.sourceId) ?? each.phases) })),
    switches: switches.map((each) => ({
      ...each,
      phases: each.phases & (positions.get(each.switchId) ?? (each.normallyClosed ? each.phases : noPhase)),
    })),
  }
}

/** A section that a switch leads to, in the phases that go through it. */
export interface Neighbour {
  readonly sectionId: string
  readonly phases: Phases
}

/** What each section is joined with, in a network that stands as it is given. */
export function neighboursIn({ switches }: Network): ReadonlyMap<string, readonly Neighbour[]> {
  const both = switches
    .filter(({ phases }) => phases !== noPhase)
    .flatMap(({ sectionA, sectionB, phases }) => [
      { of: sectionA, sectionId: sectionB, phases },
      { of: sectionB, sectionId: sectionA, phases },
    ])
  return Map.groupBy(both, ({ of }) => of)
}

/** Which phases of which sections have supply, by section; those without any are missing. */
export function energised(network: Network, positions: Positions): Map<string, Phases> {
  const now = standing(network, positions)
  return reachedFrom(now, now.sources)
}

/**
 * What hangs together with these sections in these phases, themselves included: phases by section.
 * @param now  a network that stands as it is given
 */
export function reachedFrom(now: Network, from: readonly Neighbour[]): Map<string, Phases> {
  const neighbours = neighboursIn(now)
  const has = new Map<string, Phases>()
  const reached = from.map(({ sectionId, phases }) => ({ sectionId, phases }))
  for (let next = reached.pop(); next; next = reached.pop()) {
    const before = has.get(next.sectionId) ?? noPhase
    const after = before | next.phases
    if (before === after) continue
    has.set(next.sectionId, after)
    for (const { sectionId, phases } of neighbours.get(next.sectionId) ?? [])
      if ((after & phases) !== noPhase) reached.push({ sectionId, phases: after & phases })
  }
  return has
}
