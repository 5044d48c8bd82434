import { hkdfSync } from 'node:crypto'
import { wallClock, type Clock } from '../clock/clock.ts'
import { pause } from '../clock/pause.ts'
import { DatabaseUnavailable, type Database } from '../storage/database.ts'
import { listAccess, type AccessFilter, type ListedAccess } from './access-log-repository.ts'
import { AccessLog, type AccessEntry } from './access-log.ts'
import type { Account } from './account-repository.ts'
import { isSameHash, partsOfKey, type KeyScope } from './api-key.ts'
import { selectKey, type ApiKey } from './api-key-repository.ts'
import { Accounts, type ProvidedAccount } from './accounts.ts'
import { csrfTokenFits, csrfTokenOf } from './cookies.ts'
import { syncEntries } from './entry-sync.ts'
import type { Caller, EndReason, Identity } from './identity.ts'
import { tidyFailures } from './login-limit.ts'
import { checkPassword } from './password-check.ts'
import { forgetProofs, redeemOnce } from './proof-repository.ts'
import { mismatchOf, proofTtlMs, signProof, verifyProof, type ProofPurpose } from './proof.ts'
import { sessionsOfUser, type ListedSession, type LiveSession } from './session-repository.ts'
import { sessionLimits, Sessions, type SessionLimits } from './sessions.ts'
import { isUuid, keysOf, signToken, toSeconds, verifyToken, type Keys } from './token.ts'
import type { UserEntry } from './user-entries.ts'

export type { AccessEntry } from './access-log.ts'
export type { UserEntry } from './user-entries.ts'

/** What somebody gets who has logged in. */
export interface Login {
  readonly token: string
  readonly identity: Identity
  /** For another token. Undefined where another tab of the same browser has just got it. */
  readonly refreshToken: string | undefined
  /** What a page repeats in `X-CSRF-Token`. */
  readonly csrfToken: string
}

export interface AccessOptions {
  readonly database: Database
  /** Of AUTH_USERS; none: the users are those of the database. */
  readonly users: readonly UserEntry[]
  /** JWT_SECRET. */
  readonly secret: string
  readonly tokenTtlMs: number
  /** Told of faults that are not the database being away. */
  readonly report?: (error: unknown) => void
  /** Told what was done with AUTH_USERS, a line each. */
  readonly log?: (line: string) => void
  /** Shows the wall's time; only tests have another one. */
  readonly clock?: Clock
  /** Only tests have others. */
  readonly limits?: Partial<SessionLimits>
}

const tidyMs = 60_000
/** So long a login waits for the database at the start. */
const patienceMs = 5_000

/**
 * The one verifier: of the API, the dashboard, the editor and the live stream. Holds who is logged in, and tells whoever holds a
 * socket when to close it.
 */
export class Access {
  /** The users, as an admin deals with them. */
  readonly accounts: Accounts
  #database: Database
  #log: AccessLog
  #keys: Keys
  #sessions: Sessions
  #tokenTtlMs: number
  #clock: Clock
  #report: (error: unknown) => void
  #closing = new AbortController()
  #ready: Promise<void>
  #tidying: Promise<void>

