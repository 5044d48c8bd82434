import type { ParcelShare, ParcelShares } from './individual.ts'
import { comparableParcels, parcels, type Parcel } from './parcels.ts'

/** What a month came to for the units of a conjunto: customer-milliseconds and customer-interruptions by parcel. */
export interface ConjuntoMonth {
  readonly conjuntoId: string
  /** `YYYY-MM`. */
  readonly month: string
  /** Consumer units (NUC); 0 where none are known, and there is no DEC or FEC. */
  readonly units: number
  readonly parcels: ParcelShares
}

/** DEC or FEC, hundredths of hours or interruptions. */
export interface Collective {
  readonly decHundredths: number
  readonly fecHundredths: number
}

/** How quotients become hundredths (option `continuity-dec-fec-rounding`). */
export type Rounding = 'rounded' | 'truncated'

/** How months become a year (option `continuity-year-aggregation`). */
export type YearAggregation = 'sum' | 'weighted'

const hundredthMs = 36_000

/** Parcels of units together: the order does not matter. */
export function sumOfParcels(all: Iterable<ParcelShares>): ParcelShares {
  const sum: Partial<Record<Parcel, { ms: number; count: number }>> = {}
  for (const each of all)
    for (const parcel of parcels) {
      const share = each[parcel]
      if (!share) continue
      const total = (sum[parcel] ??= { ms: 0, count: 0 })
      total.ms += share.ms
      total.count += share.count
    }
  return sum
}

/** DEC and FEC of one parcel over so many units; null where there are no units. */
export function parcelHundredths(share: ParcelShare, units: number, rounding: Rounding): Collective | null {
  if (units === 0) return null
  return {
    decHundredths: quotient(share.ms, hundredthMs * units, rounding),
    fecHundredths: quotient(share.count * 100, units, rounding),
  }
}

/**
 * DEC and FEC as they are compared with the limit: programmed and not programmed, of internal origin (item 186). Each parcel is
 * brought to hundredths first, as it is published, so that what is published adds up.
 */
export function comparableHundredths(month: ConjuntoMonth, rounding: Rounding): Collective | null {
  const each = comparableParcels.map((parcel) =>
    parcelHundredths(month.parcels[parcel] ?? { ms: 0, count: 0 }, month.units, rounding),
  )
  return each.reduce((sum, parcel) => sum && parcel && added(sum, parcel))!
}

const added = (a: Collective, b: Collective): Collective => ({
  decHundredths: a.decHundredths + b.decHundredths,
  fecHundredths: a.fecHundredths + b.fecHundredths,
})

/**
 * The year of a conjunto as far as there are months: their sum (what is published), or weighted by the units of each month over
 * their mean (item 202, eq. 38 to 40). Equal while the units do not change. Null where no month has units.
 */
export function yearHundredths(
  months: readonly ConjuntoMonth[],
  aggregation: YearAggregation,
  rounding: Rounding,
): Collective | null {
  const known = months.flatMap((month) => {
    const collective = comparableHundredths(month, rounding)
    return collective ? [{ ...collective, units: month.units }] : []
  })
  if (known.length === 0) return null
  if (aggregation === 'sum') return known.reduce<Collective>(added, { decHundredths: 0, fecHundredths: 0 })
  const units = known.reduce((sum, month) => sum + month.units, 0)
  const weighted = (of: (month: Collective) => number): number =>
    quotient(known.reduce((sum, month) => sum + of(month) * month.units, 0) * known.length, units, rounding)
  return {
    decHundredths: weighted(({ decHundredths }) => decHundredths),
    fecHundredths: weighted(({ fecHundredths }) => fecHundredths),
  }
}

/**
 * The month of conjuntos together: DEC and FEC of a union are the means of its parts, weighted by their units (eq. 41 to 46).
 * @param conjuntoId  names the union
 */
export function unionOf(conjuntoId: string, month: string, conjuntos: readonly ConjuntoMonth[]): ConjuntoMonth {
  return {
    conjuntoId,
    month,
    units: conjuntos.reduce((sum, { units }) => sum + units, 0),
    parcels: sumOfParcels(conjuntos.map((each) => each.parcels)),
  }
}

/** Brings a quotient of whole numbers to a whole one: exactly, for binary fractions are none. */
export function quotient(dividend: number, divisor: number, rounding: Rounding): number {
  const rest = dividend % divisor
  const whole = (dividend - rest) / divisor
  return rounding === 'rounded' && 2 * rest >= divisor ? whole + 1 : whole
}
