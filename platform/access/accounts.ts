import type { PoolClient } from 'pg'
import type { Clock } from '../clock/clock.ts'
import type { Database } from '../storage/database.ts'
import {
  countAdmins,
  deleteAccount,
  findAccount,
  findBySubject,
  insertAccount,
  listAccounts,
  lockAccounts,
  updateAccount,
  type Account,
  type AccountChange,
} from './account-repository.ts'
import { hashPassword } from './password.ts'
import type { Role } from './roles.ts'
import { endSessionsOfUser } from './session-repository.ts'
import { weaknessOfPassword } from './user-entries.ts'

/** Why a change of users was not made. */
export type AccountFault =
  | 'unknown_user'
  | 'name_taken'
  | 'last_admin'
  | 'weak_password'
  /** It stands in AUTH_USERS, and would be back at the next start. */
  | 'named_by_environment'
  /** Its name and role are decided at the OIDC provider. */
  | 'of_provider'

export class AccountError extends Error {
  override readonly name = 'AccountError'
  readonly fault: AccountFault
  /** Whose change it was to be. */
  readonly username: string | undefined

  constructor(fault: AccountFault, message: string, username?: string) {
    super(message)
    this.fault = fault
    this.username = username
  }
}

/** What an admin changes of a user. */
export interface UserChange {
  readonly role?: Role | undefined
  readonly password?: string | undefined
  readonly disabled?: boolean | undefined
}

/** Somebody whom an OIDC provider vouches for. */
export interface ProvidedAccount {
  readonly username: string
  readonly role: Role
  /** Who it is there, for good: names change, this does not. */
  readonly subject: string
}

/** The users, as an admin deals with them. There is always an admin who can log in. */
export class Accounts {
  #database: Database
  #clock: Clock
  #changed: () => Promise<void>

  /** @param changed called after each change that sessions must follow */
  constructor(database: Database, clock: Clock, changed: () => Promise<void>) {
    this.#database = database
    this.#clock = clock
    this.#changed = changed
  }

  /** By name. @param after the name after which to begin; null: at the beginning */
  list(limit: number, after: string | null): Promise<Account[]> {
    return listAccounts(this.#database, limit, after)
  }

  /** @throws AccountError if there is no such user */
  async get(username: string): Promise<Account> {
    return (await findAccount(this.#database, username)) ?? unknownUser(username)
  }

  /** @throws AccountError if the name is taken or the password weak */
  async create(username: string, password: string, role: Role): Promise<Account> {
    const passwordHash = await hashOfStrong(password)
    const account = await this.#database.transaction((client) =>
      insertAccount(client, { username, role, passwordHash, origin: 'api' }, this.#clock.now()),
    )
    if (!account) throw new AccountError('name_taken', `there is a user ${username} already`)
    return account
  }

  /**
   * Changes a user. Another password and being disabled end all sessions of it; another role holds at once, in those that are open.
   * @throws AccountError if there is no such user, the password is weak, or no admin would be left
   */
  async change(
    username: string,
    { role, password, disabled }: UserChange,
  ): Promise<{ before: Account; after: Account }> {
    const passwordHash = password === undefined ? undefined : await hashOfStrong(password)
    const change: AccountChange = {
      ...(role !== undefined && { role }),
      ...(passwordHash !== undefined && { passwordHash }),
      ...(disabled !== undefined && { disabled }),
    }
    const changed = await this.#inTurn(username, async (client, account) => {
      if (account.origin === 'oidc' && (role !== undefined || password !== undefined))
        throw new AccountError('of_provider', `${account.username} has role and password at the OIDC provider`)
      const after = await updateAccount(client, account, change, this.#clock.now())
      if (passwordHash !== undefined || after.disabled)
        await endSessionsOfUser(client, account.userId, null, this.#clock.now())
      return { before: account, after }
    })
    await this.#changed()
    return changed
  }

  /**
   * Gives a user another password, at the user's own wish: its other sessions end.
   * @throws AccountError if it is weak, or the user has none here
   */
  async changeOwnPassword(username: string, sessionId: string, password: string): Promise<void> {
    const passwordHash = await hashOfStrong(password)
    await this.#inTurn(username, async (client, account) => {
      if (account.passwordHash === null)
        throw new AccountError('of_provider', `${account.username} has its password at the OIDC provider`)
      await updateAccount(client, account, { passwordHash }, this.#clock.now())
      await endSessionsOfUser(client, account.userId, sessionId, this.#clock.now())
    })
    await this.#changed()
  }

  /** @throws AccountError if there is no such user, it stands in AUTH_USERS, or no admin would be left */
  async remove(username: string): Promise<Account> {
    const removed = await this.#inTurn(username, async (client, account) => {
      if (account.entryHash !== null)
        throw new AccountError(
          'named_by_environment',
          `${account.username} stands in AUTH_USERS (or users.json) and would be back at the next start: disable it, or remove it there`,
        )
      await deleteAccount(client, account.userId)
      return account
    })
    await this.#changed()
    return removed
  }

  /** @throws AccountError if there is no such user */
  async endSessions(username: string, except: string | null = null): Promise<Account> {
    const account = await this.get(username)
    await endSessionsOfUser(this.#database, account.userId, except, this.#clock.now())
    await this.#changed()
    return account
  }

  /**
   * A user whom an OIDC provider has told us of, with the name and role that it has there now.
   * @throws AccountError if somebody else has the name
   */
  async ofProvider({ username, role, subject }: ProvidedAccount): Promise<Account> {
    return this.#database.transaction(async (client) => {
      await lockAccounts(client)
      const now = this.#clock.now()
      const known = await findBySubject(client, subject)
      const named = await findAccount(client, username)
      if (named && named.userId !== known?.userId)
        throw new AccountError('name_taken', `there is another user ${username} here`)
      if (known)
        return known.username === username && known.role === role
          ? known
          : updateAccount(client, known, { username, role }, now)
      const fresh = { username, role, passwordHash: null, origin: 'oidc' as const, subject }
      return (await insertAccount(client, fresh, now)) ?? unknownUser(username)
    })
  }

  /** One change of users after the other: so that of two admins not both remove the other. */
  #inTurn<T>(username: string, work: (client: PoolClient, account: Account) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (client) => {
      await lockAccounts(client)
      const before = await countAdmins(client)
      const account = (await findAccount(client, username)) ?? unknownUser(username)
      const result = await work(client, account)
      if (before > 0 && (await countAdmins(client)) === 0)
        throw new AccountError('last_admin', `${account.username} is the last admin: nobody could administer`)
      return result
    })
  }
}

async function hashOfStrong(password: string): Promise<string> {
  const weakness = weaknessOfPassword(password)
  if (weakness !== undefined) throw new AccountError('weak_password', `is too weak: it ${weakness}`)
  return hashPassword(password)
}

function unknownUser(username: string): never {
  throw new AccountError('unknown_user', `there is no user ${username}`, username)
}
