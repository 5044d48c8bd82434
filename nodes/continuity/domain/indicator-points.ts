import { lineOf, pointTime, seriesKey, type FieldValue } from '../../../platform/wire/line-protocol.ts'
import { comparableHundredths, parcelHundredths, type ConjuntoMonth, type Rounding } from './collective.ts'
import type { UnitMonth } from './individual.ts'
import { parcels } from './parcels.ts'

const hourMs = 3_600_000

/** When a point of a month stands: when it was computed, or, where the month was over by then, at its last millisecond, so that what is corrected takes its own place. */
export const pointOfMonth = (computedAt: number, monthUntil: number): number => Math.min(computedAt, monthUntil - 1)

/** A unit's month and where it is: nothing here leads to a person. */
export interface TaggedUnitMonth extends UnitMonth {
  readonly conjuntoId: string | null
  readonly feederId: string | null
  readonly month: string
  readonly violated: readonly string[]
  readonly compensationBrl: number | null
  readonly lasts: boolean
}

/** Point of a unit's month. @param at  UTC milliseconds */
export function unitLine(unit: TaggedUnitMonth, at: number): string | undefined {
  const { unitId, feederId, conjuntoId, month, dicMs, fic, dmicMs, dicri, dise, violated, compensationBrl, lasts } =
    unit
  const longest = (events: UnitMonth['dise']): number => Math.max(0, ...events.map(({ ms }) => ms)) / hourMs
  return lineAt(
    'continuity_unit',
    {
      unit: unitId,
      ...(feederId !== null && { feeder: feederId }),
      ...(conjuntoId !== null && { conjunto: conjuntoId }),
    },
    {
      ...{ month, dic_h: dicMs / hourMs, fic, dmic_h: dmicMs / hourMs, dicri_h: longest(dicri), dise_h: longest(dise) },
      ...{ lasts, violated: violated.join(',') },
      ...(compensationBrl !== null && { compensation_brl: compensationBrl }),
    },
    at,
  )
}

/** Point of a conjunto's month: DEC and FEC as compared with the limit, and each parcel. @param at  UTC milliseconds */
export function conjuntoLine(month: ConjuntoMonth, rounding: Rounding, at: number): string | undefined {
  const total = comparableHundredths(month, rounding)
  if (!total) return undefined
  const each = parcels.flatMap((parcel) => {
    const { decHundredths, fecHundredths } = parcelHundredths(
      month.parcels[parcel] ?? { ms: 0, count: 0 },
      month.units,
      rounding,
    )!
    const name = parcel.toLowerCase()
    return [
      [`dec_${name}_h`, decHundredths / 100],
      [`fec_${name}`, fecHundredths / 100],
    ] as const
  })
  const { month: name, units } = month
  const whole = { month: name, units, dec_h: total.decHundredths / 100, fec: total.fecHundredths / 100 }
  return lineAt('continuity_conjunto', { conjunto: month.conjuntoId }, { ...whole, ...Object.fromEntries(each) }, at)
}

const lineAt = (
  measurement: string,
  tags: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, FieldValue>>,
  at: number,
): string | undefined =>
  lineOf(seriesKey(measurement, tags), Object.keys(fields), Object.values(fields), pointTime(at, 0))
