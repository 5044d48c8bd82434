import { createSecretKey, randomUUID, type KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { wallClock, type Clock } from '../clock/clock.ts'
import { csrfTokenFits } from './cookies.ts'
import type { Identity } from './identity.ts'
import { passwordFits } from './password.ts'
import type { Role } from './roles.ts'

/** A user as AUTH_USERS names it. */
export interface UserEntry {
  readonly username: string
  /** Plain, or a hash that says so by its form. */
  readonly password: string
  readonly role: Role
}

const issuer = 'linha-viva'
const audience = 'linha-viva-api'
const algorithm = 'HS256'

/** The one verifier: of the API, the dashboard, the editor and the live stream. */
export class Access {
  #key: KeyObject
  #users: ReadonlyMap<string, UserEntry>
  #sessions = new Map<string, string>()
  #listeners = new Set<(sessionId: string) => void>()
  #tokenTtlMs: number
  #clock: Clock

  constructor(options: { users: readonly UserEntry[]; secret: string; tokenTtlMs: number; clock?: Clock }) {
    this.#users = new Map(options.users.map((user) => [user.username, user]))
    this.#key = createSecretKey(Buffer.from(options.secret))
    this.#tokenTtlMs = options.tokenTtlMs
    this.#clock = options.clock ?? wallClock
  }

  /** @returns undefined when name and password do not fit */
  async login(username: string, password: string): Promise<{ token: string; identity: Identity } | undefined> {
    const user = this.#users.get(username)
    if (!(await passwordFits(password, user?.password)) || !user) return undefined
    const sessionId = randomUUID()
    this.#sessions.set(sessionId, username)
    const now = this.#clock.now()
    const expiresAt = now + this.#tokenTtlMs
    const token = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(username)
      .setJti(randomUUID())
      .setIssuedAt(Math.floor(now / 1_000))
      .setExpirationTime(Math.floor(expiresAt / 1_000))
      .sign(this.#key)
    return { token, identity: { username, role: user.role, sessionId, expiresAt, sessionEndsAt: expiresAt } }
  }

  /** @returns who holds the token, with the role of this moment; undefined where it is no (longer a) good one */
  async verify(token: string): Promise<Identity | undefined> {
    const verified = await jwtVerify(token, this.#key, {
      issuer,
      audience,
      algorithms: [algorithm],
      currentDate: new Date(this.#clock.now()),
    }).catch(() => undefined)
    const { sub, sid, exp } = verified?.payload ?? {}
    const user = this.#users.get(sub ?? '')
    if (!user || typeof sid !== 'string' || this.#sessions.get(sid) !== sub || exp === undefined) return undefined
    const expiresAt = exp * 1_000
    return { username: user.username, role: user.role, sessionId: sid, expiresAt, sessionEndsAt: expiresAt }
  }

  /** Whether a page of ours may write in this session: it repeats what the cookie `lv_csrf` says. */
  csrfFits(sessionId: string, given: string | undefined): boolean {
    return csrfTokenFits(this.#key.export(), sessionId, given)
  }

  /** Ends one login: its tokens are no good any more, and whoever holds a socket of it is told. */
  async logout(sessionId: string): Promise<void> {
    if (this.#sessions.delete(sessionId)) for (const listener of this.#listeners) listener(sessionId)
  }

  /** @param listener hears of each session that ended. @returns stops telling */
  onEnded(listener: (sessionId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
