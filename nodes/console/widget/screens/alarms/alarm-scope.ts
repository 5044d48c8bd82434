import type { LiveAlarm } from '../../../../../platform/wire/live.ts'
import type { Feeder, ResponsibilityArea } from './answers.ts'

/** Whether an alarm is among those that somebody asks for. */
export type AlarmScope = (alarm: Pick<LiveAlarm, 'feederId' | 'area' | 'escalatedTo'>) => boolean

/** Whether a feeder is another one or hangs below it, at any depth. */
export function isOnFeeder(feeders: readonly Feeder[]): (feederId: string | null, root: string) => boolean {
  const parents = new Map(feeders.map(({ feederId, parentFeederId }) => [feederId, parentFeederId]))
  return (feederId, root) => {
    const seen = new Set<string>()
    for (let at = feederId; at !== null && !seen.has(at); at = parents.get(at) ?? null) {
      if (at === root) return true
      seen.add(at)
    }
    return false
  }
}

/**
 * What areas of responsibility have, together; none: everything. An alarm on no feeder is in areas of every feeder only, and what
 * has escalated to a role is with it wherever it is (docs/alarm-actions.md).
 * @param role  of whoever answers for them; null: what the areas have, whoever does
 */
export function scopeOfAreas(
  areas: readonly ResponsibilityArea[],
  feeders: readonly Feeder[],
  role: string | null,
): AlarmScope {
  if (areas.length === 0) return () => true
  const isOn = isOnFeeder(feeders)
  return ({ feederId, area, escalatedTo }) =>
    (role !== null && escalatedTo === role) ||
    areas.some(
      ({ feederIds, conditionAreas }) =>
        (conditionAreas === null || conditionAreas.includes(area)) &&
        (feederIds === null || feederIds.some((root) => isOn(feederId, root))),
    )
}
