import type { Queries } from '../../platform/storage/queries.ts'
import type { SampleResult } from './domain/collective.ts'

/** What became of the units that were drawn for a quarter. */
export interface QuarterSample {
  /** First day of the quarter, `YYYY-MM-DD`. */
  readonly quarter: string
  /** Measurements by where they stand. */
  readonly scheduled: number
  readonly running: number
  readonly abandoned: number
  /** Of each unit the last one that is complete. */
  readonly results: readonly SampleResult[]
}

/** Quarters with a sample, the newest first. @param from  @param to  first days of quarters, both included */
export const quarterSamples = (queries: Queries, from: string, to: string): Promise<QuarterSample[]> =>
  queries.query(
    `with measured as (
       select distinct on (quarter, unit_id) quarter, drp_pct, drc_pct, drc_violated
       from voltage_measurement join measurement_result using (measurement_id)
       where quarter between $1::date and $2::date and status = 'complete'
       order by quarter, unit_id, measurement_id desc, version desc
     )
     select m.quarter::text, (count(*) filter (where status = 'scheduled'))::integer as scheduled,
       (count(*) filter (where status = 'running'))::integer as running,
       (count(*) filter (where status = 'abandoned' and not exists (
         select from voltage_measurement n where n.retake_of = m.measurement_id)))::integer as abandoned,
       coalesce((select json_agg(json_build_object('drpPct', drp_pct, 'drcPct', drc_pct, 'drcViolated', drc_violated))
         from measured where measured.quarter = m.quarter), '[]') as results
     from voltage_measurement m where m.quarter between $1::date and $2::date
     group by m.quarter order by m.quarter desc`,
    [from, to],
  )
