import type { PoolClient } from 'pg'
import type { Database } from '../storage/database.ts'
import type { Asked } from './account-repository.ts'
import type { Caller } from './identity.ts'
import type { Role } from './roles.ts'

/** A session that has not ended; times in UTC ms. */
export interface LiveSession {
  readonly sessionId: string
  readonly userId: number
  readonly username: string
  readonly role: Role
  readonly lastUsedAt: number
  readonly idleEndsAt: number
  readonly endsAt: number
}

/** A session as people look at it. */
export interface ListedSession {
  readonly sessionId: string
  readonly createdAt: Date
  readonly lastUsedAt: Date
  readonly endsAt: Date
  readonly address: string
  readonly userAgent: string | null
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
const live = `s.ended_at is null and s.ends_at > to_timestamp($1::float8 / 1000)
  and s.idle_ends_at > to_timestamp($1::float8 / 1000) and not u.disabled`
const columns = `s.session_id as "sessionId", u.user_id as "userId", u.username, u.role,
  ${ms('s.last_used_at')} as "lastUsedAt", ${ms('s.idle_ends_at')} as "idleEndsAt", ${ms('s.ends_at')} as "endsAt"`

/** How often who may do what has changed so far. */
export async function accessRevision(database: Database): Promise<string> {
  const [row] = await database.query<{ revision: string }>('select revision from access_revision')
  return row!.revision
}

/** @param now UTC ms */
export const liveSessions = (database: Database, now: number): Promise<LiveSession[]> =>
  database.query(`select ${columns} from session s join user_account u using (user_id) where ${live}`, [now])

/** @param now UTC ms */
export async function findLiveSession(
  database: Database,
  sessionId: string,
  now: number,
): Promise<LiveSession | undefined> {
  const [session] = await database.query<LiveSession>(
    `select ${columns} from session s join user_account u using (user_id) where ${live} and s.session_id = $2`,
    [now, sessionId],
  )
  return session
}

/** The newest first. @param now UTC ms */
export const sessionsOfUser = (database: Database, userId: number, now: number): Promise<ListedSession[]> =>
  database.query(
    `select s.session_id as "sessionId", s.created_at as "createdAt", s.last_used_at as "lastUsedAt",
       least(s.ends_at, s.idle_ends_at) as "endsAt", s.address, s.user_agent as "userAgent"
     from session s join user_account u using (user_id) where ${live} and u.user_id = $2
     order by s.last_used_at desc`,
    [now, userId],
  )

/** Whether the user has logged in from this address within the sessions that are remembered. */
export async function hasComeFrom(database: Database, username: string, address: string): Promise<boolean> {
  const [row] = await database.query<{ known: boolean }>(
    `select exists (select from session join user_account using (user_id)
       where lower(username) = lower($1) and address = $2) as known`,
    [username, address],
  )
  return row!.known
}

/** What is to be stored of a session; times in UTC ms. */
export interface NewSession {
  readonly sessionId: string
  readonly userId: number
  readonly caller: Caller
  readonly createdAt: number
  readonly idleEndsAt: number
  readonly endsAt: number
  readonly refreshHash: Buffer
}

/**
 * @param passwordHash  what the user was let in with
 * @returns undefined where the user has gone, is disabled, or has another password by now
 */
export async function insertSession(
  client: PoolClient,
  session: NewSession,
  passwordHash: string | null,
): Promise<LiveSession | undefined> {
  const { sessionId, userId, caller, createdAt, idleEndsAt, endsAt, refreshHash } = session
  const { rows } = await client.query<LiveSession>(
    `with u as (
       select user_id, username, role from user_account
       where user_id = $2 and not disabled and password_hash is not distinct from $9 for no key update
     ), s as (
       insert into session (session_id, user_id, created_at, last_used_at, idle_ends_at, ends_at, address, user_agent,
         refresh_hash, refreshed_at)
       select $1, user_id, to_timestamp($3::float8 / 1000), to_timestamp($3::float8 / 1000),
         to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000), $6, $7, $8, to_timestamp($3::float8 / 1000)
       from u returning *
     )
     select ${columns} from s join u using (user_id)`,
    [
      ...[sessionId, userId, createdAt, idleEndsAt, endsAt, caller.address, caller.userAgent ?? null, refreshHash],
      passwordHash,
    ],
  )
  return rows[0]
}

/** Ends the sessions beyond so many, of this user and of all: those not used for longest. @param now UTC ms */
export async function endSurplusSessions(
  client: PoolClient,
  userId: number,
  mostOfUser: number,
  mostInAll: number,
  now: number,
): Promise<void> {
  await client.query(
    `update session set ended_at = to_timestamp($1::float8 / 1000) where session_id in (
       (select session_id from session where user_id = $2 and ended_at is null order by last_used_at desc offset $3)
       union
       (select session_id from session where ended_at is null order by last_used_at desc offset $4))`,
    [now, userId, mostOfUser, mostInAll],
  )
}

/** A session with what its refresh tokens are told by; held until the transaction ends. */
export interface RefreshedSession extends LiveSession {
  readonly refreshHash: Buffer
  readonly earlierRefreshHash: Buffer | null
  readonly refreshedAt: number
}

/** @param now UTC ms */
export async function holdSession(
  client: PoolClient,
  sessionId: string,
  now: number,
): Promise<RefreshedSession | undefined> {
  const { rows } = await client.query<RefreshedSession>(
    `select ${columns}, s.refresh_hash as "refreshHash", s.earlier_refresh_hash as "earlierRefreshHash",
       ${ms('s.refreshed_at')} as "refreshedAt"
     from session s join user_account u using (user_id) where ${live} and s.session_id = $2 for no key update of s`,
    [now, sessionId],
  )
  return rows[0]
}

/** Another refresh token for a session, which has been used by that. @param now UTC ms */
export async function rotateRefreshHash(
  client: PoolClient,
  sessionId: string,
  refreshHash: Buffer,
  idleMs: number,
  now: number,
): Promise<void> {
  await client.query(
    `update session set earlier_refresh_hash = refresh_hash, refresh_hash = $2, refreshed_at = to_timestamp($4::float8 / 1000),
       last_used_at = to_timestamp($4::float8 / 1000),
       idle_ends_at = least(ends_at, to_timestamp(($4::float8 + $3::float8) / 1000))
     where session_id = $1`,
    [sessionId, refreshHash, idleMs, now],
  )
}

/** Notes when sessions were last used. Nobody needs to be told. @param uses session and UTC ms, of equal length */
export async function noteUses(
  database: Database,
  uses: readonly (readonly [sessionId: string, at: number])[],
  idleMs: number,
): Promise<void> {
  await database.query(
    `update session s set last_used_at = greatest(s.last_used_at, to_timestamp(used.at / 1000)),
       idle_ends_at = greatest(s.idle_ends_at, least(s.ends_at, to_timestamp((used.at + $3::float8) / 1000)))
     from unnest($1::uuid[], $2::float8[]) used (session_id, at) where s.session_id = used.session_id`,
    [uses.map(([id]) => id), uses.map(([, at]) => at), idleMs],
  )
}

/** @param now UTC ms */
export async function endSessions(from: Asked, sessionIds: readonly string[], now: number): Promise<void> {
  await from.query(
    `update session set ended_at = to_timestamp($2::float8 / 1000) where session_id = any ($1::uuid[]) and ended_at is null`,
    [sessionIds, now],
  )
}

/** @param except a session that goes on; null: none @param now UTC ms */
export async function endSessionsOfUser(
  from: Asked,
  userId: number,
  except: string | null,
  now: number,
): Promise<void> {
  await from.query(
    `update session set ended_at = to_timestamp($3::float8 / 1000)
     where user_id = $1 and ended_at is null and session_id is distinct from $2`,
    [userId, except, now],
  )
}

/** Forgets sessions that are over since before an instant, UTC ms. */
export async function forgetSessions(database: Database, before: number): Promise<void> {
  await database.query(
    'delete from session where least(ended_at, ends_at, idle_ends_at) < to_timestamp($1::float8 / 1000)',
    [before],
  )
}
