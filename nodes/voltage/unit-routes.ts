import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../platform/http/csv.ts'
import { IdentifierParameter, Instant, Name, Nullable, OneOf, rounded } from '../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badField, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { bandRuleOf, UnknownVoltage, voltageBands } from './domain/bands.ts'
import { voltageClasses, voltageClassOf } from '../../platform/regulation/voltage-class.ts'
import { indicatorsOf } from './domain/indicators.ts'
import { terminals } from './domain/measuring-point.ts'
import { countWindows } from './domain/window-counts.ts'
import { budgetOf, transgressionOn } from './domain/transgression.ts'
import { runningMeasurements, type RunningMeasurement } from './live-repository.ts'
import { count } from './measurement-fields.ts'
import { measurementKinds } from './measurement-repository.ts'
import { beforeAll, findUnit, rankedUnits, ranks, type Rank, type UnitWeek } from './unit-repository.ts'
import { shownUnit, shownWeek, UnitRow, Week } from './unit-fields.ts'
import { windowsOfUnit } from './unit-window-repository.ts'
import { shownWindow, Window } from './window-fields.ts'

const dayMs = 86_400_000
const volts = (description: string) => Type.Number({ description: `${description}, V` })

const Unit = Type.Object(
  {
    unitId: Name('The consumer unit', 'unit-001'),
    feederId: Nullable(Name('Its feeder', 'feeder-01')),
    meterId: Nullable(Name('The meter that it has', 'meter-001')),
    phases: Type.String({ description: 'Phases that it has', examples: ['ABC'] }),
    nominalVoltageV: volts('Nominal voltage'),
    contractedVoltageV: Nullable(volts('Contracted voltage of a unit above 2.3 kV; null where none is entered')),
    measuredBetween: OneOf(terminals, 'Between which terminals voltages stand'),
    referenceVoltageV: volts('Voltage that the bands refer to: contracted above 2.3 kV, else nominal'),
    voltageClass: OneOf(voltageClasses, 'Low, medium (above 2.3 kV), high (from 69 kV)'),
    bands: Nullable(
      Type.Object(
        {
          criticalLowV: volts('Critical below'),
          adequateLowV: volts('Adequate from here on, precarious below'),
          adequateHighV: volts('Adequate up to here, precarious above'),
          criticalHighV: volts('Critical above'),
          source: Type.String({ description: 'Where that is written, and how sure it is' }),
          validFrom: Type.String({ format: 'date', description: 'Since when it holds' }),
        },
        { description: 'Bounds of today' },
      ),
    ),
    bandsMissing: Nullable(Type.String({ description: 'Why there are no bounds: such a unit is not judged' })),
    week: Nullable(Week),
    lastDay: Type.Object(
      {
        from: Instant('24 hours before now'),
        windows: count('Windows that begin in these hours'),
        valid: count('Of those, the ones that count'),
        ...{ adequate: count('Valid, all phases adequate'), precarious: count('Valid, the worst phase precarious') },
        critical: count('Valid, the worst phase critical'),
        ...{ interruption: count('Invalid for an interruption'), vtcd: count('Invalid for a disturbance (VTCD)') },
        coverage: count('Invalid for lack of readings'),
      },
      { description: 'The last 24 hours' },
    ),
    newestWindow: Nullable(Window),
    measurement: Nullable(
      Type.Object(
        {
          measurementId: Type.Integer(),
          kind: OneOf(measurementKinds, 'Why the unit is measured'),
          startsAt: Instant('When it began'),
          validWindows: count('Valid windows so far, of 1,008'),
          drpPct: Type.Number({ description: 'What is used of the limit of DRP, by 1,008 windows, %' }),
          drcPct: Type.Number({ description: 'The same of DRC, %' }),
        },
        { description: 'The official measurement that runs' },
      ),
    ),
  },
  { $id: 'VoltageUnit' },
)

/** Where a ranking stands: under which, how many windows count against the unit, and its meter. */
const unitKeys = new Keyset(
  Type.Object({
    rank: OneOf(ranks, ''),
    count: Type.Integer({ minimum: 0, maximum: 10_080 }),
    deviceKey: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }),
  }),
)

