import { type Neighbour, reachedFrom, standing } from '../../../platform/network/model/energisation.ts'
import type { Network, Source } from '../../../platform/network/model/network.ts'
import { allPhases, noPhase, type Phases } from '../../../platform/network/model/phases.ts'
import type { Intended } from './interlock.ts'
import type { Surroundings } from './surroundings.ts'

/** Sections that hang together: phases by section. */
export type Island = ReadonlyMap<string, Phases>

/** What a command would join by closing a switch, or the breaker at a source. */
export interface Closing {
  /** The sections that it closes onto: two of a switch, one of a source. */
  readonly onto: readonly Neighbour[]
  /** What hangs together with each of them before, in their order: the element itself taken as open. */
  readonly before: readonly Island[]
  /** All that would hang together then. */
  readonly joined: Island
  /** Some of that has supply then, or may have. */
  readonly isSupplied: boolean
}

/**
 * What would hang together if a command were done, as switches stand or may stand.
 * @returns undefined where it closes nothing that supply goes through
 */
export function closingOf({ deviceId, type }: Intended, { network, mayBeClosed }: Surroundings): Closing | undefined {
  const onto = type === 'close' ? endsOf(network, deviceId) : []
  if (onto.length === 0) return undefined
  const without = standing(network, new Map([...mayBeClosed, [deviceId, noPhase]]))
  const after = standing(network, new Map([...mayBeClosed, [deviceId, onto[0]!.phases]]))
  const joined = reachedFrom(after, onto)
  return {
    ...{ onto, joined },
    before: onto.map((end) => reachedFrom(without, [end])),
    isSupplied: sourcesOf(after, joined).length > 0,
  }
}

/** The sections of a switch, or the one of a source; none of whatever is neither. */
export function endsOf({ switches, sources }: Network, elementId: string): readonly Neighbour[] {
  const one = switches.find(({ switchId }) => switchId === elementId)
  if (one) return [one.sectionA, one.sectionB].map((sectionId) => ({ sectionId, phases: one.phases }))
  return sources
    .filter(({ sourceId }) => sourceId === elementId)
    .map(({ sectionId, phases }) => ({ sectionId, phases }))
}

/** Sources that feed any of these sections in any of these phases. @param now  a network that stands as it is given */
export const sourcesOf = ({ sources }: Network, island: Island): readonly Source[] =>
  sources.filter(({ sectionId, phases }) => ((island.get(sectionId) ?? noPhase) & phases) !== noPhase)

/** What hangs together with a section, as switches stand or may stand. */
export const islandAt = ({ network, mayBeClosed }: Surroundings, sectionIds: readonly string[]): Island =>
  reachedFrom(
    standing(network, mayBeClosed),
    sectionIds.map((sectionId) => ({ sectionId, phases: allPhases })),
  )
