import type { PoolClient } from 'pg'
import type { Database } from '../storage/database.ts'
import {
  countAdmins,
  findAccount,
  insertAccount,
  listAccounts,
  lockAccounts,
  updateAccount,
  type Account,
} from './account-repository.ts'
import { hashPassword, passwordFits } from './password.ts'
import { endSessionsOfUser } from './session-repository.ts'
import { looksLikeHash, type UserEntry } from './user-entries.ts'

/** More than this many users AUTH_USERS and admins never make. */
const mostAccounts = 10_000

/** Where entries stand, for people: without AUTH_USERS, and outside production, there is the file. */
const entriesPlace = 'AUTH_USERS (or users.json)'

/**
 * Brings the users of AUTH_USERS into the database. An entry that has changed since it was last applied wins over what an admin
 * has changed meanwhile; one that has not leaves that alone. A user whose entry is gone is disabled, and its sessions end.
 * @param now UTC ms
 * @returns what was done, a line each
 */
export async function syncEntries(database: Database, entries: readonly UserEntry[], now: number): Promise<string[]> {
  const known = await listAccounts(database, mostAccounts)
  const hashes = new Map<string, string>()
  for (const entry of entries) hashes.set(entry.username, await hashOfEntry(entry, accountOf(known, entry.username)))
  return database.transaction(async (client) => {
    await lockAccounts(client)
    const done: string[] = []
    for (const entry of entries) done.push(...(await applyEntry(client, entry, hashes.get(entry.username)!, now)))
    const names = new Set(entries.map(({ username }) => username.toLowerCase()))
    for (const account of await listAccounts(client, mostAccounts))
      if (account.entryHash !== null && !names.has(account.username.toLowerCase()))
        done.push(await letGo(client, account, now))
    if ((await countAdmins(client)) === 0) done.push(...(await restoreAdmins(client, entries, hashes, now)))
    return done
  })
}

/** The hash that stands for an entry: the one that was last applied, if it still fits, so that nothing seems to have changed. */
async function hashOfEntry({ password }: UserEntry, account: Account | undefined): Promise<string> {
  if (looksLikeHash(password)) return password
  const applied = account?.entryHash
  if (applied != null && (await passwordFits(password, applied))) return applied
  return hashPassword(password)
}

async function applyEntry(client: PoolClient, entry: UserEntry, hash: string, now: number): Promise<string[]> {
  const { username, role } = entry
  const entryOf = { entryRole: role, entryHash: hash }
  const account = await findAccount(client, username)
  if (!account) {
    const fresh = { username, role, passwordHash: hash, origin: 'environment' as const, ...entryOf }
    await insertAccount(client, fresh, now)
    return [`user ${username} (${role}) added`]
  }
  if (account.entryHash === hash && account.entryRole === role) return []
  const change = { role, passwordHash: hash, disabled: false, origin: 'environment' as const, ...entryOf }
  await updateAccount(client, account, change, now)
  if (account.entryHash !== hash) await endSessionsOfUser(client, account.userId, null, now)
  return [`user ${username} (${role}) is as ${entriesPlace} says now`]
}

async function letGo(client: PoolClient, account: Account, now: number): Promise<string> {
  await updateAccount(client, account, { disabled: true, entryRole: null, entryHash: null }, now)
  await endSessionsOfUser(client, account.userId, null, now)
  return `user ${account.username} is gone from ${entriesPlace}: disabled`
}

/** The admins that were made by others are gone or disabled: those of AUTH_USERS are admins again. */
async function restoreAdmins(
  client: PoolClient,
  entries: readonly UserEntry[],
  hashes: ReadonlyMap<string, string>,
  now: number,
): Promise<string[]> {
  const done: string[] = []
  for (const { username, role } of entries.filter((entry) => entry.role === 'admin')) {
    const account = await findAccount(client, username)
    if (!account) continue
    await updateAccount(client, account, { role, disabled: false, passwordHash: hashes.get(username)! }, now)
    done.push(`user ${username} (${role}) is as ${entriesPlace} says again: no admin was left`)
  }
  return done
}

const accountOf = (accounts: readonly Account[], username: string): Account | undefined =>
  accounts.find((account) => account.username.toLowerCase() === username.toLowerCase())
