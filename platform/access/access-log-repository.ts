import type { Database } from '../storage/database.ts'
import type { Role } from './roles.ts'

/** A row of the access log, as it is written. */
export interface AccessRow {
  /** UTC ms. */
  readonly at: number
  readonly event: string
  readonly username: string | null
  readonly role: Role | null
  readonly sessionId: string | null
  readonly address: string | null
  readonly subject: string | null
  readonly detail: string | null
}

/** A row of the access log, as it is read. */
export interface ListedAccess extends Omit<AccessRow, 'at'> {
  readonly id: string
  readonly at: Date
}

/** @param at UTC ms: the month of it has a partition afterwards */
export async function ensureMonth(database: Database, at: number): Promise<void> {
  await database.query(`select ensure_partition('access_log', to_timestamp($1::float8 / 1000))`, [at])
}

export async function insertAccess(database: Database, rows: readonly AccessRow[]): Promise<void> {
  const column = (name: keyof AccessRow): unknown[] => rows.map((row) => row[name])
  await database.query(
    `insert into access_log (at, event, username, role, session_id, address, subject, detail)
     select to_timestamp(at / 1000), event, username, role::user_role, session_id, address, subject, detail
     from unnest($1::float8[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[])
       rows (at, event, username, role, session_id, address, subject, detail)`,
    (['at', 'event', 'username', 'role', 'sessionId', 'address', 'subject', 'detail'] as const).map(column),
  )
}

/** What to look for in the access log; null: whatever it is. */
export interface AccessFilter {
  readonly event: string | null
  readonly username: string | null
}

/** The newest first. @param before the id before which to begin; null: at the newest */
export const listAccess = (
  database: Database,
  { event, username }: AccessFilter,
  before: string | null,
  limit: number,
): Promise<ListedAccess[]> =>
  database.query(
    `select id::text, at, event, username, role, session_id as "sessionId", address, subject, detail
     from access_log
     where ($1::bigint is null or access_log.id < $1) and ($2::text is null or event = $2)
       and ($3::text is null or lower(username) = lower($3))
     order by access_log.id desc limit $4`,
    [before, event, username, limit],
  )

/** Drops months that end before an instant. @param before UTC ms @param now UTC ms */
export async function dropAccessBefore(database: Database, before: number, now: number): Promise<void> {
  await database.query(
    `select drop_partitions_before('access_log', to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000))`,
    [before, now],
  )
}
