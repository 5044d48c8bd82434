import type { RootCauses } from '../../../platform/conditions/root-causes.ts'
import { conditionKey } from '../../../platform/wire/condition.ts'
import { eventsAt } from './outage-root-repository.ts'

/** Outages explain what is noticed where there is no supply. */
export const outageRoots: RootCauses = {
  kind: 'continuity/outage',
  async at(queries, places, at) {
    const events = await eventsAt(queries, places, at)
    return events.map((found) => found && { key: keyOf(found.eventId), since: found.since })
  },
}

const keyOf = (eventId: number): string => conditionKey('continuity', 'outage', String(eventId))
