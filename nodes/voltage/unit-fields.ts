import { Type, type Static } from '@sinclair/typebox'
import { Instant, Name, Nullable, OneOf, rounded } from '../../platform/http/fields.ts'
import { voltageBands } from './domain/bands.ts'
import { indicatorsOf } from './domain/indicators.ts'
import { transgressionOn } from './domain/transgression.ts'
import { phases } from './domain/sample.ts'
import type { UnitWeek, VoltageWeek } from './unit-repository.ts'

const phase = (of: string) => Nullable(OneOf(phases, `Phase with most ${of} windows; null where there is none`))
const pct = (description: string, example: number) => Type.Number({ description, examples: [example] })

/** The figures of a rolling week. They book nothing, and say so. */
export const Week = Type.Object(
  {
    indicative: Type.Literal(true, {
      description: 'Of the rolling seven days, and no official measurement: nothing is booked by it',
    }),
    until: Instant('End of the last window that counts; the week is the seven days before'),
    validWindows: Type.Integer({ description: 'Windows that count, of 1,008 in a full week' }),
    band: OneOf(voltageBands, 'Worst band that a valid window of the week lies in'),
    drpPct: pct('Windows in the precarious band, of the phase with most, by 1,008, %', 1.29),
    drpLimitPct: pct('Above this it violates, %', 3),
    drpViolated: Type.Boolean(),
    drpPhase: phase('precarious'),
    precariousWindows: Type.Integer({ description: 'Of that phase' }),
    drcPct: pct('Windows in the critical band, of the phase with most, by 1,008, %', 0.2),
    drcLimitPct: pct('Above this it violates, %', 0.5),
    drcViolated: Type.Boolean(),
    drcPhase: phase('critical'),
    criticalWindows: Type.Integer({ description: 'Of that phase' }),
  },
  { $id: 'VoltageWeek' },
)

export const UnitRow = Type.Object(
  {
    unitId: Name('The consumer unit', 'unit-001'),
    feederId: Nullable(Name('Its feeder', 'feeder-01')),
    meterId: Name('The meter that it has', 'meter-001'),
    referenceVoltageV: Type.Number({ description: 'Voltage that the bands refer to, V', examples: [127] }),
    ...Week.properties,
  },
  { $id: 'VoltageUnitRow' },
)

/** @param day  civil day that says which rule holds */
export function shownWeek(week: VoltageWeek, day: string): Static<typeof Week> {
  const { nlp, nlc, nlpPhase, nlcPhase, drpPct, drcPct, drpViolated, drcViolated } = indicatorsOf(week, day)
  const { drpLimitPct, drcLimitPct } = transgressionOn(day).value
  return {
    ...{ indicative: true, until: new Date(week.until).toISOString(), validWindows: week.valid },
    band: nlc > 0 ? 'critical' : nlp > 0 ? 'precarious' : 'adequate',
    ...{ drpPct: rounded(drpPct), drpLimitPct, drpViolated, drpPhase: nlpPhase, precariousWindows: nlp },
    ...{ drcPct: rounded(drcPct), drcLimitPct, drcViolated, drcPhase: nlcPhase, criticalWindows: nlc },
  }
}

export const shownUnit = (unit: UnitWeek, day: string): Static<typeof UnitRow> => ({
  ...{ unitId: unit.unitId, feederId: unit.feederId, meterId: unit.deviceId, referenceVoltageV: unit.referenceV },
  ...shownWeek(unit, day),
})
