import type { Phases } from './phases.ts'

/** When something of the network is as told: from an instant on and before another, UTC milliseconds; infinite where there is no bound. */
export interface Validity {
  readonly from: number
  readonly until: number
}

/** Where supply enters the network. */
export interface Source {
  readonly sourceId: string
  readonly sectionId: string
  readonly phases: Phases
  readonly feederId: string | null
  readonly substationId: string | null
  /** Whether its breaker closes again by itself after a trip. */
  readonly recloses: boolean
}

/** A switch between two sections; a tie is one that is normally open. */
export interface Switch {
  readonly switchId: string
  readonly sectionA: string
  readonly sectionB: string
  readonly phases: Phases
  readonly normallyClosed: boolean
  /** Whether it may be opened under load. */
  readonly loadBreak: boolean
  /** Whether it closes again by itself after a trip. */
  readonly recloses: boolean
}

/** Joins a section to earth, where it is worked on. Normally open; nobody is supplied through it. */
export interface EarthSwitch {
  readonly earthSwitchId: string
  readonly sectionId: string
}

/** A network as it is at an instant. */
export interface Network {
  readonly sources: readonly Source[]
  readonly switches: readonly Switch[]
}

/** A network as it was over time. Periods of one source, or of one switch, do not overlap. */
export interface NetworkHistory {
  readonly sources: readonly (Source & Validity)[]
  readonly switches: readonly (Switch & Validity)[]
}

export type OperationSource = 'event' | 'reading' | 'person'

/**
 * How a switch stands from an instant on. A source may be switched by its own name: the breaker of a feeder. What of a
 * name nobody registered is said turns nothing.
 */
export interface SwitchOperation {
  readonly switchId: string
  /** UTC milliseconds. */
  readonly at: number
  /** Phases that are closed from then on. */
  readonly closed: Phases
  readonly source: OperationSource
  /** Tells operations of one instant apart. */
  readonly reference: string
}

/** The network at an instant, UTC milliseconds. */
export const networkAt = ({ sources, switches }: NetworkHistory, at: number): Network => ({
  sources: sources.filter((source) => isValid(source, at)),
  switches: switches.filter((each) => isValid(each, at)),
})

export const isValid = ({ from, until }: Validity, at: number): boolean => from <= at && at < until

const trust: Readonly<Record<OperationSource, number>> = { reading: 0, event: 1, person: 2 }

/**
 * Operations in the order in which they hold, one for a switch and instant: what a person entered goes before what an
 * event says, and that before a reading; of the same kind the last by reference.
 */
export function inOrder(operations: readonly SwitchOperation[]): SwitchOperation[] {
  const sorted = operations.toSorted(
    (one, other) =>
      one.at - other.at ||
      compare(one.switchId, other.switchId) ||
      trust[one.source] - trust[other.source] ||
      compare(one.reference, other.reference),
  )
  return sorted.filter((operation, index) => {
    const next = sorted[index + 1]
    return next === undefined || next.at !== operation.at || next.switchId !== operation.switchId
  })
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Phases that are closed at an instant, by switch (or source) that was operated; the others stand as they do normally. */
export const positionsAt = (operations: readonly SwitchOperation[], at: number): Map<string, Phases> =>
  new Map(inOrder(operations.filter((each) => each.at <= at)).map(({ switchId, closed }) => [switchId, closed]))
