import type { Queries } from '../../../platform/storage/queries.ts'
import type { Collective } from '../domain/collective.ts'

/** Consumer units of a conjunto in a month (NUC). */
export interface ConjuntoUnits {
  readonly conjuntoId: string
  readonly units: number
}

/** The day on which units are counted (option `continuity-nuc-day`). */
export type CountingDay = 'first-day' | 'last-day'

/**
 * NUC of conjuntos in a month (`YYYY-MM-01`): the number that was entered, else that of the registry's units that are supplied at
 * noon of the day; a unit that nothing is told of is. All conjuntos unless some are named.
 */
export const unitsOfConjuntos = (
  queries: Queries,
  month: string,
  day: CountingDay,
  conjuntoIds?: readonly string[],
): Promise<ConjuntoUnits[]> =>
  queries.query(
    `with day as (
       select (case when $2 = 'first-day' then $1::date else ($1::date + interval '1 month' - interval '1 day') end + interval '12 hours')
         at time zone 'UTC' as noon
     ), counted as (
       select conjunto_id, count(*)::integer as units
       from consumer_unit u, day
       where ($3::text[] is null or conjunto_id = any ($3))
         and (exists (select from unit_supply s where s.unit_id = u.unit_id and s.validity @> noon)
           or not exists (select from unit_supply s where s.unit_id = u.unit_id))
       group by conjunto_id
     )
     select c.conjunto_id as "conjuntoId", coalesce(e.units, counted.units, 0) as units
     from conjunto c
     left join conjunto_units e on e.conjunto_id = c.conjunto_id and e.month = $1::date
     left join counted on counted.conjunto_id = c.conjunto_id
     where $3::text[] is null or c.conjunto_id = any ($3)
     order by c.conjunto_id`,
    [month, day, conjuntoIds ?? null],
  )

/** Limits of DEC and FEC of a year, of all conjuntos that have some. */
export const yearLimits = (queries: Queries, year: number): Promise<(Collective & { readonly conjuntoId: string })[]> =>
  queries.query(
    `select conjunto_id as "conjuntoId", dec_hundredths as "decHundredths", fec_hundredths as "fecHundredths"
     from conjunto_limit where year = $1`,
    [year],
  )

export async function isConjunto(queries: Queries, conjuntoId: string): Promise<boolean> {
  const [row] = await queries.query<{ there: boolean }>(
    'select exists (select from conjunto where conjunto_id = $1) as there',
    [conjuntoId],
  )
  return row!.there
}
