import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** When an event is over, and when it really began. */
const over = 'least(ends_at, cancelled_at)'
const begun = 'greatest(starts_at, entered_at)'

/** Events whose results are to be computed: not yet, or for good. */
export function resultsDue(
  queries: Queries,
  { settledAt, finalAt }: { readonly settledAt: number; readonly finalAt: number },
  most: number,
): Promise<{ eventId: number; startsAt: number }[]> {
  return queries.query<{ eventId: number; startsAt: number }>(
    `select event_id::float8 as "eventId", ${milliseconds('starts_at')} as "startsAt"
     from dr_event_progress p join dr_event using (event_id)
     where p.is_open and (p.results = 0 and ${over} <= to_timestamp($1::float8 / 1000)
       or p.results = 1 and ${over} <= to_timestamp($2::float8 / 1000))
     order by ${over}, event_id limit $3`,
    [settledAt, finalAt, most],
  )
}

/** @param results  1: computed once; 2: for good */
export async function markResults(queries: Queries, eventId: number, results: 1 | 2): Promise<void> {
  await queries.query('update dr_event_progress set results = greatest(results, $2) where event_id = $1', [
    ...[eventId, results],
  ])
}

/** Nothing is left to say or to do for an event that was never in force. */
export async function markNever(queries: Queries, eventId: number): Promise<void> {
  await queries.query(
    `update dr_event_progress set begun_told = true, ended_told = true, results = 2, results_told = 2 where event_id = $1`,
    [eventId],
  )
}

/** What is to be said of an event: that it began, that it is over, or what came of it. */
export type Telling = 'begun' | 'ended' | 'results'

/** What is still to be said, the oldest first. @param at  UTC milliseconds */
export function untold(
  queries: Queries,
  at: number,
  most: number,
): Promise<{ eventId: number; telling: Telling; results: number }[]> {
  return queries.query<{ eventId: number; telling: Telling; results: number }>(
    `select event_id::float8 as "eventId", telling, results from (
       select event_id, 1 as place, 'begun' as telling, ${begun} as due, results
       from dr_event_progress p join dr_event using (event_id)
       where is_open and not begun_told and ${begun} <= to_timestamp($1::float8 / 1000) and ${over} > ${begun}
       union all
       select event_id, 2, 'ended', ${over}, results from dr_event_progress p join dr_event using (event_id)
       where is_open and not ended_told and ${over} <= to_timestamp($1::float8 / 1000) and ${over} > ${begun}
       union all
       select event_id, 3, 'results', ${over}, results from dr_event_progress p join dr_event using (event_id)
       where is_open and results_told < results and ${over} > ${begun}
     ) open order by due, event_id, place limit $2`,
    [at, most],
  )
}

/** That it was said; of results, which. */
export async function markTold(queries: Queries, eventId: number, telling: Telling, results: number): Promise<void> {
  await queries.query(
    `update dr_event_progress set begun_told = begun_told or $2 = 'begun', ended_told = ended_told or $2 = 'ended',
       results_told = case when $2 = 'results' then greatest(results_told, $3::smallint) else results_told end
     where event_id = $1`,
    [eventId, telling, results],
  )
}