/** The rolling week of all units, and what is known of the voltage of one. */
export const unitRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)
  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/units',
      operationId: 'listVoltageUnits',
      summary: 'The rolling seven days of all units, the worst first',
      description:
        'Indicative: DRP and DRC as far as the last seven days go, of the meter that the unit has. Nothing is booked by them; official figures are those of measurements. Units without any window are not listed.',
      tag: 'voltage quality',
      right: 'read',
      query: Type.Object({
        rank: Type.Unsafe<Rank>(
          Type.String({ enum: [...ranks], default: 'drp', description: 'By DRP or by DRC, the highest first' }),
        ),
        feederId: Type.Optional(IdentifierParameter('Those on this feeder', 'feeder-01')),
        band: Type.Optional(OneOf(voltageBands, 'Those whose worst window of the week lies in this band')),
        violating: Type.Optional(
          Type.Boolean({ description: 'Those above the limit of DRP or of DRC; false: those above neither' }),
        ),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Units, the worst first', schema: pageOf(UnitRow) } },
      csv: csvColumnsOf(UnitRow),
      async handle({ query: { rank, cursor, limit, ...filter } }) {
        const now = platformClock.now()
        const day = days.dayOf(now)
        const seen = unitKeys.after(cursor)
        if (seen && seen.rank !== rank) throw badField('query.cursor', cursor, `is of a list by ${seen.rank}`)
        const page = { after: seen ?? beforeAll, limit: limit + 1 }
        const rows = await rankedUnits(database, rank, now, filter, budgetOf(transgressionOn(day).value), page)
        const { items, nextCursor } = unitKeys.page(rows, limit, (unit) => ({
          ...{ rank, count: countAgainst(unit, rank), deviceKey: unit.deviceKey },
        }))
        return { body: { items: items.map((unit) => shownUnit(unit, days.dayOf(unit.until))), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/units/{unitId}',
      operationId: 'getVoltageUnit',
      summary: 'Reference voltage, bands and the rolling week of a unit',
      tag: 'voltage quality',
      right: 'read',
      params: Type.Object({ unitId: IdentifierParameter('The consumer unit', 'unit-001') }),
      answers: { 200: { description: 'The unit', schema: Unit } },
      async handle({ params: { unitId } }) {
        const now = platformClock.now()
        const unit = await findUnit(database, unitId, now)
        if (!unit) throw notFound('unit', 'path.unitId', unitId)
        const from = now - dayMs
        const windows = await windowsOfUnit(database, unitId, from, now)
        const newest = windows.at(-1)
        const [measurement] = await runningMeasurements(database, [unitId])
        const { deviceKey: _, deviceId: meterId, nominalV, contractedV, referenceV, week, ...rest } = unit
        return {
          body: {
            ...{ ...rest, meterId, nominalVoltageV: nominalV, contractedVoltageV: contractedV },
            ...{ referenceVoltageV: referenceV, voltageClass: voltageClassOf(referenceV) },
            ...shownBands(referenceV, days.dayOf(now)),
            week: week && shownWeek(week, days.dayOf(week.until)),
            lastDay: { from: new Date(from).toISOString(), ...countWindows(windows) },
            newestWindow: newest ? shownWindow(newest) : null,
            measurement: measurement ? shownMeasurement(measurement, days.dayOf(measurement.startsAt)) : null,
          },
        }
      },
    }),
  ]
}

const countAgainst = ({ precarious, critical }: UnitWeek, rank: Rank): number =>
  Math.max(...(rank === 'drp' ? precarious : critical).map((windows) => windows ?? 0))

function shownMeasurement({ measurementId, kind, startsAt, valid, ...counts }: RunningMeasurement, day: string) {
  const { drpPct, drcPct } = indicatorsOf(counts, day)
  return {
    ...{ measurementId, kind, startsAt: new Date(startsAt).toISOString(), validWindows: valid },
    ...{ drpPct: rounded(drpPct), drcPct: rounded(drcPct) },
  }
}

function shownBands(referenceV: number, day: string) {
  try {
    const { value, source, validFrom } = bandRuleOf(referenceV, day)
    const { criticalLow, adequateLow, adequateHigh, criticalHigh } = value
    return {
      bands: {
        ...{ criticalLowV: criticalLow, adequateLowV: adequateLow },
        ...{ adequateHighV: adequateHigh, criticalHighV: criticalHigh, source, validFrom },
      },
      bandsMissing: null,
    }
  } catch (error) {
    if (!(error instanceof UnknownVoltage)) throw error
    return { bands: null, bandsMissing: error.message }
  }
}
