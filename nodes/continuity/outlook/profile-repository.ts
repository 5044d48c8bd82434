import { referenceVoltage } from '../../../platform/network/reference-voltage.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { MonthIndicators } from '../domain/compensation.ts'
import type { EnteredLimits, EnteredRow } from '../domain/individual-limits.ts'
import type { Area } from '../domain/limit-tables.ts'
import type { PriorityService } from '../domain/restoration-policy.ts'

/** What is known of a unit before any outage. */
export interface ProfileRow {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly area: Area | null
  readonly referenceV: number
  readonly service: PriorityService | null
  /** The newest monetary base up to the month, R$. */
  readonly vrcBrl: number | null
  /** Limits of its own that hold in the month. */
  readonly own: EnteredLimits | null
}

/** Units by their identifiers, those after one. @param month  `YYYY-MM` */
export const profilesAfter = (queries: Queries, month: string, after: string, most: number): Promise<ProfileRow[]> =>
  queries.query(
    `select u.unit_id as "unitId", u.conjunto_id as "conjuntoId", u.area, ${referenceVoltage} as "referenceV", s.service,
       base.vrc_brl as "vrcBrl", own.limits as own
     from (select * from consumer_unit where unit_id > $2 order by unit_id limit $3) u
     left join unit_service s on s.unit_id = u.unit_id
     left join lateral (
       select vrc_brl from unit_monetary_base b
       where b.unit_id = u.unit_id and b.month <= ($1 || '-01')::date order by b.month desc limit 1
     ) base on true
     left join lateral (
       select jsonb_build_object('dicH', dic_h, 'fic', fic, 'dmicH', dmic_h, 'dicriH', dicri_h, 'diseH', dise_h,
         'source', source) as limits
       from unit_continuity_limit l
       where l.unit_id = u.unit_id and l.from_month <= ($1 || '-01')::date order by l.from_month desc limit 1
     ) own on true
     order by u.unit_id`,
    [month, after, most],
  )

/** How many units there are. */
export async function countUnits(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ units: number }>('select count(*)::integer as units from consumer_unit')
  return row!.units
}

/** A conjunto, with its yearly limits in hundredths where they are known. */
export interface ConjuntoRow {
  readonly conjuntoId: string
  readonly timeZone: string | null
  readonly decHundredths: number | null
  readonly fecHundredths: number | null
  /** Days of the last weeks that are critical. */
  readonly criticalDays: readonly string[]
}

/** @param since  critical days from this one on, `YYYY-MM-DD` */
export const conjuntosOf = (queries: Queries, year: number, since: string): Promise<ConjuntoRow[]> =>
  queries.query(
    `select c.conjunto_id as "conjuntoId", c.time_zone as "timeZone", l.dec_hundredths as "decHundredths",
       l.fec_hundredths as "fecHundredths",
       array(select day::text from critical_day d where d.conjunto_id = c.conjunto_id and d.day >= $2::date) as "criticalDays"
     from conjunto c left join conjunto_limit l on l.conjunto_id = c.conjunto_id and l.year = $1
     order by c.conjunto_id`,
    [year, since],
  )

/** All rows of limits that the distributor entered. */
export const enteredRows = (queries: Queries): Promise<EnteredRow[]> =>
  queries.query(
    `select voltage_class as "voltageClass", area, up_to_hundredths as "upToHundredths",
       to_char(from_month, 'YYYY-MM') as "fromMonth", dic_h as "dicH", fic, dmic_h as "dmicH", dicri_h as "dicriH",
       dise_h as "diseH", source
     from individual_limit_row`,
  )

/** What a month had come to for a unit. */
export interface MonthRow extends MonthIndicators {
  readonly unitId: string
  readonly month: string
}

const monthColumns = `
  unit_id as "unitId", to_char(month, 'YYYY-MM') as month, dic_ms::float8 as "dicMs", fic, dmic_ms::float8 as "dmicMs",
  coalesce(dicri, '[]') as dicri, coalesce(dise, '[]') as dise`
/** Months that have an outage in them that lasts say nothing of what was before it. */
const ofMonths = `not lasts and month = any (select (m || '-01')::date from unnest($1::text[]) m)`

/** Months of units by their identifiers, from one to another. @param months  `YYYY-MM` */
export const monthsOfUnits = (
  queries: Queries,
  months: readonly string[],
  from: string,
  to: string,
): Promise<MonthRow[]> =>
  queries.query(`select ${monthColumns} from unit_continuity where ${ofMonths} and unit_id between $2 and $3`, [
    ...[months, from, to],
  ])

/** Months of units that were written after a change of indicators. */
export const monthsChangedAfter = (queries: Queries, months: readonly string[], changed: number): Promise<MonthRow[]> =>
  queries.query(`select ${monthColumns} from unit_continuity where ${ofMonths} and changed > $2`, [months, changed])

/** Number of the last change of indicators. */
export async function lastIndicatorChange(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ changed: number }>(
    'select changed::float8 as changed from continuity_indicator_progress',
  )
  return row!.changed
}

/** Numbers of the last commits, of interruptions and of indicators: in one query, for it is asked many times a second. */
export async function lastChanges(queries: Queries): Promise<{ changed: number; indicatorChange: number }> {
  const [row] = await queries.query<{ changed: number; indicatorChange: number }>(
    `select p.changed::float8 as changed, i.changed::float8 as "indicatorChange"
     from continuity_progress p, continuity_indicator_progress i`,
  )
  return row!
}
