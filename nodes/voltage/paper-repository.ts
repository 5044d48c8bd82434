import type { Queries } from '../../platform/storage/queries.ts'
import type { ExplainedMoney } from '../../platform/regulation/money.ts'
import type { Terminals } from './domain/measuring-point.ts'

/** What the letter says of a measurement beyond its result. */
export interface LetterGround {
  readonly measuredBetween: Terminals
  /** Of the violation that the measurement found, or found again: civil days by which it is to be put right. */
  readonly drpDueOn: string | null
  readonly drcDueOn: string | null
  /** Of the first month that rests on it; null where nothing is due, or what it is waits for something. */
  readonly compensation: ExplainedMoney | null
}

/** @returns undefined where there is no such measurement, or no result of it */
export async function findLetterGround(queries: Queries, measurementId: number): Promise<LetterGround | undefined> {
  const [found] = await queries.query<LetterGround>(
    `select u.measured_between as "measuredBetween", c.drp_due_on::text as "drpDueOn", c.drc_due_on::text as "drcDueOn",
       (select v.explained from voltage_compensation v
        where v.measurement_id = m.measurement_id and v.unit_id = m.unit_id and v.explained is not null
        order by v.month, v.revision desc limit 1) as compensation
     from voltage_measurement m
     join consumer_unit u using (unit_id)
     join lateral (
       select ended_at from measurement_result where measurement_id = m.measurement_id order by version desc limit 1
     ) r on true
     left join lateral (
       select drp_due_on, drc_due_on from voltage_case
       where unit_id = m.unit_id and opened_at <= r.ended_at and (closed_at is null or closed_at > r.ended_at)
         and outcome is distinct from 'void'
       order by opened_at desc limit 1
     ) c on true
     where m.measurement_id = $1`,
    [measurementId],
  )
  return found
}

/** The result in force of a drawn unit. */
export interface SampleRow {
  readonly unitId: string
  readonly precarious: number
  readonly critical: number
  readonly drpPct: number
  readonly drcPct: number
  readonly drcViolated: boolean
}

/** Drawn units of a quarter that were measured, by unit, each by its newest complete measurement. @param quarter  its first day, `YYYY-MM-DD` */
export const sampleOf = (queries: Queries, quarter: string): Promise<SampleRow[]> =>
  queries.query(
    `select distinct on (m.unit_id) m.unit_id as "unitId", r.nlp as precarious, r.nlc as critical,
       r.drp_pct as "drpPct", r.drc_pct as "drcPct", r.drc_violated as "drcViolated"
     from voltage_measurement m
     join lateral (
       select * from measurement_result where measurement_id = m.measurement_id order by version desc limit 1
     ) r on true
     where m.quarter = $1::date and m.kind = 'sample' and m.status = 'complete'
     order by m.unit_id, m.measurement_id desc`,
    [quarter],
  )

/** What was booked for the months of a time, all revisions together, months without anything left out. @param from, before  first days of months */
export const paidByMonth = (
  queries: Queries,
  from: string,
  before: string,
): Promise<{ year: number; month: number; paidBrl: number }[]> =>
  queries.query(
    `select extract(year from month)::integer as year, extract(month from month)::integer as month,
       sum(delta_brl)::float8 as "paidBrl"
     from voltage_compensation
     where month >= $1::date and month < $2::date and delta_brl is not null
     group by voltage_compensation.month order by voltage_compensation.month`,
    [from, before],
  )
