import type { LiveVoltageForecast, LiveVoltageUnit } from '../../../../../platform/wire/live.ts'
import type { Measurement } from './voltage-answers.ts'

/** An official measurement that is open, with what the live stream says of how far it has come. */
export interface MeasurementRow {
  readonly measurementId: number
  readonly unitId: string
  readonly kind: Measurement['kind']
  readonly protocol: string | null
  readonly status: Measurement['status']
  readonly startsAt: string
  /** Null: not known now. */
  readonly soFar: NonNullable<LiveVoltageUnit['measurement']> | null
}

/** How probable it is that the measurement breaks a limit, 0 to 1; −1 where nobody knows. */
const risk = (forecast: LiveVoltageForecast | null | undefined): number =>
  forecast ? Math.max(forecast.drp.probability, forecast.drc.probability) : -1

const used = ({ soFar }: MeasurementRow): number => (soFar ? Math.max(soFar.drpPct / 3, soFar.drcPct / 0.5) : -1)

/**
 * Open measurements, those first that will most probably break a limit; those that have not begun come last, the next one first.
 * @param live  of the live stream, by unit; of a measurement that is another one by now, nothing is taken from it
 */
export function measurementRows(
  measurements: readonly Measurement[],
  live: ReadonlyMap<string, LiveVoltageUnit>,
): MeasurementRow[] {
  return measurements
    .map(({ measurementId, unitId, kind, protocol, status, startsAt }): MeasurementRow => {
      const soFar = live.get(unitId)?.measurement ?? null
      const isThis = soFar?.measurementId === measurementId
      return { measurementId, unitId, kind, protocol, status, startsAt, soFar: isThis ? soFar : null }
    })
    .toSorted(
      (one, other) =>
        Number(one.status === 'scheduled') - Number(other.status === 'scheduled') ||
        risk(other.soFar?.forecast) - risk(one.soFar?.forecast) ||
        used(other) - used(one) ||
        (one.startsAt < other.startsAt
          ? -1
          : one.startsAt > other.startsAt
            ? 1
            : one.measurementId - other.measurementId),
    )
}

/** How sure it is that a limit breaks, as a word; `unlikely` below 35 % and `likely` from 50 % on, as the conditions have it. */
export type Outcome = 'broken' | 'likely' | 'possible' | 'unlikely'
export function outcomeOf({ probability, brokenAt }: LiveVoltageForecast['drp']): Outcome {
  if (brokenAt !== null) return 'broken'
  return probability >= 0.5 ? 'likely' : probability >= 0.35 ? 'possible' : 'unlikely'
}
