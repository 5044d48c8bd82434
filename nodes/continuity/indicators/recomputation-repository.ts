import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'

/** A unit's month. `YYYY-MM`. */
export interface UnitMonthKey {
  readonly unitId: string
  readonly month: string
}

/** A conjunto's month, of which the units after one are still to be computed again. */
export interface ConjuntoRecomputation {
  readonly askedOrder: number
  readonly conjuntoId: string
  readonly month: string
  readonly afterUnit: string
}

/** Asks for months of units, from one month to another each. */
export async function recomputeUnits(
  queries: Queries,
  units: readonly { readonly unitId: string; readonly firstMonth: string; readonly lastMonth: string }[],
): Promise<void> {
  await queries.query(
    `insert into continuity_recomputation (unit_id, month)
     select unit_id, each::date
     from unnest($1::text[], $2::date[], $3::date[]) as u (unit_id, first_month, last_month)
     cross join generate_series(first_month, last_month, interval '1 month') each`,
    [
      units.map(({ unitId }) => unitId),
      units.map(({ firstMonth }) => `${firstMonth}-01`),
      units.map(({ lastMonth }) => `${lastMonth}-01`),
    ],
  )
}

/** Asks for what was due when a month was not over yet (UTC milliseconds): from then on it goes by the month's own monetary base. */
export async function recomputeDue(queries: Queries, month: string, overAt: number): Promise<void> {
  await queries.query(
    `insert into continuity_recomputation (unit_id, month)
     select unit_id, month from unit_continuity
     where month = $1::date and compensation_brl > 0 and computed_at < to_timestamp($2::float8 / 1000)`,
    [`${month}-01`, overAt],
  )
}

/** Asks for what months of conjuntos add up to. */
export async function recomputeSums(queries: Queries, conjuntoIds: readonly string[], month: string): Promise<void> {
  await queries.query(
    `insert into continuity_recomputation (conjunto_id, month) select conjunto_id, $2::date from unnest($1::text[]) conjunto_id`,
    [conjuntoIds, `${month}-01`],
  )
}

/** Asks for what a month of each conjunto adds up to. */
export async function recomputeSumsOfAll(queries: Queries, month: string): Promise<void> {
  await queries.query(
    'insert into continuity_recomputation (conjunto_id, month) select conjunto_id, $1::date from conjunto',
    [`${month}-01`],
  )
}

/** Takes months of units that wait longest, for this transaction to compute: each once, and asked for no more. */
export async function takeUnits(queries: Queries, most: number): Promise<UnitMonthKey[]> {
  const taken = await queries.query<UnitMonthKey>(
    `delete from continuity_recomputation
     where asked_order in (
       select asked_order from continuity_recomputation where unit_id is not null
       order by asked_order limit $1 for update skip locked)
     returning unit_id as "unitId", to_char(month, 'YYYY-MM') as month`,
    [most],
  )
  return [...new Map(taken.map((key) => [`${key.month} ${key.unitId}`, key])).values()]
}

/** The conjunto's month that has waited longest for its units, for this transaction; what was asked of it as a whole besides is asked no more. */
export async function takeConjunto(queries: Queries): Promise<ConjuntoRecomputation | undefined> {
  const [taken] = await queries.query<ConjuntoRecomputation>(
    `select asked_order::float8 as "askedOrder", conjunto_id as "conjuntoId", to_char(month, 'YYYY-MM') as month,
       after_unit as "afterUnit"
     from continuity_recomputation
     where conjunto_id is not null and after_unit is not null
     order by asked_order limit 1 for update skip locked`,
  )
  if (taken?.afterUnit === '')
    await queries.query(
      `delete from continuity_recomputation
       where conjunto_id = $1 and month = $2::date and after_unit = '' and asked_order > $3`,
      [taken.conjuntoId, `${taken.month}-01`, taken.askedOrder],
    )
  return taken
}

/** Notes up to which unit a conjunto's month has been done; null: all are, and what they add up to is left. */
export async function moveConjunto(
  queries: Queries,
  { askedOrder }: ConjuntoRecomputation,
  afterUnit: string | null,
): Promise<void> {
  await queries.query('update continuity_recomputation set after_unit = $2 where asked_order = $1', [
    askedOrder,
    afterUnit,
  ])
}

/** Takes conjuntos' months that are only to be added up, each once. */
export async function takeSums(
  queries: Queries,
  most: number,
): Promise<Pick<ConjuntoRecomputation, 'conjuntoId' | 'month'>[]> {
  return queries.query(
    `with next as (
       select distinct conjunto_id, month from (
         select conjunto_id, month from continuity_recomputation
         where conjunto_id is not null and after_unit is null order by asked_order limit $1) waiting
     ), taken as (
       delete from continuity_recomputation r using next
       where r.conjunto_id = next.conjunto_id and r.month = next.month and r.after_unit is null
       returning r.conjunto_id, r.month
     )
     select distinct conjunto_id as "conjuntoId", to_char(month, 'YYYY-MM') as month from taken`,
    [most],
  )
}

/** Whether anything is to be computed again. */
export async function isRecomputationAsked(queries: Queries): Promise<boolean> {
  const [row] = await queries.query<{ asked: boolean }>('select exists (select from continuity_recomputation) as asked')
  return row!.asked
}

/** How many months of units, and of conjuntos, are still to be computed again; a hundred thousand at most are counted. */
export async function recomputationsLeft(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ left: number }>(
    'select count(*)::integer as left from (select from continuity_recomputation limit 100000) waiting',
  )
  return row!.left
}

/** Units of a conjunto after one, by identifier. */
export const unitsAfter = async (
  queries: Queries,
  conjuntoId: string,
  afterUnit: string,
  most: number,
): Promise<string[]> =>
  (
    await queries.query<{ unitId: string }>(
      'select unit_id as "unitId" from consumer_unit where conjunto_id = $1 and unit_id > $2 order by unit_id limit $3',
      [conjuntoId, afterUnit, most],
    )
  ).map(({ unitId }) => unitId)

/** Months of units in which an interruption lasts that were counted before `before` (UTC milliseconds), the oldest first. */
export const lastingUnits = (queries: Queries, before: number, most: number): Promise<UnitMonthKey[]> =>
  queries.query(
    `select unit_id as "unitId", to_char(month, 'YYYY-MM') as month from unit_continuity
     where lasts and computed_at <= to_timestamp($1::float8 / 1000) order by computed_at limit $2`,
    [before, most],
  )

/** Takes the writing of indicators for this transaction: others wait. @returns the number of its changes */
export async function nextIndicatorChange(client: Pick<PoolClient, 'query'>): Promise<number> {
  const { rows } = await client.query<{ changed: number }>(
    'update continuity_indicator_progress set changed = changed + 1 returning changed::float8 as changed',
  )
  return rows[0]!.changed
}
