import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, InstantParameter, Name, rounded } from '../../platform/http/fields.ts'
import { badField, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { recordPersonal } from '../../platform/network/personal-access.ts'
import { bucketSums } from './bucket-repository.ts'
import { findUnitMeters } from './consumption-repository.ts'
import { bucketEdges, dayMs, grainsOf } from './domain/buckets.ts'
import { hourlyEnergy } from './domain/unit-energy.ts'

const hourMs = 3_600_000
const mostDays = 31

const Consumption = Type.Object(
  {
    unitId: Name('The consumer unit', 'unit-001'),
    from: Instant('First instant'),
    to: Instant('Last instant'),
    energyKwh: Type.Number({ description: 'Energy of the hours below, kWh; consumption positive' }),
    hours: Type.Array(
      Type.Object({
        timestamp: Instant('Beginning of the hour'),
        energyKwh: Type.Number({
          description: 'Mean power over the part of the hour that was asked for and has passed, kWh',
        }),
        samples: Type.Integer({ description: 'Readings that it rests on' }),
      }),
      { description: 'Hours with readings, oldest first' },
    ),
  },
  { $id: 'UnitConsumption' },
)

/** What single consumer units use: personal data. */
export const consumptionRoutes = ({ database, access, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)
  return [
    defineRoute({
      method: 'GET',
      path: '/api/units/{unitId}/consumption',
      operationId: 'getUnitConsumption',
      summary: 'What a consumer unit used, hour by hour',
      description:
        'From the meters that it had, each while it had it. Personal data: every look at it is recorded in the access log. Hours without readings are left out, and not guessed.',
      tag: 'personal data',
      right: 'personal',
      params: Type.Object({ unitId: IdentifierParameter('The consumer unit', 'unit-001') }),
      query: Type.Object({
        from: Type.Optional(InstantParameter('First instant; 24 hours before `to` unless given')),
        to: Type.Optional(InstantParameter('Last instant; now unless given')),
      }),
      answers: { 200: { description: 'Energy by the hour', schema: Consumption } },
      csv: [
        { name: 'timestamp', kind: 'text' },
        { name: 'energyKwh', kind: 'number' },
        { name: 'samples', kind: 'number' },
      ],
      async handle(request) {
        const { unitId } = request.params
        const now = platformClock.now()
        const to = request.query.to ?? now
        const from = request.query.from ?? to - dayMs
        if (from > to) throw badField('query.from', new Date(from).toISOString(), 'must not be after to')
        if (to - from > mostDays * dayMs)
          throw badField('query.from', new Date(from).toISOString(), `must be ${mostDays} days before to at most`)
        const meters = await findUnitMeters(database, unitId, from, to)
        if (!meters) throw notFound('unit', 'path.unitId', unitId)
        const edges = bucketEdges(from, to, hourMs, days)
        const periods = meters.map(({ deviceKey, ...period }) => ({
          ...{ deviceKey, ...period, grains: grainsOf(period.from, period.to, edges) },
        }))
        const sums = await bucketSums(database, 'p_kw', periods, edges)
        const hours = hourlyEnergy(sums, periods, edges, now)
        await recordPersonal(access, request, 'consumption_read', [unitId])
        const shown = hours.map(({ at, energyKwh, samples }) => ({
          ...{ timestamp: new Date(at).toISOString(), energyKwh: rounded(energyKwh), samples },
        }))
        const energyKwh = rounded(hours.reduce((sum, hour) => sum + hour.energyKwh, 0))
        const body = {
          unitId,
          from: new Date(from).toISOString(),
          to: new Date(to).toISOString(),
          energyKwh,
          hours: shown,
        }
        return request.format === 'csv' ? { rows: shown } : { body }
      },
    }),
  ]
}
