import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import {
  comparableHundredths,
  unionOf,
  yearHundredths,
  type Collective,
  type ConjuntoMonth,
  type Rounding,
} from '../domain/collective.ts'
import { limitUseOf, type LimitUse } from '../domain/ranking.ts'
import { yearLimits } from './conjunto-repository.ts'
import { storedConjuntoMonths } from './indicator-repository.ts'

/** A conjunto's year as far as months of it are known. */
export interface ConjuntoYear extends LimitUse {
  readonly conjuntoId: string
  readonly year: number
  readonly months: readonly (ConjuntoMonth & { readonly collective: Collective | null })[]
  /** DEC and FEC of the months so far; null where no month has units. */
  readonly soFar: Collective | null
  readonly limit: Collective | null
}

/** Names the union of all conjuntos. */
const wholeDistributor = ''

/** Years of conjuntos as they were last written, up to a month or to the end, and how their quotients are rounded. */
export async function conjuntoYears(
  queries: Queries,
  year: number,
  { conjuntoIds, upTo }: { readonly conjuntoIds?: readonly string[]; readonly upTo?: string } = {},
): Promise<{ years: ConjuntoYear[]; rounding: Rounding }> {
  const choices = await regulationChoices(queries)
  const { 'continuity-dec-fec-rounding': rounding, 'continuity-year-aggregation': aggregation } = choices
  const limits = new Map((await yearLimits(queries, year)).map(({ conjuntoId, ...limit }) => [conjuntoId, limit]))
  const stored = (await storedConjuntoMonths(queries, year, conjuntoIds)).filter(
    ({ month }) => month <= (upTo ?? month),
  )
  const years = [...Map.groupBy(stored, ({ conjuntoId }) => conjuntoId)].map(([conjuntoId, months]) => {
    const soFar = yearHundredths(months, aggregation, rounding)
    const limit = limits.get(conjuntoId) ?? null
    return {
      ...{ conjuntoId, year, soFar, limit },
      months: months.map((month) => ({ ...month, collective: comparableHundredths(month, rounding) })),
      ...(soFar ? limitUseOf(soFar, limit) : { decShare: null, fecShare: null, dgc: null }),
    }
  })
  return { years, rounding }
}

/**
 * All conjuntos together: DEC and FEC of their union, against the mean of their limits weighted by units. Null where a conjunto
 * with units has no limit, or there are none.
 */
export async function distributorYear(
  queries: Queries,
  year: number,
  years: readonly ConjuntoYear[],
): Promise<ConjuntoYear | null> {
  const choices = await regulationChoices(queries)
  const { 'continuity-dec-fec-rounding': rounding, 'continuity-year-aggregation': aggregation } = choices
  const byMonth = Map.groupBy(
    years.flatMap(({ months }) => months),
    ({ month }) => month,
  )
  const months = [...byMonth].map(([month, conjuntos]) => unionOf(wholeDistributor, month, conjuntos))
  const soFar = yearHundredths(months, aggregation, rounding)
  if (!soFar) return null
  const limit = meanLimit(years)
  return {
    ...{ conjuntoId: wholeDistributor, year, soFar, limit, ...limitUseOf(soFar, limit) },
    months: months.map((month) => ({ ...month, collective: comparableHundredths(month, rounding) })),
  }
}

function meanLimit(years: readonly ConjuntoYear[]): Collective | null {
  const weighted = years.map(({ months, limit }) => ({
    limit,
    units: months.reduce((sum, { units }) => sum + units, 0) / months.length,
  }))
  const units = weighted.reduce((sum, each) => sum + each.units, 0)
  if (units === 0 || weighted.some((each) => each.units > 0 && !each.limit)) return null
  const mean = (of: (limit: Collective) => number): number =>
    weighted.reduce((sum, each) => sum + (each.limit ? of(each.limit) * each.units : 0), 0) / units
  return { decHundredths: mean((limit) => limit.decHundredths), fecHundredths: mean((limit) => limit.fecHundredths) }
}