  constructor(options: AccessOptions) {
    const { database, users, secret, tokenTtlMs, clock = wallClock } = options
    this.#database = database
    this.#keys = keysOf(secret)
    this.#tokenTtlMs = tokenTtlMs
    this.#clock = clock
    this.#report = options.report ?? (() => undefined)
    this.#sessions = new Sessions({
      database,
      key: Buffer.from(hkdfSync('sha256', secret, 'linha-viva', 'refresh', 32)),
      clock,
      limits: { ...sessionLimits(tokenTtlMs), ...options.limits },
      report: this.#report,
    })
    this.accounts = new Accounts(database, clock, () => this.#sessions.follow())
    this.#log = new AccessLog(database, clock, this.#report)
    this.#ready = this.#takeIn(users, options.log ?? (() => undefined))
    // Whoever needs it hears of it.
    this.#ready.catch(() => undefined)
    this.#tidying = this.#keepTidy()
  }

  /** Resolves once the users of AUTH_USERS are in the database; rejects when closed before. */
  async ready(): Promise<void> {
    await this.#ready
  }

  /**
   * @returns undefined when name and password do not fit
   * @throws LoginDelayed after too many failures; TooBusy; DatabaseUnavailable
   */
  async login(username: string, password: string, caller: Caller = nowhere): Promise<Login | undefined> {
    const account = await this.#checked(username, password, caller)
    if (!account) return undefined
    return this.#enter(account, caller, 'login')
  }

  /**
   * Lets somebody in whom an OIDC provider has told us of.
   * @returns undefined where the user is disabled
   * @throws AccountError where a user of ours has the name; DatabaseUnavailable
   */
  async admit(provided: ProvidedAccount, caller: Caller): Promise<Login | undefined> {
    const account = await this.accounts.ofProvider(provided)
    return this.#enter(account, caller, 'login_oidc')
  }

  /** @returns who holds the token, with the role of this moment; undefined where it is no (longer a) good one */
  async verify(token: string): Promise<Identity | undefined> {
    const claims = await verifyToken(this.#keys.token, token, this.#clock.now())
    if (!claims) return undefined
    const session = await this.#sessions.use(claims.sessionId)
    if (!session || session.username !== claims.username) return undefined
    return identityOf(session, claims.expiresAt)
  }

  /**
   * Who somebody is, as of now, whom the dashboard's guard named to a flow: the name alone proves nothing, an open session of it does.
   * @returns undefined where the session is not open (any more), or is of somebody else
   */
  async identify(username: string, sessionId: string): Promise<Identity | undefined> {
    if (!isUuid(sessionId)) return undefined
    const session = await this.#sessions.use(sessionId)
    return session && session.username === username ? identityOf(session, session.endsAt) : undefined
  }

  /**
   * Whose key it is, if it is in force and of this scope. A key that was taken back is none from that moment on.
   * @throws DatabaseUnavailable
   */
  async verifyKey(text: string, scope: KeyScope): Promise<Pick<ApiKey, 'keyId' | 'name'> | undefined> {
    const given = partsOfKey(text)
    const known = given && (await selectKey(this.#database, given.keyId))
    if (!known || !isSameHash(known.secretHash, given.secretHash) || known.scope !== scope) return undefined
    return { keyId: known.keyId, name: known.name }
  }

  /**
   * Another token, for a refresh token. Each is good once; one that is used again later ends the session.
   * @returns undefined where the refresh token is no good
   * @throws DatabaseUnavailable
   */
  async refresh(refreshToken: string, caller: Caller = nowhere): Promise<Login | undefined> {
    const refreshed = await this.#sessions.refresh(refreshToken)
    if (refreshed === 'unknown') return undefined
    if ('replayed' in refreshed) {
      const { username, role, sessionId } = refreshed.replayed
      this.noteAccess({
        event: 'refresh_replayed',
        identity: { username, role, sessionId },
        address: caller.address,
        detail: 'a refresh token was used again: the session has ended',
      })
      return undefined
    }
    return this.#loginOf(refreshed.session, refreshed.refreshToken)
  }

  /** Ends one login: its tokens are no good any more, and whoever holds a socket of it is told. */
  async logout(sessionId: string): Promise<void> {
    await this.#sessions.end(sessionId)
  }

  /** Ends all logins of a user. @param except a session that goes on @throws AccountError if there is no such user */
  async logoutEverywhere(username: string, except?: string): Promise<void> {
    await this.accounts.endSessions(username, except)
  }

  /** The sessions of a user that are open, the last used first. @throws AccountError if there is no such user */
  async sessionsOf(username: string): Promise<ListedSession[]> {
    const { userId } = await this.accounts.get(username)
    return sessionsOfUser(this.#database, userId, this.#clock.now())
  }

  /** Rows of the access log, the newest first. @param before the id before which to begin; null: at the newest */
  accessLog(filter: AccessFilter, before: string | null, limit: number): Promise<ListedAccess[]> {
    return listAccess(this.#database, filter, before, limit)
  }

  /**
   * @param listener hears of each session whose sockets are to be closed: it has ended, or its user has another role now and
   * comes back with it
   * @returns stops telling
   */
  onEnded(listener: (sessionId: string, reason: EndReason) => void): () => void {
    return this.#sessions.onEnded(listener)
  }

  /** What a page of this session repeats in `X-CSRF-Token` when it writes. */
  csrfToken(sessionId: string): string {
    return csrfTokenOf(this.#keys.csrf, sessionId)
  }

  /** Whether a page of ours may write in this session. @param given what the request says in `X-CSRF-Token` */
  csrfFits(sessionId: string, given: string | undefined): boolean {
    return csrfTokenFits(this.#keys.csrf, sessionId, given)
  }

  /**
   * A proof that somebody has just given the password again, for one act: good once, for a minute.
   * @returns undefined when the password does not fit, which counts as a failed login
   * @throws LoginDelayed; TooBusy; DatabaseUnavailable
   */
  async prove(
    identity: Identity,
    password: string,
    purpose: ProofPurpose,
    caller: Caller,
  ): Promise<{ proof: string; expiresAt: number } | undefined> {
    if (!(await this.#checked(identity.username, password, caller))) return undefined
    const now = this.#clock.now()
    const proof = await signProof(this.#keys.proof, identity, purpose, now)
    return { proof, expiresAt: toSeconds(now + proofTtlMs) * 1_000 }
  }

  /**
   * Uses a proof up. Whatever asks for one acts only on `true`; what was refused stands in the access log.
   * @throws DatabaseUnavailable: then the proof may have been used up
   */
  async redeemProof(proof: string, identity: Identity, purpose: ProofPurpose): Promise<boolean> {
    const refusal = await this.#refusalOf(proof, identity, purpose)
    if (refusal === undefined) return true
    this.noteAccess({
      event: 'proof_refused',
      identity,
      subject: `${purpose.action} ${purpose.target}`,
      detail: refusal,
    })
    return false
  }

  /**
   * Uses a proof up that came alone, and says whose it is: nothing else about who acts is believed. What was refused stands in the
   * access log.
   * @returns who has given the password, with the role of this moment; undefined where the proof is no good
   * @throws DatabaseUnavailable: then the proof may have been used up
   */
  async holderOfProof(proof: string, purpose: ProofPurpose): Promise<Identity | undefined> {
    const said = await verifyProof(this.#keys.proof, proof, this.#clock.now())
    const identity = said && (await this.identify(said.username, said.sessionId))
    const refusal = identity ? await this.#refusalOf(proof, identity, purpose) : 'is none of ours, or has expired'
    if (refusal === undefined) return identity
    this.noteAccess({
      event: 'proof_refused',
      identity,
      subject: `${purpose.action} ${purpose.target}`,
      detail: refusal,
    })
    return undefined
  }

  /** Stores who did what in the access log, before it resolves. @throws DatabaseUnavailable */
  async recordAccess(entry: AccessEntry): Promise<void> {
    await this.#log.record(entry)
  }

  /** Stores within a second or so what strangers cause, as something that was refused; of too much of it only the number. */
  noteAccess(entry: AccessEntry): void {
    this.#log.note(entry)
  }

  /** Changes the password of whoever asks. @returns false when the present one does not fit @throws AccountError; LoginDelayed; TooBusy; DatabaseUnavailable */
  async changePassword(identity: Identity, present: string, password: string, caller: Caller): Promise<boolean> {
    if (!(await this.#checked(identity.username, present, caller))) return false
    await this.accounts.changeOwnPassword(identity.username, identity.sessionId, password)
    await this.recordAccess({ event: 'password_changed', identity, address: caller.address })
    return true
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#tidying, this.#ready.catch(() => undefined), this.#log.close(), this.#sessions.close()])
  }

  /** Whose name and password these are, if anybody's; what fails counts and slows the next attempt down. */
  async #checked(username: string, password: string, caller: Caller): Promise<Account | undefined> {
    await this.#readySoon()
    const checked = await checkPassword(this.#database, username, password, caller.address, this.#clock.now())
    if ('account' in checked) return checked.account
    this.noteAccess({ event: 'login_failed', ...checked, address: caller.address })
    return undefined
  }

  async #enter(account: Account, caller: Caller, event: string): Promise<Login | undefined> {
    const userAgent = caller.userAgent?.slice(0, 300)
    const opened = await this.#sessions.open(account.userId, account.passwordHash, { ...caller, userAgent })
    if (!opened) return undefined
    const login = await this.#loginOf(opened.session, opened.refreshToken)
    await this.recordAccess({ event, identity: login.identity, address: caller.address })
    return login
  }

  async #loginOf(session: LiveSession, refreshToken: string | undefined): Promise<Login> {
    const now = this.#clock.now()
    const expiresAt = toSeconds(Math.min(now + this.#tokenTtlMs, session.endsAt)) * 1_000
    const { username, sessionId } = session
    const token = await signToken(this.#keys.token, { username, sessionId, expiresAt }, now)
    return { token, identity: identityOf(session, expiresAt), refreshToken, csrfToken: this.csrfToken(sessionId) }
  }

  async #refusalOf(proof: string, identity: Identity, purpose: ProofPurpose): Promise<string | undefined> {
    const said = await verifyProof(this.#keys.proof, proof, this.#clock.now())
    if (!said) return 'is none of ours, or has expired'
    const mismatch = mismatchOf(said, identity, purpose)
    if (mismatch !== undefined) return mismatch
    if (!(await this.#sessions.use(said.sessionId))) return 'is of a session that has ended'
    return (await redeemOnce(this.#database, said.proofId, said.expiresAt)) ? undefined : 'has been used before'
  }

  /** Nobody waits at the door for a database that may come back in an hour. */
  async #readySoon(): Promise<void> {
    const enough = new AbortController()
    const late = pause(patienceMs, enough.signal).then(() => 'late')
    const first = await Promise.race([this.#ready, late]).finally(() => enough.abort())
    if (first === 'late') throw new DatabaseUnavailable('the users are not known yet')
  }

  async #takeIn(users: readonly UserEntry[], log: (line: string) => void): Promise<void> {
    const { signal } = this.#closing
    for (;;) {
      await this.#database.ready(signal)
      try {
        if (users.length > 0) for (const line of await syncEntries(this.#database, users, this.#clock.now())) log(line)
        return await this.#sessions.reload()
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof DatabaseUnavailable)) this.#report(error)
        await pause(1_000, signal)
      }
    }
  }

  async #keepTidy(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      await pause(tidyMs, signal)
      if (signal.aborted) return
      const now = this.#clock.now()
      try {
        await tidyFailures(this.#database, now)
        // Another process's clock may be a little behind.
        await forgetProofs(this.#database, now - 10 * proofTtlMs)
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) this.#report(error)
      }
    }
  }
}

const nowhere: Caller = { address: '' }

const identityOf = ({ username, role, sessionId, endsAt }: LiveSession, expiresAt: number): Identity => ({
  username,
  role,
  sessionId,
  expiresAt,
  sessionEndsAt: endsAt,
})
