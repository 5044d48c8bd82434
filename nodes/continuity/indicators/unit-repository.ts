import type { Queries } from '../../../platform/storage/queries.ts'
import type { UnitScope } from './outage-repository.ts'

/** A unit, as its indicators need to know it. */
export interface JudgedUnit {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly area: 'urban' | 'non_urban' | null
  /** Contracted above 2.3 kV, else nominal, V. */
  readonly referenceV: number
}

export const judgedUnits = (queries: Queries, { unitIds, conjuntoIds }: UnitScope): Promise<JudgedUnit[]> =>
  queries.query(
    `select unit_id as "unitId", conjunto_id as "conjuntoId", area,
       case when nominal_voltage_v > 2300 then coalesce(contracted_voltage_v, nominal_voltage_v) else nominal_voltage_v end
         as "referenceV"
     from consumer_unit
     where ($1::text[] is null or unit_id = any ($1)) and ($2::text[] is null or conjunto_id = any ($2))`,
    [unitIds ?? null, conjuntoIds ?? null],
  )

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
