import { Type } from '@sinclair/typebox'
import { may } from '../../../platform/access/identity.ts'
import { lackOf } from '../../../platform/access/roles.ts'
import { platformClock, wallClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, Instant } from '../../../platform/http/fields.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { Text } from '../../../platform/wire/fields.ts'
import { recordingRefusal } from '../requests/record-refusal.ts'
import { refusedRequest } from '../requests/refusal.ts'
import { surroundingsOf } from './forbidding.ts'
import { insertClearance, standsTripped } from './trip-repository.ts'

const tag = 'tags'
const switchId = IdentifierParameter('The switch, or the source', 'sw-001')
const reason = Type.String({
  ...Text(500, 'What was found, and why it may be closed again'),
  ...{ minLength: 1, examples: ['Line patrolled: a branch, removed'] },
})
const Trip = Type.Object(
  { switchId, reportedAt: Instant('Of its last report of the trip, by its clock') },
  { $id: 'UnclearedTrip' },
)

/** Trips, and clearing them. */
export const tripRoutes = ({ database, access }: Pick<Services, 'database' | 'access'>): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/trips',
    operationId: 'listTrips',
    summary: 'What has tripped, and nobody has cleared',
    description: 'Nothing closes onto what lies behind it until then.',
    ...{ tag, right: 'read' as const },
    answers: { 200: { description: 'By switch', schema: Type.Object({ items: Type.Array(Trip) }) } },
    async handle() {
      const { unclearedTrips, reports } = await surroundingsOf(database, [], platformClock.now())
      const items = [...unclearedTrips].toSorted().map((switchId) => ({
        ...{ switchId, reportedAt: new Date(reports.get(switchId)!.at).toISOString() },
      }))
      return { body: { items } }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/trips/{switchId}/clear',
    operationId: 'clearTrip',
    summary: 'Say why a switch has tripped, and that it may be closed again',
    description:
      'Names the report of the trip that was looked at: once the switch has reported anything else since, that is another matter. It is good for one close.',
    ...{ tag, right: 'operate' as const, refusesItself: true as const, params: Type.Object({ switchId }) },
    body: Type.Object({ reportedAt: Instant('Of the report that was looked at'), reason }),
    answers: { 204: { description: 'It is cleared' }, 409: { description: 'It does not stand tripped since then' } },
    async handle({ params: { switchId }, body: { reportedAt, reason }, identity, address }) {
      const trip = { switchId, reportedAt: Date.parse(reportedAt) }
      await recordingRefusal(
        access,
        `clear trip of ${switchId}`,
        () => ({ identity, address }),
        async () => {
          if (!may(identity, 'operate')) throw refusedRequest(403, 'wrong-role', lackOf(identity!.role, 'operate'))
          const { username } = identity!
          await database.transaction(async (client) => {
            const queries = queriesOf(client)
            if (!(await standsTripped(queries, trip)))
              throw refusedRequest(409, 'not-tripped', `${switchId} has not stood tripped since ${reportedAt}`)
            await insertClearance(queries, trip, { username, reason }, wallClock.now())
          })
        },
      )
      return {}
    },
  }),
]
