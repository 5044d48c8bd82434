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

/** Limits: of conjuntos, of units, and the rows of the norm's tables as the distributor has them. */

export async function saveConjuntoLimits(
  client: PoolClient,
  rows: readonly RegisterRow[],
  entryId: number,
): Promise<Saved> {
  const written = await client.query<{ added: boolean }>(
    `insert into conjunto_limit as stands (conjunto_id, year, dec_hundredths, fec_hundredths, entry_id)
     select conjunto_id, year, round(dec * 100), round(fec * 100), $2
     from jsonb_to_recordset($1::jsonb) as given (conjunto_id text, year smallint, dec float8, fec float8)
     order by 1, 2
     on conflict (conjunto_id, year) do update set dec_hundredths = excluded.dec_hundredths,
       fec_hundredths = excluded.fec_hundredths, entry_id = excluded.entry_id
     where (stands.dec_hundredths, stands.fec_hundredths)
       is distinct from (excluded.dec_hundredths, excluded.fec_hundredths)
     returning xmax = 0 as added`,
    [JSON.stringify(rows), entryId],
  )
  return countSaved(written.rows)
}

export const listConjuntoLimits = (
  queries: Queries,
  { conjuntoId, year }: RegisterFilter,
  { after, limit }: RegisterPage,
): Promise<StandingRow[]> =>
  queries.query(
    `select conjunto_id, year, dec_hundredths / 100.0::float8 as dec, fec_hundredths / 100.0::float8 as fec,
       entry_id::float8, entered_by, extract(epoch from entered_at)::float8 * 1000 as entered_at
     from conjunto_limit left join register_entry using (entry_id)
     where ($1::text is null or conjunto_id = $1) and ($2::smallint is null or year = $2)
       and ($3::text is null or (conjunto_id, year) > ($3, $4::smallint))
     order by conjunto_id, year limit $5`,
    [conjuntoId ?? null, year ?? null, after?.['conjunto_id'] ?? null, after?.['year'] ?? null, limit],
  )

export async function removeConjuntoLimits(client: PoolClient, keys: readonly RegisterRow[]): Promise<number> {
  const removed = await client.query(
    `delete from conjunto_limit stands
     using jsonb_to_recordset($1::jsonb) as given (conjunto_id text, year smallint)
     where stands.conjunto_id = given.conjunto_id and stands.year = given.year`,
    [JSON.stringify(keys)],
  )
  return removed.rowCount ?? 0
}

export async function saveUnitLimits(
  client: PoolClient,
  rows: readonly RegisterRow[],
  entryId: number,
): Promise<Saved> {
  const written = await client.query<{ added: boolean }>(
    `insert into unit_continuity_limit as stands
       (unit_id, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source, entry_id)
     select unit_id, to_date(from_month, 'YYYY-MM'), dic_h, fic, dmic_h, dicri_h, dise_h, source, $2
     from jsonb_to_recordset($1::jsonb) as given (unit_id text, from_month text, dic_h float8, fic float8, dmic_h float8,
       dicri_h float8, dise_h float8, source text)
     order by 1, 2
     on conflict (unit_id, from_month) do update set dic_h = excluded.dic_h, fic = excluded.fic,
       dmic_h = excluded.dmic_h, dicri_h = excluded.dicri_h, dise_h = excluded.dise_h, source = excluded.source,
       entry_id = excluded.entry_id
     where (stands.dic_h, stands.fic, stands.dmic_h, stands.dicri_h, stands.dise_h, stands.source) is distinct from
       (excluded.dic_h, excluded.fic, excluded.dmic_h, excluded.dicri_h, excluded.dise_h, excluded.source)
     returning xmax = 0 as added`,
    [JSON.stringify(rows), entryId],
  )
  return countSaved(written.rows)
}

export const listUnitLimits = (
  queries: Queries,
  { unitId }: RegisterFilter,
  { after, limit }: RegisterPage,
): Promise<StandingRow[]> =>
  queries.query(
    `select unit_id, to_char(from_month, 'YYYY-MM') as from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source,
       entry_id::float8, entered_by, extract(epoch from entered_at)::float8 * 1000 as entered_at
     from unit_continuity_limit stands left join register_entry using (entry_id)
     where ($1::text is null or unit_id = $1)
       and ($2::text is null or (unit_id, stands.from_month) > ($2, to_date($3, 'YYYY-MM')))
     order by unit_id, stands.from_month limit $4`,
    [unitId ?? null, after?.['unit_id'] ?? null, after?.['from_month'] ?? null, limit],
  )

