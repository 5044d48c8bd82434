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

/** What a month rests on: the units of conjuntos (NUC), and the monetary base of units (VRC). */

export async function saveConjuntoUnits(
  client: PoolClient,
  rows: readonly RegisterRow[],
  entryId: number,
): Promise<Saved> {
  const written = await client.query<{ added: boolean }>(
    `insert into conjunto_units as stands (conjunto_id, month, units, entry_id)
     select conjunto_id, to_date(month, 'YYYY-MM'), units, $2
     from jsonb_to_recordset($1::jsonb) as given (conjunto_id text, month text, units integer)
     order by 1, 2
     on conflict (conjunto_id, month) do update set units = excluded.units, entry_id = excluded.entry_id
     where stands.units <> excluded.units
     returning xmax = 0 as added`,
    [JSON.stringify(rows), entryId],
  )
  return countSaved(written.rows)
}

export const listConjuntoUnits = (
  queries: Queries,
  { conjuntoId, month }: RegisterFilter,
  { after, limit }: RegisterPage,
): Promise<StandingRow[]> =>
  queries.query(
    `select conjunto_id, to_char(month, 'YYYY-MM') as month, units,
       entry_id::float8, entered_by, extract(epoch from entered_at)::float8 * 1000 as entered_at
     from conjunto_units stands left join register_entry using (entry_id)
     where ($1::text is null or conjunto_id = $1) and ($2::text is null or stands.month = to_date($2, 'YYYY-MM'))
       and ($3::text is null or (conjunto_id, stands.month) > ($3, to_date($4, 'YYYY-MM')))
     order by conjunto_id, stands.month limit $5`,
    [conjuntoId ?? null, month ?? null, after?.['conjunto_id'] ?? null, after?.['month'] ?? null, limit],
  )

export async function removeConjuntoUnits(client: PoolClient, keys: readonly RegisterRow[]): Promise<number> {
  const removed = await client.query(
    `delete from conjunto_units stands
     using jsonb_to_recordset($1::jsonb) as given (conjunto_id text, month text)
     where stands.conjunto_id = given.conjunto_id and stands.month = to_date(given.month, 'YYYY-MM')`,
    [JSON.stringify(keys)],
  )
  return removed.rowCount ?? 0
}

export async function saveMonetaryBases(
  client: PoolClient,
  rows: readonly RegisterRow[],
  entryId: number,
): Promise<Saved> {
  const written = await client.query<{ added: boolean }>(
    `insert into unit_monetary_base as stands (unit_id, month, vrc_brl, source, entry_id)
     select unit_id, to_date(month, 'YYYY-MM'), vrc_brl, source, $2
     from jsonb_to_recordset($1::jsonb) as given (unit_id text, month text, vrc_brl float8, source text)
     order by 1, 2
     on conflict (unit_id, month) do update set vrc_brl = excluded.vrc_brl, source = excluded.source,
       entry_id = excluded.entry_id
     where (stands.vrc_brl, stands.source) is distinct from (excluded.vrc_brl, excluded.source)
     returning xmax = 0 as added`,
    [JSON.stringify(rows), entryId],
  )
  return countSaved(written.rows)
}

export const listMonetaryBases = (
  queries: Queries,
  { unitId, month }: RegisterFilter,
  { after, limit }: RegisterPage,
): Promise<StandingRow[]> =>
  queries.query(
    `select unit_id, to_char(month, 'YYYY-MM') as month, vrc_brl, source,
       entry_id::float8, entered_by, extract(epoch from entered_at)::float8 * 1000 as entered_at
     from unit_monetary_base stands left join register_entry using (entry_id)
     where ($1::text is null or unit_id = $1) and ($2::text is null or stands.month = to_date($2, 'YYYY-MM'))
       and ($3::text is null or (unit_id, stands.month) > ($3, to_date($4, 'YYYY-MM')))
     order by unit_id, stands.month limit $5`,
    [unitId ?? null, month ?? null, after?.['unit_id'] ?? null, after?.['month'] ?? null, limit],
  )

export async function removeMonetaryBases(client: PoolClient, keys: readonly RegisterRow[]): Promise<number> {
  const removed = await client.query(
    `delete from unit_monetary_base stands
     using jsonb_to_recordset($1::jsonb) as given (unit_id text, month text)
     where stands.unit_id = given.unit_id and stands.month = to_date(given.month, 'YYYY-MM')`,
    [JSON.stringify(keys)],
  )
  return removed.rowCount ?? 0
}
