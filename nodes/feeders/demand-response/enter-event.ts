import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import { badField, conflict, Problem, titleOf } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Action } from '../domain/demand-response/call.ts'
import { endOf } from '../domain/demand-response/call.ts'
import { eventNamed, insertEvent, markCancelled, openEvents, replaceEvent, lockEvent } from './event-repository.ts'
import type { NewEvent, StoredEvent } from './event-repository.ts'
import { mostOpenEvents } from './in-force.ts'
import { isFeeder } from './called-feeder-repository.ts'
import { findProgram } from './program-repository.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** An event lasts this long at most, and begins within a year. */
export const longestEventMs = 7 * dayMs
const furthestBeginningMs = 366 * dayMs
/** It began no longer ago than this when it is entered. */
export const oldestBeginningMs = dayMs
export const defaultSnapbackMinutes = 15

/** An event as somebody enters it. Instants are UTC milliseconds. */
export interface EnteredEvent {
  readonly type: string
  /** Null: each root feeder by itself. */
  readonly feederId: string | null
  readonly programId: number | null
  readonly action: Action
  readonly startsAt: number
  readonly endsAt: number
  readonly snapbackMinutes: number
}

/** Where an event comes from, so that it is entered once however often it comes. */
export interface Origin {
  /** `api:<user>`, `node:<name>`, `openadr` … */
  readonly source: string
  /** How it is called there; null: whatever comes is another one. */
  readonly externalId: string | null
  /** What was asked for, as it came: the same name with something else is another wish. Of the event itself unless given. */
  readonly requestHash?: string
  /** Whether what comes under a name that is known takes the place of what was there, or is refused. */
  readonly whenChanged: 'replace' | 'refuse'
}

export interface EntryOutcome {
  readonly eventId: number
  readonly outcome: 'entered' | 'repeated' | 'replaced'
}

/**
 * Enters an event from outside, once for each name that its source gives it; in a transaction of its own.
 * @param at  UTC milliseconds of the platform's clock
 * @throws Problem 400 naming the field that is wrong (under `body.`); 409 where the name was used for something else and nothing may
 *   be replaced, where what is to be replaced is over, or where too many are open
 */
export async function enterEvent(
  queries: Queries,
  event: EnteredEvent,
  origin: Origin,
  username: string,
  at: number,
): Promise<EntryOutcome> {
  const { source, externalId, whenChanged } = origin
  checkAction(event.action)
  const requestHash = origin.requestHash ?? hashOf(event)
  const known = externalId === null ? undefined : await eventNamed(queries, source, externalId)
  if (known?.requestHash === requestHash) return { eventId: known.eventId, outcome: 'repeated' }
  if (known && whenChanged === 'refuse')
    throw conflict(`the key ${externalId} was used for another event: ${known.eventId}`)
  await checkEvent(queries, event, at)
  const { snapbackMinutes, ...said } = event
  const row: NewEvent = {
    ...{ ...said, snapbackMs: snapbackMinutes * minuteMs, source, externalId, requestHash },
    ...{ enteredBy: username, enteredAt: at },
  }
  if (known) {
    if (endOf(known) <= at) throw conflict(`event ${known.eventId} is over: it is not changed any more`)
    await replaceEvent(queries, known.eventId, row)
    return { eventId: known.eventId, outcome: 'replaced' }
  }
  if ((await openEvents(queries, at, mostOpenEvents)).length >= mostOpenEvents)
    throw conflict(`${mostOpenEvents} events are open already`)
  const eventId = await insertEvent(queries, row)
  if (eventId !== undefined) return { eventId, outcome: 'entered' }
  // Somebody was faster with the same name.
  return enterEvent(queries, event, origin, username, at)
}

/**
 * Cancels an event: it is over from now on, or never was. Once: whoever does it again changes nothing.
 * @param at  UTC milliseconds of the platform's clock
 * @returns undefined where there is no such event @throws Problem 409 where it is over
 */
export async function cancelEvent(
  queries: Queries,
  eventId: number,
  by: { readonly username: string; readonly reason: string | null },
  at: number,
): Promise<StoredEvent | undefined> {
  const event = await lockEvent(queries, eventId)
  if (!event || event.cancelledAt !== null) return event
  if (event.endsAt <= at) throw new Problem(409, titleOf(409), { code: 'over', detail: `event ${eventId} is over` })
  await markCancelled(queries, eventId, by, at)
  return { ...event, cancelledAt: at, cancelledBy: by.username, cancelReason: by.reason }
}

/** Ends an event that its source has withdrawn. @returns undefined where it never named one so */
export async function cancelNamedEvent(
  queries: Queries,
  { source, externalId }: { readonly source: string; readonly externalId: string },
  by: { readonly username: string; readonly reason: string | null },
  at: number,
): Promise<StoredEvent | undefined> {
  const known = await eventNamed(queries, source, externalId)
  if (!known || endOf(known) <= at) return known
  return cancelEvent(queries, known.eventId, by, at)
}

/** @throws Problem 400 */
async function checkEvent(queries: Queries, event: EnteredEvent, at: number): Promise<void> {
  const { startsAt, endsAt, feederId, programId, snapbackMinutes } = event
  const iso = (instant: number): string => new Date(instant).toISOString()
  if (!(startsAt < endsAt)) throw badField('body.tsStart', iso(startsAt), `must be before tsEnd, ${iso(endsAt)}`)
  if (endsAt - startsAt > longestEventMs)
    throw badField('body.tsEnd', iso(endsAt), `must be within ${longestEventMs / dayMs} days of tsStart`)
  if (endsAt <= at) throw badField('body.tsEnd', iso(endsAt), 'has passed')
  if (startsAt > at + furthestBeginningMs)
    throw badField('body.tsStart', iso(startsAt), `must be within ${furthestBeginningMs / dayMs} days from now`)
  if (startsAt < at - oldestBeginningMs) throw badField('body.tsStart', iso(startsAt), 'must not be over a day ago')
  if (!(snapbackMinutes >= 0 && snapbackMinutes <= 240 && Number.isInteger(snapbackMinutes)))
    throw badField('body.snapbackMinutes', snapbackMinutes, 'must be a whole number from 0 to 240')
  if (feederId !== null && !(await isFeeder(queries, feederId)))
    throw badField('body.feederId', feederId, 'must be a feeder that is known')
  if (programId !== null && !(await findProgram(queries, programId)))
    throw badField('body.programId', programId, 'must be a program that is known')
}

/** @throws Problem 400 for a number that its action does not take */
function checkAction(action: Action): void {
  const check = (field: string, value: number | null, most: number): void => {
    if (value !== null && !(value >= 0 && value <= most))
      throw badField(`body.${field}`, value, `must be from 0 to ${most}`)
  }
  check('targetShedKw', action.targetShedKw, mostKw)
  if (action.mode === 'limit') check('limitKw', action.limitKw, mostKw)
  if (action.mode === 'price') {
    check('priceBrlPerKwh', action.priceBrlPerKwh, mostBrlPerKwh)
    if (!(action.elasticity >= -10 && action.elasticity <= 0))
      throw badField('body.elasticity', action.elasticity, 'must be from -10 to 0')
  }
}

export const mostKw = 1_000_000
export const mostBrlPerKwh = 10_000

const hashOf = (event: EnteredEvent): string => sha256Of(canonicalJson({ ...event, action: { ...event.action } }))
