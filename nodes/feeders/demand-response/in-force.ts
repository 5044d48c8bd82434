import type { Queries } from '../../../platform/storage/queries.ts'
import type { Spared } from '../domain/demand-response/effect.ts'
import { demandInForce, nextChangeAfter, type DemandInForce } from '../domain/demand-response/in-force.ts'
import { isInForce } from '../domain/demand-response/call.ts'
import { calledFeedersOf } from './called-feeder-repository.ts'
import { openEvents, type StoredEvent } from './event-repository.ts'
import { enterOccurrences } from './occurrences.ts'
import { nextParticipationChange, takingPartAt, type TakingPart } from './participation-repository.ts'
import { enrolledOnlyOf } from './program-repository.ts'

export interface DemandSettings {
  /** Limit of feeders without one of their own, kW; null: none. */
  readonly defaultLimitKw: number | null
  /** What a kWh costs where no program says otherwise, R$/kWh. */
  readonly referenceBrlPerKwh: number
}

/** What demand response asks of the allocation, and when it asks for something else. */
export interface DemandResponse extends DemandInForce {
  /** Whom each call in force spares. */
  readonly spared: readonly Spared[]
  /** Devices that have opted out of something that is in force. */
  readonly optedOut: readonly string[]
  /** When this changes next, as far as it is known, UTC milliseconds; null: within a week it does not. */
  readonly nextChangeAt: number | null
}

/** Events that are to come or in force at a time: more are refused. */
export const mostOpenEvents = 1_000

/**
 * What demand response asks for at an instant. Windows of programs that have opened are entered as events on the way.
 * `withDemandResponse` (domain) applies it to devices; its `limits` go to the limits of their feeders.
 * @param at  UTC milliseconds of the platform's clock
 */
export async function gatherDemandResponse(
  queries: Queries,
  at: number,
  { defaultLimitKw, referenceBrlPerKwh }: DemandSettings,
): Promise<DemandResponse> {
  const opensAt = await enterOccurrences(queries, at, referenceBrlPerKwh)
  const events = await openEvents(queries, at, mostOpenEvents)
  const changesAt = nextChangeAfter(events, at)
  const active = events.filter((event) => isInForce(event, at))
  const quiet: DemandResponse = {
    limits: [],
    sheds: [],
    prices: [],
    spared: [],
    optedOut: [],
    nextChangeAt: soonest([opensAt, changesAt]),
  }
  if (events.length === 0) return quiet
  const inForce = demandInForce(events, await calledFeedersOf(queries, defaultLimitKw), at)
  if (active.length === 0) return { ...quiet, ...inForce }
  const takingPart = await takingPartAt(queries, at)
  const programIds = active.flatMap(({ programId }) => programId ?? [])
  const enrolledOnly = await enrolledOnlyOf(queries, programIds)
  const spared = active.map((event) => sparedBy(event, takingPart, enrolledOnly))
  return {
    ...{ ...inForce, spared, optedOut: [...new Set(spared.flatMap(({ optedOut }) => [...optedOut]))].toSorted() },
    nextChangeAt: soonest([opensAt, changesAt, await nextParticipationChange(queries, at)]),
  }
}

/** Whom an event spares, of those who take part in something or have opted out. */
function sparedBy(
  { eventId, programId }: StoredEvent,
  takingPart: readonly TakingPart[],
  enrolledOnly: ReadonlySet<number>,
): Spared {
  const devicesOf = (kind: TakingPart['kind']): Set<string> =>
    new Set(
      takingPart
        .filter((one) => one.kind === kind && (one.programId === null || one.programId === programId))
        .map(({ deviceId }) => deviceId),
    )
  const isForEnrolled = programId !== null && enrolledOnly.has(programId)
  return { eventId, optedOut: devicesOf('opted_out'), enrolled: isForEnrolled ? devicesOf('enrolled') : null }
}

const soonest = (instants: readonly (number | null)[]): number | null => {
  const next = Math.min(...instants.filter((instant) => instant !== null))
  return next === Infinity ? null : next
}
