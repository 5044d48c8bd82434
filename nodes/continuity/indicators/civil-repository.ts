import type { Queries } from '../../../platform/storage/queries.ts'

/** A conjunto, as months are counted in it. */
export interface CivilConjunto {
  readonly conjuntoId: string
  /** IANA zone; null: that of the installation. */
  readonly timeZone: string | null
  /** Days `YYYY-MM-DD` that count as critical, in the order of time. */
  readonly criticalDays: readonly string[]
}

/** All conjuntos, with their critical days from one to another (both included). */
export const civilConjuntos = (queries: Queries, from: string, to: string): Promise<CivilConjunto[]> =>
  queries.query(
    `select conjunto_id as "conjuntoId", time_zone as "timeZone",
       coalesce(array_agg(day::text order by day) filter (where day is not null), '{}') as "criticalDays"
     from conjunto
     left join (select conjunto_id, day from critical_day where day between $1::date and $2::date) critical using (conjunto_id)
     group by conjunto_id`,
    [from, to],
  )

/** The zones that conjuntos have of their own. */
export const zonesOfConjuntos = async (queries: Queries): Promise<string[]> =>
  (
    await queries.query<{ zone: string }>(
      'select distinct time_zone as zone from conjunto where time_zone is not null order by zone',
    )
  ).map(({ zone }) => zone)
