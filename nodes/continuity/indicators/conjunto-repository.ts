import type { Queries } from '../../../platform/storage/queries.ts'

/** Consumer units of a conjunto in a month (NUC). */
export interface ConjuntoUnits {
  readonly conjuntoId: string
  readonly units: number
}

/** NUC of conjuntos in a month (`YYYY-MM-01`): the number that was entered, else the registry's. All conjuntos unless some are named. */
export const unitsOfConjuntos = (
  queries: Queries,
  month: string,
  conjuntoIds?: readonly string[],
): Promise<ConjuntoUnits[]> =>
  queries.query(
    `select c.conjunto_id as "conjuntoId", coalesce(
       (select e.units from conjunto_units e where e.conjunto_id = c.conjunto_id and e.month = $1::date),
       (select count(*) from consumer_unit u where u.conjunto_id = c.conjunto_id))::integer as units
     from conjunto c where $2::text[] is null or c.conjunto_id = any ($2)
     order by c.conjunto_id`,
    [month, conjuntoIds ?? null],
  )
