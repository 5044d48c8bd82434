/** How a feeder is drawn: a tree of its sections, from the source on, as switches stand normally; and what is amiss with each. */

/** As the registry has them now. Phases as `ABC`. */
export interface NetworkSource {
  readonly sourceId: string
  readonly sectionId: string
  readonly feederId: string | null
  readonly phases: string
}
export interface NetworkSwitch {
  readonly switchId: string
  readonly sectionA: string
  readonly sectionB: string
  readonly normallyClosed: boolean
  readonly phases: string
}
/** What supplies a section now, as switches stand. */
export interface SuppliedSection {
  readonly sectionId: string
  /** Those with supply; empty: none. */
  readonly phases: string
  readonly feederId: string | null
  readonly units: number
}

export interface FeederNetwork {
  readonly sources: readonly NetworkSource[]
  readonly switches: readonly NetworkSwitch[]
  readonly sections: ReadonlyMap<string, SuppliedSection>
  /** Phases in which a switch (or a source) is closed now, where anything was heard of it; else it stands normally. */
  readonly positions: ReadonlyMap<string, string>
}

export type SupplyState = 'supplied' | 'out' | 'partial' | 'elsewhere' | 'unknown'

/** A switch as it is drawn. */
export interface DrawnSwitch {
  readonly switchId: string
  readonly position: 'closed' | 'open' | 'partial'
  readonly isNormal: boolean
}

/** A section as it is drawn. */
export interface DrawnSection {
  readonly sectionId: string
  readonly parent: string | null
  /** Through what it is reached; of the first one its source. */
  readonly via: DrawnSwitch
  /** Place in the drawing: columns from the source on, rows from the top. */
  readonly column: number
  readonly row: number
  readonly state: SupplyState
  readonly supply: SuppliedSection | undefined
}

/** A tie, normally open, to what another tree supplies. */
export interface DrawnTie {
  readonly tie: DrawnSwitch
  readonly from: string
  readonly to: string
  readonly column: number
  readonly row: number
}

export interface OneLine {
  readonly sections: readonly DrawnSection[]
  readonly ties: readonly DrawnTie[]
  readonly columns: number
  readonly rows: number
  /** Sections of the feeder that are not drawn: all of them as they should be, unless there is too much amiss. */
  readonly hidden: number
}

interface Branch {
  readonly sectionId: string
  readonly parent: string | null
  readonly through: { readonly switchId: string; readonly phases: string; readonly normallyClosed: boolean }
  /** Phases that it has when all stands normally. */
  readonly phases: string
  readonly children: Branch[]
}

/**
 * Lays out a feeder: the first branch goes straight on, each further one a row below.
 * @param most  sections to draw at most; of a larger feeder those are drawn that are not as they should be, and the way to them
 */
export function oneLineOf(network: FeederNetwork, feederId: string, most = 60): OneLine {
  const roots = rootsOf(network.sources, feederId)
  const branches = grow(roots, network.switches)
  const wanted = branches.length > most ? pathsToFaults(branches, network, feederId, most) : undefined
  const places = new Map<string, { column: number; row: number }>()
  const sections: DrawnSection[] = []
  const ties: DrawnTie[] = []
  const tiesAt = tiesBySection(network.switches)
  let rows = 0

  function place(branch: Branch, column: number, row: number): void {
    const { sectionId, parent, through } = branch
    places.set(sectionId, { column, row })
    const supply = network.sections.get(sectionId)
    sections.push({
      ...{ sectionId, parent, column, row, supply, via: standingOf(through, network.positions) },
      state: stateOf(branch, supply, feederId),
    })
    const children = branch.children.filter((child) => wanted?.has(child.sectionId) ?? true)
    let straight: number | undefined = row
    const nextRow = (): number => {
      const next = straight ?? ++rows
      straight = undefined
      return next
    }
    for (const child of children) place(child, column + 1, nextRow())
    for (const tie of tiesAt.get(sectionId) ?? []) {
      const to = tie.sectionA === sectionId ? tie.sectionB : tie.sectionA
      // Within one tree it is drawn once.
      if (places.has(to)) continue
      ties.push({
        ...{ from: sectionId, to, column: column + 1, row: nextRow() },
        tie: standingOf(tie, network.positions),
      })
    }
  }
  for (const root of roots) {
    place(root, 0, rows)
    rows++
  }
  const columns = Math.max(0, ...sections.map(({ column }) => column + 1), ...ties.map(({ column }) => column + 1))
  return { sections, ties, columns, rows, hidden: branches.length - sections.length }
}

