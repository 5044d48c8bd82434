import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'

/** One writing of rows into a register. Instants are UTC milliseconds. */
export interface RegisterEntry {
  readonly entryId: number
  readonly register: string
  /** Null: two persons, by an approval. */
  readonly enteredBy: string | null
  readonly approvalId: number | null
  readonly enteredAt: number
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/** A number for rows to name; it is one of an entry once `insertEntry` has written that. */
export async function beginEntry(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `select id::float8, set_config('linhaviva.register_entry', id::text, true)
     from nextval('register_entry_entry_id_seq') as next (id)`,
  )
  return rows[0]!.id
}

/**
 * Writes the entry, and tells those that follow continuity that what rests on the register may have changed. To be called at the
 * end of the transaction: the lock on the progress is held from here on.
 */
export async function insertEntry(client: PoolClient, entry: RegisterEntry): Promise<void> {
  const { entryId, register, enteredBy, approvalId, enteredAt, added, changed, removed } = entry
  await client.query(
    `with progress as (update continuity_progress set changed = changed + 1 returning changed)
     insert into register_entry (entry_id, register, entered_by, approval_id, entered_at, added, changed_rows, removed,
       changed)
     select $1, $2, $3, $4, to_timestamp($5::float8 / 1000), $6, $7, $8, changed from progress`,
    [entryId, register, enteredBy, approvalId, enteredAt, added, changed, removed],
  )
}

/** The newest first; those before `before`. */
export const listEntries = (
  queries: Queries,
  { register, before, limit }: { register: string | undefined; before: number | undefined; limit: number },
): Promise<RegisterEntry[]> =>
  queries.query(
    `select entry_id::float8 as "entryId", register, entered_by as "enteredBy", approval_id::float8 as "approvalId",
       extract(epoch from entered_at)::float8 * 1000 as "enteredAt", added, changed_rows as changed, removed
     from register_entry
     where ($1::text is null or register = $1) and ($2::bigint is null or entry_id < $2)
     order by entry_id desc limit $3`,
    [register ?? null, before ?? null, limit],
  )

/** The newest entry into any of these registers; 0 where there is none. */
export async function newestEntry(queries: Queries, registers: readonly string[]): Promise<number> {
  const [row] = await queries.query<{ entryId: number }>(
    `select coalesce(max(newest), 0)::float8 as "entryId" from unnest($1::text[]) as of (register),
       lateral (select max(entry_id) as newest from register_entry e where e.register = of.register) found`,
    [registers],
  )
  return row!.entryId
}

export async function isEntry(queries: Queries, entryId: number): Promise<boolean> {
  return (await queries.query('select from register_entry where entry_id = $1', [entryId])).length > 0
}

/** What stood there before an entry changed or removed it: rows as the database has them, in the order in which they went. */
export const pastRows = (
  queries: Queries,
  entryId: number,
  page: { after: number | undefined; limit: number },
): Promise<{ pastId: number; register: string; row: Record<string, unknown> }[]> =>
  queries.query(
    `select past_id::float8 as "pastId", register, past_row - 'entry_id' as row from register_past
     where entry_id = $1 and ($2::bigint is null or past_id > $2) order by past_id limit $3`,
    [entryId, page.after ?? null, page.limit],
  )

/** Of these conjuntos, those that the registry does not have. */
export const unknownConjuntos = (queries: Queries, ids: readonly string[]): Promise<{ id: string }[]> =>
  queries.query(
    `select id from unnest($1::text[]) as w (id) where not exists (select from conjunto where conjunto_id = id)`,
    [ids],
  )

/** Of these units, those that the registry does not have. */
export const unknownUnits = (queries: Queries, ids: readonly string[]): Promise<{ id: string }[]> =>
  queries.query(
    `select id from unnest($1::text[]) as w (id) where not exists (select from consumer_unit where unit_id = id)`,
    [ids],
  )

/** The conjuntos that the registry has. */
export const conjuntoIds = (queries: Queries): Promise<{ id: string }[]> =>
  queries.query('select conjunto_id as id from conjunto')
