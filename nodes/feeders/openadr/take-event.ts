import { Problem } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { CalledFeeder } from '../domain/demand-response/in-force.ts'
import { callsOf, type VtnCall } from '../domain/openadr/event-calls.ts'
import type { VtnEvent, VtnProgram } from '../domain/openadr/objects.ts'
import { reportsAsked } from '../domain/openadr/report.ts'
import {
  cancelNamedEvent,
  defaultSnapbackMinutes,
  enterEvent,
  oldestBeginningMs,
} from '../demand-response/enter-event.ts'
import { eventNamed } from '../demand-response/event-repository.ts'
import { programNamed } from '../demand-response/program-repository.ts'
import { openadrSource } from './openadr-repository.ts'

export interface EventContext {
  readonly feeders: readonly CalledFeeder[]
  readonly program: VtnProgram | undefined
  /** UTC milliseconds of the platform's clock: now, and when this event and this version of it were first seen. */
  readonly at: number
  readonly firstSeenAt: number
  readonly versionSeenAt: number
  /** −1 to 1, the same for the same event. */
  readonly chance: number
  /** Names of the calls that stood for it before. */
  readonly before: readonly string[]
}

export interface TakenEvent {
  /** Names of the calls that stand for it now, also of those that are over. */
  readonly calls: readonly string[]
  readonly notTaken: readonly string[]
}

/** Calls that begin later are entered when they come near. */
const horizonMs = 2 * 86_400_000
/** What began longer ago cannot be entered, some time for what may be in the way. */
const knownBeginningMs = oldestBeginningMs - 3_600_000
/** Names of calls that are over are kept for the report, so many at most. */
const mostOver = 500

/**
 * Enters what an event of a VTN calls for, each call once; what it called for before and does not any more is cancelled.
 * @throws BadObject where its intervals stand nowhere on the clock: then what stood stays
 */
export async function takeEvent(queries: Queries, event: VtnEvent, context: EventContext): Promise<TakenEvent> {
  const { at, feeders, before } = context
  const program = await programNamed(queries, openadrSource, event.programID)
  const { calls, notTaken } = callsOf(event, context.program, {
    ...{ at, until: at + horizonMs, firstSeenAt: context.firstSeenAt, chance: context.chance },
    notBefore: Math.max(context.firstSeenAt, context.versionSeenAt - knownBeginningMs),
    feeders: new Set(feeders.map(({ feederId }) => feederId)),
    normalKw: new Map(feeders.map(({ feederId, normalKw }) => [feederId, normalKw])),
    roots: feeders.filter(({ parentFeederId }) => parentFeederId === null).map(({ feederId }) => feederId),
    elasticity: program?.elasticity ?? 0,
  })
  const faults = [...notTaken, ...reportsAsked(event).notTaken]
  const entered: string[] = []
  for (const call of calls) {
    const name = await freeName(queries, nameOf(event, call))
    const fault = await enter(queries, call, name, program?.programId ?? null, at)
    if (fault === undefined || before.includes(name)) entered.push(name)
    if (fault !== undefined) faults.push(`intervals of ${name}: ${fault}`)
  }
  const over = await endOthers(queries, before, new Set(entered), 'the VTN has changed it', at)
  return { calls: [...over.slice(-mostOver), ...entered], notTaken: [...new Set(faults)].slice(0, 20) }
}

/** Cancels all that stands for an event that the VTN has no more. */
export const endEvent = (queries: Queries, before: readonly string[], at: number): Promise<string[]> =>
  endOthers(queries, before, new Set(), 'the VTN has withdrawn it', at)

/** @returns names of those that came to their own end */
async function endOthers(
  queries: Queries,
  names: readonly string[],
  kept: ReadonlySet<string>,
  reason: string,
  at: number,
): Promise<string[]> {
  const over: string[] = []
  for (const externalId of names) {
    if (kept.has(externalId)) continue
    const by = { username: openadrSource, reason }
    const ended = await cancelNamedEvent(queries, { source: openadrSource, externalId }, by, at)
    // What began and was cut off has a result, too.
    if (ended && ended.startsAt < at) over.push(externalId)
  }
  return over
}

/** `id` of the event, and which part of it. */
const nameOf = ({ id }: VtnEvent, { key }: VtnCall): string => `${id}/${key}`

/** A call that was cancelled stays so: what the VTN takes up again is another one. */
async function freeName(queries: Queries, name: string): Promise<string> {
  for (let times = 0; ; times++) {
    const candidate = times === 0 ? name : `${name}~${times}`
    const known = await eventNamed(queries, openadrSource, candidate)
    if (!known || known.cancelledAt === null) return candidate
  }
}

/** @returns why it cannot be entered */
async function enter(
  queries: Queries,
  { feederId, action, startsAt, endsAt, type }: VtnCall,
  externalId: string,
  programId: number | null,
  at: number,
): Promise<string | undefined> {
  const event = { type, feederId, programId, action, startsAt, endsAt, snapbackMinutes: defaultSnapbackMinutes }
  const origin = { source: openadrSource, externalId, whenChanged: 'replace' } as const
  try {
    await enterEvent(queries, event, origin, openadrSource, at)
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error.message
    throw error
  }
}
