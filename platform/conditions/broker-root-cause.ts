import type { RootCauses } from './root-causes.ts'
import { standingConditions } from './standing-conditions.ts'

/** Without the broker nothing is heard of any place: that explains every silence. */
export const brokerRootCause: RootCauses = {
  kind: 'platform/broker-lost',
  async at(queries, places, at) {
    const standing = (await standingConditions(queries, 'platform', ['broker-lost'])) ?? []
    const lost = standing.find((condition) => condition.at <= at)
    return places.map(() => (lost ? { key: lost.key, since: lost.at } : null))
  },
}
