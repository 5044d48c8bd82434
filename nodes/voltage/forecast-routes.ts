import { Type } from '@sinclair/typebox'
import { Instant, instantOrNull, Name, Nullable, rounded } from '../../platform/http/fields.ts'
import { notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import type { LimitForecast } from './domain/forecast.ts'
import { slotsPerDay } from './domain/forecast-slots.ts'
import { count, serial } from './measurement-fields.ts'
import { civilTimeIn, forecastOfMeasurement } from './measurement-forecast.ts'
import { findMeasurement } from './measurement-repository.ts'
import { Explained } from '../../platform/regulation/money-fields.ts'

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

const Limit = Type.Object({
  used: count('Windows of the phase that has most'),
  budget: count('Windows that the limit allows'),
  usedByPhase: Type.Array(count('Windows'), { description: 'Of each phase that the unit has' }),
  burnByTimeOfDay: Type.Array(Nullable(share('Share of the valid windows')), {
    ...{ minItems: slotsPerDay, maxItems: slotsPerDay },
    description: 'Of the worst phase, by stretches of two hours from civil midnight; null: nothing was measured',
  }),
  probability: share('That the limit is broken by the end'),
  brokenAt: Nullable(Instant('Window that broke it; null while it holds')),
  breaks: Nullable(
    Type.Object(
      {
        medianAt: Instant('As likely before as after'),
        fromAt: Instant('In four cases of five from then on'),
        untilAt: Instant('until then'),
      },
      { description: 'When it breaks, if it does; null where it cannot, or has' },
    ),
  ),
  expectedUsed: Type.Number({ minimum: 0, description: 'Windows at the end, on average' }),
})

const MeasurementForecast = Type.Object(
  {
    measurementId: Type.Integer({ minimum: 1 }),
    unitId: Name('The consumer unit', 'unit-001'),
    at: Instant('Windows that end by then are taken into account'),
    valid: count('Valid windows so far'),
    remaining: count('Valid windows that are missing'),
    completeAt: Instant('When it will probably be complete'),
    drp: Limit,
    drc: Limit,
    compensation: Nullable(Explained),
  },
  { $id: 'VoltageMeasurementForecast' },
)

/** How official measurements will probably come out. */
export const forecastRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const civilTime = civilTimeIn(environment.TIME_ZONE)
  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/measurements/{measurementId}/forecast',
      operationId: 'getVoltageMeasurementForecast',
      summary: 'Whether and when a measurement will break DRP and DRC, and what that would cost',
      tag: 'voltage quality',
      right: 'read',
      params: Type.Object({ measurementId: serial('The measurement') }),
      answers: { 200: { description: 'The forecast as of now', schema: MeasurementForecast } },
      async handle({ params: { measurementId } }) {
        const measurement = await findMeasurement(database, measurementId)
        if (!measurement) throw notFound('measurement', 'path.measurementId', measurementId)
        const { unitId, takenUntil } = measurement
        const forecast = await forecastOfMeasurement(database, measurement, civilTime)
        return {
          body: {
            ...{ measurementId, unitId, at: new Date(takenUntil).toISOString() },
            ...{ valid: forecast.valid, remaining: forecast.remaining },
            completeAt: new Date(forecast.completeAt).toISOString(),
            ...{ drp: limitOf(forecast.drp), drc: limitOf(forecast.drc), compensation: forecast.compensation },
          },
        }
      },
    }),
  ]
}

const limitOf = ({ brokenAt, breaks, burnByTimeOfDay, ...limit }: LimitForecast) => ({
  ...limit,
  burnByTimeOfDay: burnByTimeOfDay.map((burn) => (burn === null ? null : rounded(burn))),
  brokenAt: instantOrNull(brokenAt),
  breaks: breaks && {
    medianAt: new Date(breaks.medianAt).toISOString(),
    fromAt: new Date(breaks.fromAt).toISOString(),
    untilAt: new Date(breaks.untilAt).toISOString(),
  },
})
