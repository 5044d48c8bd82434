import { referenceVoltage } from '../../../platform/network/reference-voltage.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { EnteredLimits, EnteredRow } from '../domain/individual-limits.ts'
import type { Area } from '../domain/limit-tables.ts'
import type { UnitScope } from './outage-repository.ts'

/** A unit, as its indicators need to know it in a month. */
export interface JudgedUnit {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly area: Area | null
  /** Contracted above 2.3 kV, else nominal, V. */
  readonly referenceV: number
  /** Limits of its own that hold in the month. */
  readonly own: EnteredLimits | null
  /** Monetary base of the month, or until it has one the last before it, R$; null: nobody has entered any. */
  readonly vrcBrl: number | null
}

/** @param month  first day of the month, `YYYY-MM-DD` */
export const judgedUnits = (
  queries: Queries,
  month: string,
  { unitIds, conjuntoIds }: UnitScope,
): Promise<JudgedUnit[]> =>
  queries.query(
    `select u.unit_id as "unitId", u.conjunto_id as "conjuntoId", u.area, ${referenceVoltage} as "referenceV", own.limits as own,
       b.vrc_brl as "vrcBrl"
     from consumer_unit u
     left join (
       select distinct on (unit_id) unit_id, json_build_object('dicH', dic_h, 'fic', fic, 'dmicH', dmic_h, 'dicriH', dicri_h,
         'diseH', dise_h, 'source', source) as limits
       from unit_continuity_limit where from_month <= $1::date and ($2::text[] is null or unit_id = any ($2))
       order by unit_id, from_month desc
     ) own on own.unit_id = u.unit_id
     left join (
       select distinct on (unit_id) unit_id, vrc_brl
       from unit_monetary_base where month <= $1::date and ($2::text[] is null or unit_id = any ($2))
       order by unit_id, month desc
     ) b on b.unit_id = u.unit_id
     where ($2::text[] is null or u.unit_id = any ($2)) and ($3::text[] is null or u.conjunto_id = any ($3))`,
    [month, unitIds ?? null, conjuntoIds ?? null],
  )

/** Rows of the norm's tables that the distributor entered, of all classes, that hold or once held in a month. */
export const enteredRows = (queries: Queries, month: string): Promise<EnteredRow[]> =>
  queries.query(
    `select voltage_class as "voltageClass", area, up_to_hundredths as "upToHundredths",
       to_char(from_month, 'YYYY-MM') as "fromMonth", dic_h as "dicH", fic, dmic_h as "dmicH", dicri_h as "dicriH",
       dise_h as "diseH", source
     from individual_limit_row where from_month <= $1::date`,
    [month],
  ) as Promise<(EnteredRow & { voltageClass: VoltageClass })[]>

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
