import type { Queries } from '../../../platform/storage/queries.ts'
import type { ConjuntoMonth } from '../domain/collective.ts'
import { violatedLimits } from '../domain/violations.ts'
import { isEmpty, type ComputedMonth } from './unit-months.ts'

/**
 * Writes months of units of one month as they are now: a unit that never had any interruption in it gets no row, one that has none any
 * more keeps one of zeros, so that whoever follows the changes sees it. What is as it was keeps its number.
 * @param changed  number of this transaction's changes
 * @param at       until when what lasts was counted, UTC milliseconds
 */
export async function writeUnitMonths(
  queries: Queries,
  month: string,
  computed: readonly ComputedMonth[],
  changed: number,
  at: number,
): Promise<void> {
  const column = <T>(of: (each: ComputedMonth) => T): T[] => computed.map(of)
  await queries.query(
    `insert into unit_continuity as u (month, changed, violation_changed, computed_at, unit_id, dic_ms, fic, dmic_ms, lasts, dicri, dise,
       parcels, violated, compensation_brl, pending)
     select $1::date, $2::bigint, case when violated = '{}' then 0 else $2::bigint end, to_timestamp($3::float8 / 1000), unit_id, dic_ms, fic, dmic_ms,
       lasts, dicri::jsonb, dise::jsonb, parcels::jsonb, violated::text[], compensation_brl, pending
     from unnest($4::text[], $5::bigint[], $6::integer[], $7::bigint[], $8::boolean[], $9::text[], $10::text[], $11::text[],
       $12::text[], $13::float8[], $14::text[], $15::boolean[])
       as c (unit_id, dic_ms, fic, dmic_ms, lasts, dicri, dise, parcels, violated, compensation_brl, pending, nothing)
     where not nothing or exists (select from unit_continuity k where k.unit_id = c.unit_id and k.month = $1::date)
     on conflict (unit_id, month) do update set dic_ms = excluded.dic_ms, fic = excluded.fic, dmic_ms = excluded.dmic_ms,
       lasts = excluded.lasts, dicri = excluded.dicri, dise = excluded.dise, parcels = excluded.parcels, violated = excluded.violated,
       compensation_brl = excluded.compensation_brl, pending = excluded.pending, changed = excluded.changed,
       computed_at = excluded.computed_at,
       violation_changed = case when u.violated = excluded.violated then u.violation_changed else excluded.changed end
     where u.lasts or (u.dic_ms, u.fic, u.dmic_ms, u.lasts, u.dicri, u.dise, u.parcels, u.violated, u.compensation_brl, u.pending)
       is distinct from (excluded.dic_ms, excluded.fic, excluded.dmic_ms, excluded.lasts, excluded.dicri, excluded.dise,
         excluded.parcels, excluded.violated, excluded.compensation_brl, excluded.pending)`,
    [
      ...[`${month}-01`, changed, at],
      ...[column(({ unitId }) => unitId), column(({ dicMs }) => dicMs), column(({ fic }) => fic)],
      ...[column(({ dmicMs }) => dmicMs), column(({ lasts }) => lasts)],
      ...[column(({ dicri }) => JSON.stringify(dicri)), column(({ dise }) => JSON.stringify(dise))],
      column(({ parcels }) => JSON.stringify(parcels)),
      column((each) => `{${each.limits ? violatedLimits(each, each.limits).join() : ''}}`),
      column(({ compensation }) => compensation?.amountBrl ?? null),
      column(({ pending }) => pending),
      column((each) => isEmpty(each) && !each.lasts),
    ],
  )
}

/** Parcels of a conjunto's month as its units' rows add up. */
export async function parcelsOfUnits(
  queries: Queries,
  conjuntoId: string,
  month: string,
): Promise<ConjuntoMonth['parcels']> {
  const rows = await queries.query<{ parcel: string; ms: number; count: number }>(
    `select key as parcel, sum((value ->> 'ms')::bigint)::float8 as ms, sum((value ->> 'count')::integer)::float8 as count
     from consumer_unit join unit_continuity using (unit_id) cross join jsonb_each(parcels)
     where conjunto_id = $1 and month = $2::date
     group by key order by key`,
    [conjuntoId, `${month}-01`],
  )
  return Object.fromEntries(rows.map(({ parcel, ms, count }) => [parcel, { ms, count }]))
}

/** Writes a conjunto's month; what is as it was keeps its number. @param at  UTC milliseconds */
export async function writeConjuntoMonth(
  queries: Queries,
  { conjuntoId, month, units, parcels }: ConjuntoMonth,
  changed: number,
  at: number,
): Promise<void> {
  await queries.query(
    `insert into conjunto_continuity as c (conjunto_id, month, units, parcels, changed, computed_at)
     values ($1, $2::date, $3, $4::jsonb, $5, to_timestamp($6::float8 / 1000))
     on conflict (conjunto_id, month) do update set units = excluded.units, parcels = excluded.parcels, changed = excluded.changed,
       computed_at = excluded.computed_at
     where (c.units, c.parcels) is distinct from (excluded.units, excluded.parcels)`,
    [conjuntoId, `${month}-01`, units, JSON.stringify(parcels), changed, at],
  )
}

/** Months of conjuntos as they were last written, of a year; of all conjuntos unless some are named. */
export const storedConjuntoMonths = (
  queries: Queries,
  year: number,
  conjuntoIds?: readonly string[],
): Promise<ConjuntoMonth[]> =>
  queries.query(
    `select conjunto_id as "conjuntoId", to_char(month, 'YYYY-MM') as month, units, parcels
     from conjunto_continuity
     where month >= make_date($1, 1, 1) and month < make_date($1 + 1, 1, 1) and ($2::text[] is null or conjunto_id = any ($2))
     order by conjunto_id, month`,
    [year, conjuntoIds ?? null],
  )
