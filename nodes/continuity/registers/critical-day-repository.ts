import type { PoolClient } from 'pg'
import type { RegulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** Daily counts of emergency occurrences, in the civil days of each conjunto, and the days that two persons called critical. */

/** Counts of a conjunto's days from one to before another, summed up. Days without any occurrence are not among `told`. */
export interface SummedDays {
  readonly conjuntoId: string
  readonly sum: number
  readonly sumOfSquares: number
  /** Days of which anything is known: occurrences, or an entered count, be it 0. */
  readonly told: number
  readonly firstTold: string | null
  /** Days that the option leaves out of the history. */
  readonly leftOut: number
}

/**
 * Sums of a history, for each of the conjuntos. An entered count of a day holds instead of its occurrences.
 * @param span  civil days: the first, and the first one after the last
 * @param zone  of conjuntos that have none of their own
 */
export const summedDays = (
  queries: Queries,
  conjuntoIds: readonly string[],
  { from, until }: { from: string; until: string },
  history: RegulationChoices['continuity-critical-day-history'],
  zone: string,
): Promise<SummedDays[]> =>
  queries.query(
    `with wanted as (
       select conjunto_id, coalesce(time_zone, $5) as zone from conjunto where conjunto_id = any ($1)
     ), left_out as (
       select conjunto_id, day::date as day
       from wanted join emergency_situation on conjunto_id = any (conjunto_ids) or exists (
           select from consumer_unit
           where consumer_unit.conjunto_id = wanted.conjunto_id and municipality_code = any (municipality_codes)),
         generate_series((starts_at at time zone zone)::date,
           ((ends_at - interval '1 microsecond') at time zone zone)::date, interval '1 day') as of_situation (day)
       where $4 <> 'all-days'
       union
       select conjunto_id, day from critical_day join wanted using (conjunto_id) where $4 = 'without-critical-days'
     ), occurred as (
       select conjunto_id, (opened_at at time zone zone)::date as day, count(*) as occurrences
       from emergency_occurrence join wanted using (conjunto_id)
       where opened_at >= $2::date - interval '2 days' and opened_at < $3::date + interval '2 days'
       group by 1, 2
     ), counted as (
       select conjunto_id, day, coalesce(entered.occurrences, occurred.occurrences) as occurrences
       from occurred full join (select * from emergency_day_count join wanted using (conjunto_id)) as entered
         using (conjunto_id, day)
       where day >= $2::date and day < $3::date
         and (conjunto_id, day) not in (select conjunto_id, day from left_out)
     )
     select conjunto_id as "conjuntoId", coalesce(sum(occurrences), 0)::float8 as sum,
       coalesce(sum(occurrences * occurrences), 0)::float8 as "sumOfSquares", count(day)::integer as told,
       min(day)::text as "firstTold",
       (select count(*)::integer from left_out
        where left_out.conjunto_id = wanted.conjunto_id and left_out.day >= $2::date and left_out.day < $3::date)
         as "leftOut"
     from wanted left join counted using (conjunto_id) group by conjunto_id order by conjunto_id`,
    [conjuntoIds, from, until, history, zone],
  )

/** How many emergency occurrences a conjunto had on a day. */
export interface DayCount {
  readonly conjuntoId: string
  readonly day: string
  readonly occurrences: number
}

/** Days of conjuntos with as many occurrences as are needed, or more. @param needed  of each of the conjuntos, in their order */
export const daysReaching = (
  queries: Queries,
  conjuntoIds: readonly string[],
  needed: readonly number[],
  { from, until }: { from: string; until: string },
  zone: string,
): Promise<DayCount[]> =>
  queries.query(
    `with wanted as (
       select conjunto_id, needed, coalesce(time_zone, $5) as zone
       from conjunto join unnest($1::text[], $2::float8[]) as given (conjunto_id, needed) using (conjunto_id)
     ), occurred as (
       select conjunto_id, (opened_at at time zone zone)::date as day, count(*) as occurrences
       from emergency_occurrence join wanted using (conjunto_id)
       where opened_at >= $3::date - interval '2 days' and opened_at < $4::date + interval '2 days'
       group by 1, 2
     )
     select conjunto_id as "conjuntoId", day::text, coalesce(entered.occurrences, occurred.occurrences)::float8 as occurrences
     from occurred full join (select conjunto_id, day, occurrences from emergency_day_count join wanted using (conjunto_id))
         as entered using (conjunto_id, day)
       join wanted using (conjunto_id)
     where day >= $3::date and day < $4::date and coalesce(entered.occurrences, occurred.occurrences) >= needed
     order by conjunto_id, day`,
    [conjuntoIds, needed, from, until, zone],
  )

/** A day that counts as critical. */
export interface CriticalDay {
  readonly conjuntoId: string
  /** Civil day of the conjunto, `YYYY-MM-DD`. */
  readonly day: string
  readonly occurrences: number
  readonly threshold: number
  /** What it was found by. */
  readonly basis: object
}

/** By conjunto and day. @param page  all of them unless given */
export const listCriticalDays = (
  queries: Queries,
  { conjuntoIds, from, until }: { conjuntoIds: readonly string[] | null; from: string; until: string },
  page?: { after: { conjuntoId: string; day: string } | undefined; limit: number },
): Promise<(CriticalDay & { approvalId: number })[]> =>
  queries.query(
    `select conjunto_id as "conjuntoId", day::text, occurrences, threshold, basis, approval_id::float8 as "approvalId"
     from critical_day stands
     where ($1::text[] is null or conjunto_id = any ($1)) and stands.day >= $2 and stands.day < $3
       and ($4::text is null or (conjunto_id, stands.day) > ($4, $5::date))
     order by conjunto_id, stands.day limit $6`,
    [conjuntoIds, from, until, page?.after?.conjuntoId ?? null, page?.after?.day ?? null, page?.limit ?? null],
  )

export async function upsertCriticalDay(
  client: PoolClient,
  { conjuntoId, day, occurrences, threshold, basis }: CriticalDay,
  approvalId: number,
  entryId: number,
): Promise<boolean> {
  const { rows } = await client.query<{ added: boolean }>(
    `insert into critical_day (conjunto_id, day, occurrences, threshold, basis, approval_id, entry_id)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (conjunto_id, day) do update set occurrences = excluded.occurrences, threshold = excluded.threshold,
       basis = excluded.basis, approval_id = excluded.approval_id, entry_id = excluded.entry_id
     returning xmax = 0 as added`,
    [conjuntoId, day, occurrences, threshold, JSON.stringify(basis), approvalId, entryId],
  )
  return rows[0]!.added
}

export async function deleteCriticalDay(client: PoolClient, conjuntoId: string, day: string): Promise<number> {
  const { rowCount } = await client.query('delete from critical_day where conjunto_id = $1 and day = $2', [
    conjuntoId,
    day,
  ])
  return rowCount ?? 0
}

/** Conjuntos with the zone of their civil days. @param ids  null: all */
export const conjuntoZones = (
  queries: Queries,
  ids: readonly string[] | null,
  zone: string,
): Promise<{ conjuntoId: string; zone: string }[]> =>
  queries.query(
    `select conjunto_id as "conjuntoId", coalesce(time_zone, $2) as zone from conjunto
     where $1::text[] is null or conjunto_id = any ($1) order by conjunto_id`,
    [ids, zone],
  )
