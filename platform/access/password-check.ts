import type { Database } from '../storage/database.ts'
import { findAccount, highestBcryptCost, replaceHash, type Account } from './account-repository.ts'
import { beginAttempt, forgiveAttempt, withdrawAttempt } from './login-limit.ts'
import { bcryptCostOf, hashPassword, isOwnHash, passwordFits } from './password.ts'
import { TooBusy } from './turns.ts'
import { usernamePattern } from './user-entries.ts'

/** Whose name and password they are; or why nobody's, for the log alone. `username` where there is such a user. */
export type PasswordChecked =
  { readonly account: Account } | { readonly username: string | undefined; readonly detail: string }

/**
 * Looks whose name and password these are. What fails counts, and slows the next attempt down.
 * @param now UTC ms
 * @throws LoginDelayed after too many failures; TooBusy; DatabaseUnavailable
 */
export async function checkPassword(
  database: Database,
  username: string,
  password: string,
  address: string,
  now: number,
): Promise<PasswordChecked> {
  // No other text is the name of a user, and some that people type would not even go into the database.
  const name = new RegExp(usernamePattern).test(username) ? username : ''
  const attempt = await beginAttempt(database, name, address, now)
  const account = await findAccount(database, name)
  const bcryptCost = await highestBcryptCost(database)
  let fits: boolean
  try {
    fits = await passwordFits(password, account?.passwordHash ?? undefined, bcryptCost)
  } catch (error) {
    if (error instanceof TooBusy) await withdrawAttempt(database, attempt)
    throw error
  }
  if (!account) return { username: undefined, detail: 'unknown user' }
  if (account.disabled || !fits)
    return { username: account.username, detail: account.disabled ? 'disabled user' : 'wrong password' }
  await forgiveAttempt(database, attempt)
  return { account: await withOwnHash(database, account, password) }
}

/** A hash of bcrypt gives way to ours as soon as the password is at hand. */
async function withOwnHash(database: Database, account: Account, password: string): Promise<Account> {
  if (account.passwordHash === null || isOwnHash(account.passwordHash)) return account
  if (bcryptCostOf(account.passwordHash) === 0) return account
  const passwordHash = await hashPassword(password)
  await replaceHash(database, account.userId, account.passwordHash, passwordHash)
  return { ...account, passwordHash }
}
