import type { Role } from '../../../platform/access/roles.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** Who wrote or signed something, from which login. */
export interface Signer {
  readonly username: string
  readonly role: Role
  readonly sessionId: string
  readonly address: string | null
}

export interface NewEntry {
  /** Of which part of the grid it tells; null: of all of it. */
  readonly responsibility: string | null
  readonly text: string
  /** The entry that it puts right. */
  readonly corrects: number | null
}

export interface ListedEntry extends NewEntry {
  readonly entryId: number
  readonly at: Date
  readonly username: string
  readonly role: Role
  /** Entries that put this one right, the first one first. */
  readonly correctedBy: readonly number[]
}

export interface EntryFilter {
  /** UTC milliseconds; from the first on, before the second. */
  readonly from: number | null
  readonly to: number | null
  readonly username: string | null
  readonly responsibility: string | null
}

/** @param at UTC milliseconds, by the wall @returns its number; undefined where there is no entry that it could put right */
export async function insertEntry(
  queries: Queries,
  { responsibility, text, corrects }: NewEntry,
  { username, role, sessionId, address }: Signer,
  at: number,
): Promise<number | undefined> {
  const [row] = await queries.query<{ entryId: number }>(
    `insert into shift_entry (at, responsibility, text, corrects, username, role, session_id, address)
     select to_timestamp($1::float8 / 1000), $2, $3, $4::bigint, $5, $6::user_role, $7::uuid, $8
     where $4::bigint is null or exists (select from shift_entry where entry_id = $4::bigint)
     returning entry_id::float8 as "entryId"`,
    [at, responsibility, text, corrects, username, role, sessionId, address],
  )
  return row?.entryId
}

/** Entries, the newest first. @param before  only those with a lesser number; null: from the newest on */
export const listEntries = (
  queries: Queries,
  { from, to, username, responsibility }: EntryFilter,
  before: number | null,
  limit: number,
): Promise<ListedEntry[]> =>
  queries.query(
    `select entry_id::float8 as "entryId", at, responsibility, text, corrects::float8 as corrects, username, role,
       array(select c.entry_id::float8 from shift_entry c where c.corrects = e.entry_id order by c.entry_id) as "correctedBy"
     from shift_entry e
     where ($1::bigint is null or entry_id < $1) and ($2::float8 is null or at >= to_timestamp($2 / 1000))
       and ($3::float8 is null or at < to_timestamp($3 / 1000)) and ($4::text is null or lower(username) = lower($4))
       and ($5::text is null or responsibility = $5)
     order by entry_id desc limit $6`,
    [before, from, to, username, responsibility, limit],
  )

export const findEntry = async (queries: Queries, entryId: number): Promise<ListedEntry | undefined> => {
  const [entry] = await listEntries(queries, anyEntry, entryId + 1, 1)
  return entry?.entryId === entryId ? entry : undefined
}

export const anyEntry: EntryFilter = { from: null, to: null, username: null, responsibility: null }
