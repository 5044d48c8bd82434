import type { Queries } from '../../../platform/storage/queries.ts'
import { calledFeedersOf } from '../demand-response/called-feeder-repository.ts'
import { openEvents } from '../demand-response/event-repository.ts'
import { mostOpenEvents } from '../demand-response/in-force.ts'
import type { FeederLimit } from '../domain/allocation/problem.ts'
import { demandInForce } from '../domain/demand-response/in-force.ts'
import { limitsInForce } from '../domain/limits-in-force.ts'
import { circuitsAt, windowsIn, type FeederSettings } from './feeder-state.ts'
import { findFeeders } from './feeder-repository.ts'
import { standingLimits } from './limit-repository.ts'

/** What is in force on one feeder, as a round of the control loop would find it. @param at  UTC milliseconds */
export async function limitsNow(
  queries: Queries,
  feederId: string,
  at: number,
  settings: FeederSettings,
): Promise<{ readonly limits: readonly FeederLimit[]; readonly changesAt: number | null }> {
  const feeders = (await findFeeders(queries, null)).filter((feeder) => feeder.feederId === feederId)
  const set = await standingLimits(queries, [feederId], at)
  const events = await openEvents(queries, at, mostOpenEvents)
  const called = events.length === 0 ? [] : await calledFeedersOf(queries, settings.defaultLimitKw)
  const { byFeeder, changesAt } = limitsInForce(
    ...([at, feeders, set, demandInForce(events, called, at).limits, circuitsAt(feeders, at), settings] as const),
    windowsIn(settings.timeZone),
  )
  return { limits: byFeeder.get(feederId) ?? [], changesAt }
}