export async function removeUnitLimits(client: PoolClient, keys: readonly RegisterRow[]): Promise<number> {
  const removed = await client.query(
    `delete from unit_continuity_limit stands
     using jsonb_to_recordset($1::jsonb) as given (unit_id text, from_month text)
     where stands.unit_id = given.unit_id and stands.from_month = to_date(given.from_month, 'YYYY-MM')`,
    [JSON.stringify(keys)],
  )
  return removed.rowCount ?? 0
}

export async function saveLimitRows(client: PoolClient, rows: readonly RegisterRow[], entryId: number): Promise<Saved> {
  const written = await client.query<{ added: boolean }>(
    `insert into individual_limit_row as stands
       (voltage_class, area, up_to_hundredths, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source, entry_id)
     select voltage_class, area, round(up_to * 100), to_date(from_month, 'YYYY-MM'), dic_h, fic, dmic_h, dicri_h, dise_h,
       source, $2
     from jsonb_to_recordset($1::jsonb) as given (voltage_class text, area text, up_to float8, from_month text,
       dic_h float8, fic float8, dmic_h float8, dicri_h float8, dise_h float8, source text)
     order by 1, 2, 3, 4
     on conflict (voltage_class, area, up_to_hundredths, from_month) do update set dic_h = excluded.dic_h,
       fic = excluded.fic, dmic_h = excluded.dmic_h, dicri_h = excluded.dicri_h, dise_h = excluded.dise_h,
       source = excluded.source, entry_id = excluded.entry_id
     where (stands.dic_h, stands.fic, stands.dmic_h, stands.dicri_h, stands.dise_h, stands.source) is distinct from
       (excluded.dic_h, excluded.fic, excluded.dmic_h, excluded.dicri_h, excluded.dise_h, excluded.source)
     returning xmax = 0 as added`,
    [JSON.stringify(rows), entryId],
  )
  return countSaved(written.rows)
}

/** Rows for all areas come first, and of each table the one for what is above all others last. */
export const listLimitRows = (
  queries: Queries,
  { voltageClass }: RegisterFilter,
  { after, limit }: RegisterPage,
): Promise<StandingRow[]> =>
  queries.query(
    `select voltage_class, area, up_to_hundredths / 100.0::float8 as up_to, to_char(from_month, 'YYYY-MM') as from_month,
       dic_h, fic, dmic_h, dicri_h, dise_h, source,
       entry_id::float8, entered_by, extract(epoch from entered_at)::float8 * 1000 as entered_at
     from individual_limit_row stands left join register_entry using (entry_id)
     where ($1::text is null or voltage_class = $1)
       and ($2::text is null
         or (voltage_class, coalesce(area, ''), stands.from_month, coalesce(up_to_hundredths, 2147483647))
           > ($2, $3, to_date($4, 'YYYY-MM'), coalesce(round($5::float8 * 100)::integer, 2147483647)))
     order by voltage_class, coalesce(area, ''), stands.from_month, coalesce(up_to_hundredths, 2147483647) limit $6`,
    [
      ...[voltageClass ?? null, after?.['voltage_class'] ?? null, after?.['area'] ?? ''],
      ...[after?.['from_month'] ?? null, after?.['up_to'] ?? null, limit],
    ],
  )

export async function removeLimitRows(client: PoolClient, keys: readonly RegisterRow[]): Promise<number> {
  const removed = await client.query(
    `delete from individual_limit_row stands
     using jsonb_to_recordset($1::jsonb) as given (voltage_class text, area text, up_to float8, from_month text)
     where stands.voltage_class = given.voltage_class and stands.area is not distinct from given.area
       and stands.up_to_hundredths is not distinct from round(given.up_to * 100)
       and stands.from_month = to_date(given.from_month, 'YYYY-MM')`,
    [JSON.stringify(keys)],
  )
  return removed.rowCount ?? 0
}