/** The switches of a feeder and the ties at it, and its sources: what its drawing shows as closed or open. */
export function switchesOfFeeder(
  { sources, switches }: Pick<FeederNetwork, 'sources' | 'switches'>,
  feederId: string,
): string[] {
  const branches = grow(rootsOf(sources, feederId), switches)
  const within = new Set(branches.map(({ sectionId }) => sectionId))
  const ties = switches.filter(
    ({ normallyClosed, sectionA, sectionB }) => !normallyClosed && (within.has(sectionA) || within.has(sectionB)),
  )
  return [...branches.map(({ through }) => through.switchId), ...ties.map(({ switchId }) => switchId)]
}

const rootsOf = (sources: readonly NetworkSource[], feederId: string): Branch[] =>
  sources
    .filter((source) => source.feederId === feederId)
    .map(({ sourceId, sectionId, phases }) => ({
      ...{ sectionId, parent: null, phases, children: [] },
      through: { switchId: sourceId, phases, normallyClosed: true },
    }))

/** Follows what is normally closed from the roots on. @returns all branches, nearest to the source first */
function grow(roots: readonly Branch[], switches: readonly NetworkSwitch[]): Branch[] {
  const at = new Map<string, NetworkSwitch[]>()
  for (const each of switches)
    if (each.normallyClosed)
      for (const section of [each.sectionA, each.sectionB]) at.set(section, [...(at.get(section) ?? []), each])
  const known = new Set(roots.map(({ sectionId }) => sectionId))
  const branches = [...roots]
  for (const branch of branches)
    for (const each of at.get(branch.sectionId) ?? []) {
      const sectionId = each.sectionA === branch.sectionId ? each.sectionB : each.sectionA
      if (known.has(sectionId)) continue
      known.add(sectionId)
      const phases = phaseNames.filter((phase) => branch.phases.includes(phase) && each.phases.includes(phase)).join('')
      const child: Branch = { sectionId, parent: branch.sectionId, through: each, phases, children: [] }
      branch.children.push(child)
      branches.push(child)
    }
  return branches
}

function pathsToFaults(
  branches: readonly Branch[],
  { sections, positions }: FeederNetwork,
  feederId: string,
  most: number,
): ReadonlySet<string> {
  const parents = new Map(branches.map(({ sectionId, parent }) => [sectionId, parent]))
  const wanted = new Set<string>()
  for (const branch of branches) {
    const state = stateOf(branch, sections.get(branch.sectionId), feederId)
    if (state === 'supplied' && standingOf(branch.through, positions).isNormal) continue
    const path: string[] = []
    for (let at: string | null = branch.sectionId; at !== null && !wanted.has(at); at = parents.get(at) ?? null)
      path.push(at)
    if (wanted.size + path.length > most) break
    for (const each of path) wanted.add(each)
  }
  return wanted
}

const tiesBySection = (switches: readonly NetworkSwitch[]): ReadonlyMap<string, NetworkSwitch[]> => {
  const bySection = new Map<string, NetworkSwitch[]>()
  for (const each of switches)
    if (!each.normallyClosed)
      for (const section of [each.sectionA, each.sectionB])
        bySection.set(section, [...(bySection.get(section) ?? []), each])
  return bySection
}

function standingOf(
  { switchId, phases, normallyClosed }: Branch['through'],
  positions: ReadonlyMap<string, string>,
): DrawnSwitch {
  const closed = positions.get(switchId) ?? (normallyClosed ? phases : '')
  const position = closed === '' ? 'open' : covers(closed, phases) ? 'closed' : 'partial'
  return { switchId, position, isNormal: position === (normallyClosed ? 'closed' : 'open') }
}

function stateOf({ phases }: Branch, supply: SuppliedSection | undefined, feederId: string): SupplyState {
  if (!supply) return 'unknown'
  if (supply.phases === '') return phases === '' ? 'supplied' : 'out'
  if (!covers(supply.phases, phases)) return 'partial'
  return supply.feederId === null || supply.feederId === feederId ? 'supplied' : 'elsewhere'
}

const phaseNames = ['A', 'B', 'C'] as const
/** Whether one has all phases of another. */
const covers = (phases: string, wanted: string): boolean =>
  phaseNames.every((phase) => !wanted.includes(phase) || phases.includes(phase))
