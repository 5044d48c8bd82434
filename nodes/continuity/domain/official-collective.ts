import { comparableHundredths, parcelHundredths, type ConjuntoMonth, type Rounding } from './collective.ts'
import type { Conjunto, ReportedMonth } from './official-index.ts'
import { parcels } from './parcels.ts'

/** Codes of the indicators of a conjunto and month, in the order in which they are written. */
export const collectiveCodes: readonly string[] = [
  'DEC',
  'FEC',
  'NumCon',
  ...parcels.flatMap((parcel) => [`DEC${parcel}`, `FEC${parcel}`]),
]

/** Codes of the yearly limits. */
export const limitCodes: readonly string[] = ['DEC', 'FEC']

/** What is reported of a month: DEC (hours) and FEC by parcel, and as they are compared with the limit; of no units only their number. */
export function reportedMonth(conjunto: Conjunto, of: ConjuntoMonth, rounding: Rounding): ReportedMonth {
  const hundredths: Record<string, number> = { NumCon: of.units * 100 }
  const each = [
    ['', comparableHundredths(of, rounding)] as const,
    ...parcels.map(
      (parcel) => [parcel, parcelHundredths(of.parcels[parcel] ?? { ms: 0, count: 0 }, of.units, rounding)] as const,
    ),
  ]
  for (const [suffix, collective] of each) {
    if (!collective) continue
    hundredths[`DEC${suffix}`] = collective.decHundredths
    hundredths[`FEC${suffix}`] = collective.fecHundredths
  }
  return { conjunto, year: Number(of.month.slice(0, 4)), month: Number(of.month.slice(5)), hundredths }
}
