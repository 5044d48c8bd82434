import type { Database } from '../../platform/storage/database.ts'
import { listCharges } from './charge-repository.ts'
import { voltageClassOf } from './domain/bands.ts'
import { weekBeforeOf } from './domain/forecast-latents.ts'
import { forecastOf, type Forecast } from './domain/forecast.ts'
import type { OffsetAt } from './domain/forecast-slots.ts'
import { populationPrior } from './domain/population-prior.ts'
import { transgressionOn } from './domain/transgression.ts'
import { phases } from './domain/sample.ts'
import { measurementWindows, type Measurement } from './measurement-repository.ts'
import { windowsOfUnit } from './unit-window-repository.ts'

const weekMs = 7 * 86_400_000

/**
 * Forecasts a measurement from the windows that it has taken up, the unit's week before it, and the newest charge that is known
 * of the unit. All of it stands in the database: whoever asks again gets the same.
 */
export async function forecastOfMeasurement(
  database: Database,
  { measurementId, unitId, startsAt, takenUntil, referenceV, phases: unitPhases }: Measurement,
  offsetAt: OffsetAt,
): Promise<Forecast> {
  const [windows, weekBefore, [charge]] = await Promise.all([
    measurementWindows(database, measurementId),
    windowsOfUnit(database, unitId, startsAt - weekMs, startsAt),
    listCharges(database, { unitId }, { limit: 1 }),
  ])
  const day = new Date(startsAt + offsetAt(startsAt)).toISOString().slice(0, 10)
  return forecastOf(
    {
      ...{ windows, offsetAt, nextAt: takenUntil, before: weekBeforeOf(weekBefore) },
      phases: phases.filter((phase) => unitPhases.includes(phase)),
      voltageClass: voltageClassOf(referenceV),
      ...(charge && { eusdBrl: charge.eusdBrl }),
    },
    transgressionOn(day),
    populationPrior,
    measurementId,
  )
}
