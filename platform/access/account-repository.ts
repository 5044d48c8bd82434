import type { PoolClient } from 'pg'
import type { Database } from '../storage/database.ts'
import type { Role } from './roles.ts'

/** Within a transaction, or by itself. */
export interface Asked {
  query(text: string, values: unknown[]): Promise<unknown>
}

/** Where a user comes from: AUTH_USERS, an admin, or an OIDC provider. */
export type AccountOrigin = 'environment' | 'api' | 'oidc'

export interface Account {
  readonly userId: number
  readonly username: string
  readonly role: Role
  /** Null: logs in at an OIDC provider only. */
  readonly passwordHash: string | null
  readonly origin: AccountOrigin
  readonly disabled: boolean
  /** The entry of AUTH_USERS as last applied. */
  readonly entryRole: Role | null
  readonly entryHash: string | null
  readonly createdAt: Date
  readonly changedAt: Date
}

const columns = `user_id as "userId", username, role, password_hash as "passwordHash", origin, disabled,
  entry_role as "entryRole", entry_hash as "entryHash", created_at as "createdAt", changed_at as "changedAt"`

/** Changes of users one after the other, whoever makes them: until this transaction ends. */
export async function lockAccounts(client: PoolClient): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('user_account', 0))`)
}

export async function findAccount(from: Asked, username: string): Promise<Account | undefined> {
  return rowsOf<Account>(
    await from.query(`select ${columns} from user_account where lower(username) = lower($1)`, [username]),
  )[0]
}

/** @param subject who it is for the OIDC provider */
export async function findBySubject(from: Asked, subject: string): Promise<Account | undefined> {
  return rowsOf<Account>(await from.query(`select ${columns} from user_account where subject = $1`, [subject]))[0]
}

/** By name, in its order without regard to capitals. @param after the name after which to begin; null: at the beginning */
export async function listAccounts(from: Asked, limit: number, after: string | null = null): Promise<Account[]> {
  return rowsOf(
    await from.query(
      `select ${columns} from user_account where $2::text is null or lower(username) > lower($2)
       order by lower(username) limit $1`,
      [limit, after],
    ),
  )
}

/** What is to be stored of a user; times in UTC ms. */
export interface NewAccount {
  readonly username: string
  readonly role: Role
  readonly passwordHash: string | null
  readonly origin: AccountOrigin
  readonly entryRole?: Role | null
  readonly entryHash?: string | null
  /** Of an OIDC provider. */
  readonly subject?: string
}

/** @returns undefined where somebody has that name already */
export async function insertAccount(client: PoolClient, account: NewAccount, at: number): Promise<Account | undefined> {
  const { username, role, passwordHash, origin, entryRole = null, entryHash = null, subject = null } = account
  const { rows } = await client.query<Account>(
    `insert into user_account (username, role, password_hash, origin, entry_role, entry_hash, subject, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $8, to_timestamp($7::float8 / 1000), to_timestamp($7::float8 / 1000))
     on conflict (lower(username)) do nothing returning ${columns}`,
    [username, role, passwordHash, origin, entryRole, entryHash, at, subject],
  )
  return rows[0]
}

/** What changes of a user: what is not named stays. */
export type AccountChange = Partial<
  Pick<Account, 'username' | 'role' | 'passwordHash' | 'disabled' | 'origin' | 'entryRole' | 'entryHash'>
>

export async function updateAccount(
  client: PoolClient,
  account: Account,
  change: AccountChange,
  at: number,
): Promise<Account> {
  const { username, role, passwordHash, disabled, origin, entryRole, entryHash } = { ...account, ...change }
  const { rows } = await client.query<Account>(
    `update user_account set role = $2, password_hash = $3, disabled = $4, origin = $5, entry_role = $6, entry_hash = $7,
       changed_at = to_timestamp($8::float8 / 1000), username = $9
     where user_id = $1 returning ${columns}`,
    [account.userId, role, passwordHash, disabled, origin, entryRole, entryHash, at, username],
  )
  return rows[0]!
}

/** Another hash of the same password, unless somebody changed it meanwhile. */
export async function replaceHash(
  database: Database,
  userId: number,
  before: string,
  passwordHash: string,
): Promise<void> {
  await database.query('update user_account set password_hash = $3 where user_id = $1 and password_hash = $2', [
    userId,
    before,
    passwordHash,
  ])
}

export async function deleteAccount(client: PoolClient, userId: number): Promise<void> {
  await client.query('delete from user_account where user_id = $1', [userId])
}

/** @returns how many admins can log in */
export async function countAdmins(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ admins: number }>(
    `select count(*)::integer as admins from user_account where role = 'admin' and not disabled`,
  )
  return rows[0]!.admins
}

/** The highest cost of bcrypt hashes that somebody logs in with; 0: there are none. */
export async function highestBcryptCost(database: Database): Promise<number> {
  const [row] = await database.query<{ cost: number }>(
    `select coalesce(max(substring(password_hash from '^\\$2[aby]\\$(\\d\\d)\\$')::integer), 0) as cost from user_account`,
  )
  return row!.cost
}

const rowsOf = <T>(result: unknown): T[] => (Array.isArray(result) ? result : (result as { rows: T[] }).rows) as T[]
