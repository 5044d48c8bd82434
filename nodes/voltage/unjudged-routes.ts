import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { Name, Nullable } from '../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { limitsByDay } from './domain/measuring-point.ts'
import { metersReferringTo, referenceVoltages } from './unjudged-repository.ts'

const Unjudged = Type.Object(
  {
    meterId: Name('The meter', 'meter-001'),
    unitId: Nullable(Name('The unit that it measures', 'unit-001')),
    referenceVoltageV: Nullable(
      Type.Number({ description: 'Voltage that the norm has no bands for, V; null where none is registered' }),
    ),
  },
  { $id: 'UnjudgedMeter' },
)

const keys = new Keyset(Type.Object({ meterId: Type.String() }))

/** Meters whose voltage cannot be judged. */
export const unjudgedRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/quality/voltage/unjudged-meters',
    operationId: 'listUnjudgedMeters',
    summary: 'Meters whose voltage cannot be judged, by identifier',
    description:
      'Without a nominal voltage, of the meter or its unit, there are no windows; with one that the norm has no bands for, windows have voltages and no bands.',
    tag: 'voltage quality',
    right: 'read',
    query: Type.Object({ ...pageQuery() }),
    answers: { 200: { description: 'Meters', schema: pageOf(Unjudged) } },
    async handle({ query: { cursor, limit } }) {
      const now = platformClock.now()
      const limitsOf = limitsByDay(civilDaysIn(environment().TIME_ZONE).dayOf)
      const unknown = (await referenceVoltages(database, now)).filter((volts) => limitsOf(volts, now) === null)
      const page = { after: keys.after(cursor)?.meterId, limit: limit + 1 }
      const rows = await metersReferringTo(database, now, unknown, page)
      const { items, nextCursor } = keys.page(rows, limit, ({ deviceId }) => ({ meterId: deviceId }))
      return {
        body: {
          items: items.map(({ deviceId, unitId, referenceV }) => ({
            ...{ meterId: deviceId, unitId, referenceVoltageV: referenceV },
          })),
          nextCursor,
        },
      }
    },
  }),
]
