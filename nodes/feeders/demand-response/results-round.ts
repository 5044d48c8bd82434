import type { PoolClient } from 'pg'
import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { calledFeeders } from '../domain/demand-response/in-force.ts'
import { everInForce } from '../domain/demand-response/call.ts'
import type { Civil } from '../domain/demand-response/program-window.ts'
import { calledFeedersOf } from './called-feeder-repository.ts'
import { computeResult, spanOf } from './compute-result.ts'
import { eventsBetween, lockEvent, type StoredEvent } from './event-repository.ts'
import { markNever, markResults, resultsDue } from './progress-repository.ts'
import { writeResult } from './result-repository.ts'

const dayMs = 86_400_000
/** Results are computed so long after the end of an event: devices report late, and roll-ups come after them. */
export const settleMs = 15 * 60_000
/** And once more, for good, so long after it: what comes later changes nothing. */
export const finalAfterMs = dayMs
/** Days that a baseline may look at, and some more for those who cross midnight. */
const reachMs = 115 * dayMs
const mostAtOnce = 20

/**
 * Computes the results that are due. Each in a transaction of its own, with the mark that it is done: whatever ends the process, the
 * next round goes on, and nothing is done twice.
 * @param at  UTC milliseconds of the platform's clock
 * @returns how many were computed
 */
export async function computeDueResults(database: Database, civil: Civil, at: number): Promise<number> {
  const partitions = new Partitions(database)
  const due = await resultsDue(database, { settledAt: at - settleMs, finalAt: at - finalAfterMs }, mostAtOnce)
  for (const { eventId, startsAt } of due) {
    await partitions.ensure('dr_utilisation', startsAt)
    await database.transaction((client) => computeResults(client, eventId, civil, at))
  }
  return due.length
}

async function computeResults(client: PoolClient, eventId: number, civil: Civil, at: number): Promise<void> {
  const queries = queriesOf(client)
  const event = (await lockEvent(queries, eventId))!
  const isFinal = spanOf(event).endsAt <= at - finalAfterMs
  const feeders = await calledFeedersOf(queries, null)
  const { startsAt, endsAt } = spanOf(event)
  if (startsAt >= endsAt) return markNever(queries, eventId)
  const others = await otherCalls(queries, event)
  for (const { feederId } of calledFeeders(event, feeders)) {
    const called = calledDays(others, feederId, feeders, civil)
    await writeResult(queries, await computeResult(queries, event, feederId, called, civil, { at, isFinal }))
  }
  await markResults(queries, eventId, isFinal ? 2 : 1)
}

/** What else was called for, as long ago as a baseline may look. */
async function otherCalls(queries: Queries, event: StoredEvent): Promise<StoredEvent[]> {
  const events = await eventsBetween(queries, event.startsAt - reachMs, event.endsAt)
  return events.filter((other) => other.eventId !== event.eventId && everInForce(other))
}

interface TreeFeeder {
  readonly feederId: string
  readonly parentFeederId: string | null
}

/** Civil days on which something was called for on a feeder, above it or below it, or the feeder still returned from it. */
export function calledDays(
  events: readonly StoredEvent[],
  feederId: string,
  feeders: readonly TreeFeeder[],
  civil: Civil,
): ReadonlySet<string> {
  const parents = new Map(feeders.map(({ feederId, parentFeederId }) => [feederId, parentFeederId]))
  const isAtOrBelow = (feeder: string, ancestor: string): boolean => {
    const seen = new Set<string>()
    for (let at: string | null | undefined = feeder; at != null && !seen.has(at); at = parents.get(at)) {
      if (at === ancestor) return true
      seen.add(at)
    }
    return false
  }
  const days = new Set<string>()
  for (const event of events) {
    const on = event.feederId
    if (on !== null && !isAtOrBelow(on, feederId) && !isAtOrBelow(feederId, on)) continue
    const { startsAt, endsAt } = spanOf(event)
    for (let at = startsAt; at < endsAt + event.snapbackMs; at += dayMs / 4) days.add(civil.dayOf(at))
    days.add(civil.dayOf(endsAt + event.snapbackMs - 1))
  }
  return days
}
