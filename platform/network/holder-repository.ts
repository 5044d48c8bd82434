import type { PoolClient } from 'pg'
import type { Queries } from '../storage/queries.ts'

/** What identifies a person, or a firm. */
export interface HolderFields {
  readonly name: string
  readonly address: string | null
  readonly phone: string | null
  readonly email: string | null
  /** CPF or CNPJ. */
  readonly document: string | null
}

export interface Holder extends HolderFields {
  readonly unitId: string
  /** Null: without bound. */
  readonly validFrom: Date | null
  readonly validTo: Date | null
}

const columns = `unit_id as "unitId", name, address, phone, email, document,
  case when lower(validity) > '-infinity' then lower(validity) end as "validFrom",
  case when upper(validity) < 'infinity' then upper(validity) end as "validTo"`
/** Whoever holds the unit at an instant, $1, UTC milliseconds. */
const holds = 'validity @> to_timestamp($1::float8 / 1000)'

export async function unitExists(queries: Queries, unitId: string): Promise<boolean> {
  return (await queries.query('select from consumer_unit where unit_id = $1', [unitId])).length > 0
}

/** @param at  UTC milliseconds @returns undefined where nobody is known */
export async function findHolder(queries: Queries, unitId: string, at: number): Promise<Holder | undefined> {
  const [holder] = await queries.query<Holder>(`select ${columns} from unit_holder where ${holds} and unit_id = $2`, [
    ...[at, unitId],
  ])
  return holder
}

/** Who holds units at an instant, by unit, `limit` at most, behind `after`. */
export function listHolders(
  queries: Queries,
  at: number,
  page: { after: string | undefined; limit: number },
): Promise<Holder[]> {
  return queries.query<Holder>(
    `select ${columns} from unit_holder where ${holds} and unit_id > $2 order by unit_id limit $3`,
    [at, page.after ?? '', page.limit],
  )
}

/** As `listHolders`, of those whose name has this text in it, in capitals or not, or whose document it is. */
export function searchHolders(
  queries: Queries,
  at: number,
  text: string,
  page: { after: string | undefined; limit: number },
): Promise<Holder[]> {
  return queries.query<Holder>(
    `select ${columns} from unit_holder
     where ${holds} and unit_id > $2 and (strpos(lower(name), lower($4)) > 0 or document = $4)
     order by unit_id limit $3`,
    [at, page.after ?? '', page.limit, text],
  )
}

/** Holds the unit, so that its holders are changed one after the other. */
export async function lockUnit(client: PoolClient, unitId: string): Promise<void> {
  await client.query('select from consumer_unit where unit_id = $1 for no key update', [unitId])
}

/** Corrects what is known of whoever holds the unit at `at`. @returns false where nobody is known */
export async function correctHolder(
  client: PoolClient,
  unitId: string,
  { name, address, phone, email, document }: HolderFields,
  at: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update unit_holder set name = $3, address = $4, phone = $5, email = $6, document = $7,
       changed_at = to_timestamp($1::float8 / 1000)
     where ${holds} and unit_id = $2`,
    [at, unitId, name, address, phone, email, document],
  )
  return rowCount === 1
}

/**
 * Enters who holds the unit from `from` on, without end; whoever held it before does so no longer.
 * @param from  UTC milliseconds; -Infinity: always
 * @throws DatabaseError 23P01 where somebody is entered for a later time
 */
export async function insertHolder(
  client: PoolClient,
  unitId: string,
  { name, address, phone, email, document }: HolderFields,
  from: number,
  at: number,
): Promise<void> {
  const since = from === -Infinity ? null : new Date(from).toISOString()
  await client.query('delete from unit_holder where unit_id = $1 and lower(validity) is not distinct from $2', [
    ...[unitId, since],
  ])
  await client.query(
    `update unit_holder set validity = tstzrange(lower(validity), $2) where unit_id = $1 and validity @> $2::timestamptz`,
    [unitId, since],
  )
  await client.query(
    `insert into unit_holder (unit_id, validity, name, address, phone, email, document, changed_at)
     values ($1, tstzrange($2, null), $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000))`,
    [unitId, since, name, address, phone, email, document, at],
  )
}

/** Erases everybody who ever held the unit. @returns how many that were */
export async function eraseHolders(queries: Queries, unitId: string): Promise<number> {
  const rows = await queries.query('delete from unit_holder where unit_id = $1 returning unit_id', [unitId])
  return rows.length
}
