import type { Queries } from '../storage/queries.ts'
import { noHead, type AuditEntry, type Head } from './chain.ts'

const columns = `seq::float8 as seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, source, table_name as table, content,
  encode(content_hash, 'hex') as "contentHash", encode(previous_hash, 'hex') as "previousHash", encode(hash, 'hex') as hash`

/** The entries after one, in their order. @param after its number; 0: from the first on */
export const entriesAfter = (queries: Queries, after: number, limit: number): Promise<AuditEntry[]> =>
  queries.query<AuditEntry>(`select ${columns} from audit_entry where seq > $1 order by seq limit $2`, [after, limit])

/** What to export; null: whatever it is. Instants are ISO 8601; `to` is the first that is left out. */
export interface EntryFilter {
  readonly from: string | null
  readonly to: string | null
  readonly source: string | null
}

/** The entries after one that are asked for, in their order. */
export const someEntriesAfter = (
  queries: Queries,
  { from, to, source }: EntryFilter,
  after: number,
  limit: number,
): Promise<AuditEntry[]> =>
  queries.query<AuditEntry>(
    `select ${columns} from audit_entry
     where seq > $1 and ($3::timestamptz is null or audit_entry.at >= $3) and ($4::timestamptz is null or audit_entry.at < $4)
       and ($5::text is null or source = $5)
     order by audit_entry.seq limit $2`,
    [after, limit, from, to, source],
  )

/** The last entry as it is now. */
export async function headOf(queries: Queries): Promise<Head> {
  const [head] = await queries.query<Head>(
    `select seq::float8 as seq, encode(hash, 'hex') as hash from audit_entry order by seq desc limit 1`,
  )
  return head ?? noHead
}

/** The hash of an entry; undefined: there is none of that number. */
export async function hashAt(queries: Queries, seq: number): Promise<string | undefined> {
  const [row] = await queries.query<{ hash: string }>(
    `select encode(hash, 'hex') as hash from audit_entry where seq = $1`,
    [seq],
  )
  return row?.hash
}

/** A row that is not what was entered, by its entry. */
export interface Difference {
  readonly seq: number
  readonly table: string
  /** It is not there, and it is too young for its table to have let go of it. */
  readonly gone: boolean
}

/** Rows of the entries after one up to another that are not what was entered, in their order. @param now UTC ms, of the wall */
export const differencesAmong = (queries: Queries, after: number, upTo: number, now: number): Promise<Difference[]> =>
  queries.query<Difference>(
    `select seq::float8 as seq, table_name as table, gone
     from audit_differences($1, $2, to_timestamp($3::float8 / 1000)) order by audit_differences.seq`,
    [after, upTo, now],
  )

/** How long content is kept at least, in ms, by table; what is not there is kept for good. */
export async function keptAtLeast(queries: Queries): Promise<Map<string, number>> {
  const rows = await queries.query<{ table: string; ms: number }>(
    `select table_name as table, extract(epoch from keep_at_least)::float8 * 1000 as ms
     from audited_table join partition_plan on parent = table_name
     where keep_at_least >= interval '1 month'`,
  )
  return new Map(rows.map(({ table, ms }) => [table, ms]))
}

/** Lets go of the content of rows that their table has let go of. @param before UTC ms */
export async function forgetAudited(queries: Queries, table: string, before: number): Promise<void> {
  await queries.query(`select forget_audited($1, to_timestamp($2::float8 / 1000))`, [table, before])
}

/** What a role could do to the chain that nobody but the owner of the schema should; empty: nothing. */
export async function rightsTooMany(queries: Queries): Promise<string[]> {
  const rows = await queries.query<{ name: string; what: string }>(
    `select current_user as name, what from (
       select 'is a superuser' as what where (select rolsuper from pg_roles where rolname = current_user)
       union all
       select 'owns ' || relname from pg_class
         where relname in ('audit_entry', 'audited_table') and pg_has_role(current_user, relowner, 'member')
       union all
       select 'may ' || lower(privilege) || ' ' || relation
         from unnest(array['audit_entry', 'audited_table']) relation,
           unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
         where has_table_privilege(current_user, relation, privilege)
       union all
       select 'may ' || lower(privilege) || ' ' || table_name
         from audited_table, unnest(array['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
         where to_regclass(quote_ident(table_name)) is not null and has_table_privilege(current_user, table_name, privilege)
           and (not rows_change or privilege in ('TRUNCATE', 'TRIGGER'))
     ) rights`,
  )
  return rows.map(({ name, what }) => `${name} ${what}`)
}
