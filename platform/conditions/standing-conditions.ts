import type { Queries } from '../storage/queries.ts'
import type { Condition } from '../wire/condition.ts'

/**
 * The conditions of an area that were last said to hold and that whoever raises alarms has stored, as they were said. Whoever says
 * conditions asks for them at its start, and now and then: what of them holds no more ended while nobody looked, and what holds and
 * is not among them has been lost on its way.
 * @param kinds  of the area, those that who asks says
 */
export type StandingConditions = (
  queries: Queries,
  area: string,
  kinds: readonly string[],
) => Promise<readonly Condition[]>

let provided: StandingConditions | undefined

/** Who keeps alarms tells what stands. @returns takes the word back */
export function provideStandingConditions(read: StandingConditions): () => void {
  provided = read
  return () => {
    if (provided === read) provided = undefined
  }
}

/** What stands; undefined where nobody in this process keeps alarms: nothing is known then. */
export const standingConditions = async (
  ...[queries, area, kinds]: Parameters<StandingConditions>
): Promise<readonly Condition[] | undefined> => provided?.(queries, area, kinds)
