import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ExpectedDay } from '../domain/maintenance/expected-energy.ts'
import type { RatioDay } from '../domain/maintenance/trend.ts'

/** A plant whose forecast is older than what is known of it. */
export interface DuePlant {
  readonly plantId: string
  /** Its newest day that is over and computed, `YYYY-MM-DD`. */
  readonly day: string
  /** Visits noted and withdrawn. */
  readonly visits: number
}

/**
 * Plants with a day, or a visit, that their forecast does not know yet; `most` of them in the order of their identifiers.
 * @param since   plants without a day since then are left alone, UTC milliseconds
 * @param except  plants that are not wanted
 */
export const duePlants = (
  queries: Queries,
  { since, most, except }: { readonly since: number; readonly most: number; readonly except: readonly string[] },
): Promise<DuePlant[]> =>
  queries.query(
    `with newest as (
       select plant_id, max(day) as day from solar_panel_day
       where is_final and begins_at >= to_timestamp($1::float8 / 1000) group by plant_id
     ), noted as (
       select plant_id, (count(*) + count(w.visit_id))::integer as visits
       from solar_visit left join solar_visit_withdrawal w using (visit_id) group by plant_id
     )
     select plant_id as "plantId", to_char(n.day, 'YYYY-MM-DD') as day, coalesce(v.visits, 0) as visits
     from newest n left join noted v using (plant_id) left join solar_plant_maintenance m using (plant_id)
     where (m.plant_id is null or m.day <> n.day or m.visits <> coalesce(v.visits, 0)) and plant_id <> all ($3::text[])
     order by plant_id limit $2`,
    [since, most, except],
  )

/** A day with what its panel made of it, and what was to be expected. */
export interface PanelDay extends RatioDay, ExpectedDay {
  readonly deviceKey: number
}

/**
 * Daily temperature-corrected ratios of some panels, by panel in the order of days. Days say something only that are over, and had an
 * hour of full sun while the irradiance was known by itself: of a sky that is told by the panels nobody knows what dirt takes of all.
 * @param since  UTC milliseconds
 * @param until  the last day, `YYYY-MM-DD`
 */
export const ratioDays = (
  queries: Queries,
  deviceKeys: readonly number[],
  since: number,
  until: string,
): Promise<PanelDay[]> =>
  queries.query(
    `select device_key as "deviceKey", day - '1970-01-01'::date as day, corrected_wh / corrected_reference_wh as ratio,
       expected_wh / 1000 as "expectedKwh"
     from solar_panel_day
     where device_key = any ($1) and begins_at >= to_timestamp($2::float8 / 1000) and day <= $3::date and is_final
       and corrected_reference_wh >= rated_w
     order by device_key, day`,
    [deviceKeys, since, until],
  )

/** A visit that changed what panels give. */
export interface WorkDone {
  /** Null: all panels of the plant. */
  readonly panelId: string | null
  readonly what: 'cleaning' | 'repair' | 'replacement'
  /** UTC milliseconds. */
  readonly doneAt: number
}

/** What was done at a plant since an instant, and not noted by mistake, in its order; the newest 2,000. */
export const worksAt = (queries: Queries, plantId: string, since: number): Promise<WorkDone[]> =>
  queries.query(
    `select * from (
       select panel_id as "panelId", what, ${milliseconds('done_at')} as "doneAt" from solar_visit v
       where plant_id = $1 and what <> 'inspection' and done_at >= to_timestamp($2::float8 / 1000)
         and not exists (select from solar_visit_withdrawal w where w.visit_id = v.visit_id)
       order by done_at desc limit 2000) newest
     order by "doneAt"`,
    [plantId, since],
  )
