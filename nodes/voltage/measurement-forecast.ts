import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { offsetsIn } from '../../platform/clock/zone-offset.ts'
import type { ExplainedMoney } from '../../platform/regulation/money.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import type { Database } from '../../platform/storage/database.ts'
import { casesOfUnit } from './case-repository.ts'
import { chargeNearest, type Charge } from './charge-repository.ts'
import { voltageClassOf } from '../../platform/regulation/voltage-class.ts'
import { weekBeforeOf } from './domain/forecast-latents.ts'
import { forecastOf, headwayOf, type Forecast } from './domain/forecast.ts'
import type { OffsetAt } from './domain/forecast-slots.ts'
import { populationPrior } from './domain/population-prior.ts'
import { expectedEusdMonth, type Calendar, type ViolationChoices } from './domain/regularisation.ts'
import { transgressionOn } from './domain/transgression.ts'
import { phases } from './domain/sample.ts'
import { measurementWindows, type Measurement } from './measurement-repository.ts'
import { windowsOfUnit } from './unit-window-repository.ts'

const weekMs = 7 * 86_400_000

/** The clocks and the days of a zone. */
export interface CivilTime {
  readonly offsetAt: OffsetAt
  readonly calendar: Calendar
}

/** @param timeZone  IANA zone */
export const civilTimeIn = (timeZone: string): CivilTime => ({
  offsetAt: offsetsIn(timeZone),
  calendar: civilDaysIn(timeZone),
})

/**
 * Forecasts a measurement from the windows that it has taken up, the unit's week before it, and what its compensation would be
 * booked by: the options in force, or those of a case that is open, and the charge they ask for or, as long as that is not
 * known, the nearest one. All of it stands in the database: whoever asks again gets the same.
 */
export async function forecastOfMeasurement(
  database: Database,
  { measurementId, unitId, startsAt, takenUntil, referenceV, phases: unitPhases }: Measurement,
  { offsetAt, calendar }: CivilTime,
): Promise<Forecast> {
  const [windows, weekBefore, { choices, lasts }] = await Promise.all([
    measurementWindows(database, measurementId),
    windowsOfUnit(database, unitId, startsAt - weekMs, startsAt),
    bookedBy(database, unitId),
  ])
  const rule = transgressionOn(calendar.dayOf(startsAt))
  const { completeAt } = headwayOf(windows, takenUntil, rule.value.windows)
  const due = expectedEusdMonth({ startedAt: startsAt, endedAt: completeAt }, lasts, choices, calendar)
  const charge = await chargeNearest(database, unitId, due)
  const forecast = forecastOf(
    {
      ...{ windows, offsetAt, nextAt: takenUntil, before: weekBeforeOf(weekBefore) },
      phases: phases.filter((phase) => unitPhases.includes(phase)),
      voltageClass: voltageClassOf(referenceV),
      k2HighVoltage: choices['voltage-k2-high-voltage'],
      ...(charge && { eusdBrl: charge.eusdBrl }),
    },
    rule,
    populationPrior,
    measurementId,
  )
  const { compensation } = forecast
  return { ...forecast, compensation: charge && compensation ? withOrigin(compensation, charge, due) : compensation }
}

/** What a violation of the unit would be booked by, and whether one lasts already. */
async function bookedBy(database: Database, unitId: string): Promise<{ choices: ViolationChoices; lasts: boolean }> {
  const open = (await casesOfUnit(database, unitId)).find(({ outcome }) => outcome === null)
  return { choices: open?.choices ?? (await regulationChoices(database)), lasts: open !== undefined }
}

/** Says whose charge it is, and of which month it will be once that is known. */
const withOrigin = (money: ExplainedMoney, { month, source }: Charge, due: string): ExplainedMoney => ({
  ...money,
  inputs: { ...money.inputs, EUSDmonth: month, EUSDsource: source, ...(month !== due && { EUSDmonthDue: due }) },
})
