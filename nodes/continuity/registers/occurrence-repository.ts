import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'
import {
  countSaved,
  type RegisterFilter,
  type RegisterPage,
  type RegisterRow,
  type Saved,
  type StandingRow,
} from './register.ts'

/** Emergency occurrences, one by one and as counts of days. */

/** An instant that is known stays known: what comes late with fewer of them takes none away. */
export async function saveOccurrences(
  client: PoolClient,
  rows: readonly RegisterRow[],
  entryId: number,
): Promise<Saved> {
  const written = await client.query<{ added: boolean }>(
    `insert into emergency_occurrence as stands (occurrence_id, conjunto_id, opened_at, dispatched_at, arrived_at,
       closed_at, interruption_id, with_interruption, entry_id)
     select occurrence_id, conjunto_id, to_timestamp(opened_at / 1000), to_timestamp(dispatched_at / 1000),
       to_timestamp(arrived_at / 1000), to_timestamp(closed_at / 1000), interruption_id, with_interruption, $2
     from jsonb_to_recordset($1::jsonb) as given (occurrence_id text, conjunto_id text, opened_at float8,
       dispatched_at float8, arrived_at float8, closed_at float8, interruption_id bigint, with_interruption boolean)
     order by 1
     on conflict (occurrence_id) do update set conjunto_id = excluded.conjunto_id, opened_at = excluded.opened_at,
       dispatched_at = coalesce(excluded.dispatched_at, stands.dispatched_at),
       arrived_at = coalesce(excluded.arrived_at, stands.arrived_at),
       closed_at = coalesce(excluded.closed_at, stands.closed_at),
       interruption_id = coalesce(excluded.interruption_id, stands.interruption_id),
       with_interruption = excluded.with_interruption, entry_id = excluded.entry_id
     where (stands.conjunto_id, stands.opened_at, stands.with_interruption)
         is distinct from (excluded.conjunto_id, excluded.opened_at, excluded.with_interruption)
       or stands.dispatched_at is distinct from coalesce(excluded.dispatched_at, stands.dispatched_at)
       or stands.arrived_at is distinct from coalesce(excluded.arrived_at, stands.arrived_at)
       or stands.closed_at is distinct from coalesce(excluded.closed_at, stands.closed_at)
       or stands.interruption_id is distinct from coalesce(excluded.interruption_id, stands.interruption_id)
     returning xmax = 0 as added`,
    [JSON.stringify(rows), entryId],
  )
  return countSaved(written.rows)
}

export const listOccurrences = (
  queries: Queries,
  { conjuntoId, from, to }: RegisterFilter,
  { after, limit }: RegisterPage,
): Promise<StandingRow[]> =>
  queries.query(
    `select occurrence_id, conjunto_id, extract(epoch from opened_at)::float8 * 1000 as opened_at,
       extract(epoch from dispatched_at)::float8 * 1000 as dispatched_at,
       extract(epoch from arrived_at)::float8 * 1000 as arrived_at,
       extract(epoch from closed_at)::float8 * 1000 as closed_at, with_interruption, interruption_id::float8,
       entry_id::float8, entered_by, extract(epoch from entered_at)::float8 * 1000 as entered_at
     from emergency_occurrence stands left join register_entry using (entry_id)
     where ($1::text is null or conjunto_id = $1)
       and ($2::float8 is null or stands.opened_at >= to_timestamp($2 / 1000))
       and ($3::float8 is null or stands.opened_at < to_timestamp($3 / 1000))
       and ($4::text is null or occurrence_id > $4)
     order by occurrence_id limit $5`,
    [conjuntoId ?? null, from ?? null, to ?? null, after?.['occurrence_id'] ?? null, limit],
  )

export async function removeOccurrences(client: PoolClient, keys: readonly RegisterRow[]): Promise<number> {
  const removed = await client.query(
    `delete from emergency_occurrence stands using jsonb_to_recordset($1::jsonb) as given (occurrence_id text)
     where stands.occurrence_id = given.occurrence_id`,
    [JSON.stringify(keys)],
  )
  return removed.rowCount ?? 0
}

export async function saveDayCounts(client: PoolClient, rows: readonly RegisterRow[], entryId: number): Promise<Saved> {
  const written = await client.query<{ added: boolean }>(
    `insert into emergency_day_count as stands (conjunto_id, day, occurrences, entry_id)
     select conjunto_id, day, occurrences, $2
     from jsonb_to_recordset($1::jsonb) as given (conjunto_id text, day date, occurrences integer)
     order by 1, 2
     on conflict (conjunto_id, day) do update set occurrences = excluded.occurrences, entry_id = excluded.entry_id
     where stands.occurrences <> excluded.occurrences
     returning xmax = 0 as added`,
    [JSON.stringify(rows), entryId],
  )
  return countSaved(written.rows)
}

export const listDayCounts = (
  queries: Queries,
  { conjuntoId, from, to }: RegisterFilter,
  { after, limit }: RegisterPage,
): Promise<StandingRow[]> =>
  queries.query(
    `select conjunto_id, day::text, occurrences,
       entry_id::float8, entered_by, extract(epoch from entered_at)::float8 * 1000 as entered_at
     from emergency_day_count stands left join register_entry using (entry_id)
     where ($1::text is null or conjunto_id = $1) and ($2::date is null or stands.day >= $2)
       and ($3::date is null or stands.day < $3)
       and ($4::text is null or (conjunto_id, stands.day) > ($4, $5::date))
     order by conjunto_id, stands.day limit $6`,
    [
      ...[conjuntoId ?? null, from ?? null, to ?? null],
      ...[after?.['conjunto_id'] ?? null, after?.['day'] ?? null, limit],
    ],
  )

export async function removeDayCounts(client: PoolClient, keys: readonly RegisterRow[]): Promise<number> {
  const removed = await client.query(
    `delete from emergency_day_count stands
     using jsonb_to_recordset($1::jsonb) as given (conjunto_id text, day date)
     where stands.conjunto_id = given.conjunto_id and stands.day = given.day`,
    [JSON.stringify(keys)],
  )
  return removed.rowCount ?? 0
}
