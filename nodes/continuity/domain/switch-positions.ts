import { allPhases, noPhase, type Phases } from '../../../platform/network/model/phases.ts'

/** What is known of how a switch stands: told by its device, or by a person. UTC milliseconds. */
export type PositionEvidence = { readonly at: number; readonly reference: string } & (
  | { readonly kind: 'opened' | 'closed'; readonly phases: Phases | null; readonly cause: string | null }
  | { readonly kind: 'reading'; readonly closed: boolean }
  | { readonly kind: 'person'; readonly closed: Phases; readonly cause: string | null }
)

/** How a switch stands from an instant on. */
export interface SwitchPosition {
  readonly at: number
  readonly closed: Phases
  readonly source: 'event' | 'reading' | 'person'
  readonly reference: string
  readonly cause: string | null
}

/**
 * Operations of one switch, from all that is known of how it stands: every event and every entry of a person; of readings, those
 * by which it stands otherwise than known before. An event of some phases leaves the others as they were.
 * @param before  phases that were closed before; undefined where nothing is known: then as an operation would find it
 */
export function switchPositions(evidence: readonly PositionEvidence[], before: Phases | undefined): SwitchPosition[] {
  let now = before
  const positions: SwitchPosition[] = []
  for (const one of inOrder(evidence)) {
    const closed = closedAfter(one, now)
    const { at, reference } = one
    if (one.kind === 'reading' && closed === now) continue
    now = closed
    if (one.kind === 'reading') positions.push({ at, closed, source: 'reading', reference, cause: null })
    else positions.push({ at, closed, source: one.kind === 'person' ? 'person' : 'event', reference, cause: one.cause })
  }
  return positions
}

function closedAfter(evidence: PositionEvidence, before: Phases | undefined): Phases {
  switch (evidence.kind) {
    case 'person':
      return evidence.closed
    case 'reading':
      // A switch that is open in one phase reports neither.
      return evidence.closed ? allPhases : noPhase
    case 'opened':
      return (before ?? allPhases) & ~(evidence.phases ?? allPhases)
    case 'closed':
      return (before ?? noPhase) | (evidence.phases ?? allPhases)
  }
}

const trust = { reading: 0, opened: 1, closed: 1, person: 2 }

/** In the order in which they hold: of one instant the most trusted one last. */
const inOrder = (evidence: readonly PositionEvidence[]): PositionEvidence[] =>
  evidence.toSorted(
    (one, other) =>
      one.at - other.at || trust[one.kind] - trust[other.kind] || (one.reference < other.reference ? -1 : 1),
  )
