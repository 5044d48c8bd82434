import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../platform/http/csv.ts'
import { Name, Nullable, rounded } from '../../platform/http/fields.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { budgetOf, transgressionOn } from './domain/transgression.ts'
import { count } from './measurement-fields.ts'
import { feederWeeks } from './unit-repository.ts'

const pct = (description: string) => Type.Number({ description: `${description}, %` })
const worst = (of: string) => Nullable(Name(`The unit with the highest ${of}; null where all are 0`, 'unit-006'))

const Feeder = Type.Object(
  {
    feederId: Nullable(Name('The feeder; null: units that stand on none', 'feeder-01')),
    indicative: Type.Literal(true, { description: 'Of the rolling seven days: nothing is booked by it' }),
    units: count('Units with windows in the rolling seven days'),
    violating: count('Of those, the ones above the limit of DRP or of DRC'),
    violatingPct: pct('Their share'),
    ...{ drpViolating: count('Above the limit of DRP'), drcViolating: count('Above the limit of DRC') },
    ...{ worstDrpUnitId: worst('DRP'), worstDrpPct: pct('Its DRP') },
    ...{ worstDrcUnitId: worst('DRC'), worstDrcPct: pct('Its DRC') },
  },
  { $id: 'VoltageFeeder' },
)

/** How the units of each feeder stand. */
export const feederRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)
  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/feeders',
      operationId: 'listVoltageFeeders',
      summary: 'The rolling seven days of each feeder: units that violate, and the worst one',
      description: 'Indicative, as the list of units that it sums up. A unit counts at its own feeder only.',
      tag: 'voltage quality',
      right: 'read',
      answers: { 200: { description: 'Feeders by their identifiers', schema: Type.Array(Feeder) } },
      csv: csvColumnsOf(Feeder),
      async handle() {
        const now = platformClock.now()
        const day = days.dayOf(now)
        const rule = transgressionOn(day).value
        const { windows } = rule
        const feeders = await feederWeeks(database, now, budgetOf(rule))
        return {
          body: feeders.map(({ nlp, nlc, ...feeder }) => ({
            ...{ ...feeder, indicative: true, violatingPct: rounded((100 * feeder.violating) / feeder.units) },
            ...{ worstDrpPct: rounded((100 * nlp) / windows), worstDrcPct: rounded((100 * nlc) / windows) },
          })),
        }
      },
    }),
  ]
}
