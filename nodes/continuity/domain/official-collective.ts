import { comparableParcels, parcels, type Parcel } from './parcels.ts'
import type { ParcelShare } from './individual.ts'
import type { Conjunto, ReportedMonth } from './official-index.ts'

const hourMs = 3_600_000

/** What interruptions came to for a conjunto in a month. */
export interface ConjuntoMonth {
  readonly conjunto: Conjunto
  readonly year: number
  readonly month: number
  /** Consumer units (NUC). */
  readonly units: number
  /** Customer-milliseconds and customer-interruptions. */
  readonly parcels: Readonly<Partial<Record<Parcel, ParcelShare>>>
}

/** Codes of the indicators of a conjunto and month, in the order in which they are written. */
export const collectiveCodes: readonly string[] = [
  'DEC',
  'FEC',
  'NumCon',
  ...parcels.flatMap((parcel) => [`DEC${parcel}`, `FEC${parcel}`]),
]

/** Codes of the yearly limits. */
export const limitCodes: readonly string[] = ['DEC', 'FEC']

/** Option continuity-dec-fec-rounding. */
export type Rounding = 'rounded' | 'truncated'

/** What is reported of a month: DEC (hours) and FEC by parcel, and as they are compared with the limit; each brought to hundredths once. */
export function reportedMonth({ parcels: shares, units, ...month }: ConjuntoMonth, rounding: Rounding): ReportedMonth {
  const of = (names: readonly Parcel[]): ParcelShare => ({
    ms: names.reduce((sum, name) => sum + (shares[name]?.ms ?? 0), 0),
    count: names.reduce((sum, name) => sum + (shares[name]?.count ?? 0), 0),
  })
  const entries = [['', comparableParcels] as const, ...parcels.map((parcel) => [parcel, [parcel]] as const)].flatMap(
    ([suffix, names]) => {
      const { ms, count } = of(names)
      return [
        [`DEC${suffix}`, hundredthsOf(ms, hourMs * units, rounding)],
        [`FEC${suffix}`, hundredthsOf(count, units, rounding)],
      ]
    },
  )
  return { ...month, hundredths: { NumCon: units * 100, ...(Object.fromEntries(entries) as Record<string, number>) } }
}

/** Hundredths of a quotient of whole numbers, half up or cut: exact, where floats would be a hundredth off. */
function hundredthsOf(dividend: number, divisor: number, rounding: Rounding): number {
  if (divisor === 0) return 0
  const half = rounding === 'rounded' ? BigInt(divisor) : 0n
  return Number((200n * BigInt(dividend) + half) / (2n * BigInt(divisor)))
}
