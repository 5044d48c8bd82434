import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { machineClock, type Clock } from '../clock/clock.ts'
import { pause } from '../clock/pause.ts'
import { DatabaseUnavailable, type Database } from '../storage/database.ts'
import type { Caller, EndReason } from './identity.ts'
import { isSame, newRefreshToken, readRefreshToken } from './refresh-token.ts'
import {
  accessRevision,
  endSessions,
  endSurplusSessions,
  findLiveSession,
  forgetSessions,
  holdSession,
  insertSession,
  liveSessions,
  noteUses,
  rotateRefreshHash,
  type LiveSession,
} from './session-repository.ts'
import { isUuid } from './token.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How long sessions last, and how many there may be. */
export interface SessionLimits {
  /** A session that nobody uses ends after this, ms. */
  readonly idleMs: number
  /** Each ends after this at the latest, ms. */
  readonly longestMs: number
  readonly mostOfUser: number
  readonly mostInAll: number
  /** What was known of sessions holds for so long without the database, ms. */
  readonly trustMs: number
}

/** @param tokenTtlMs no session ends before its first token would */
export const sessionLimits = (tokenTtlMs: number): SessionLimits => ({
  idleMs: Math.max(day, tokenTtlMs),
  longestMs: Math.max(7 * day, tokenTtlMs),
  mostOfUser: 20,
  mostInAll: 5_000,
  trustMs: 15 * minute,
})

/** So often the database is asked whether anything has changed, should a notice have been lost. */
const pollMs = 2_000
const flushMs = 30_000
const tidyMs = 10 * minute
/** Sessions that are over are remembered: they tell which addresses a user has come from. */
const rememberMs = 30 * day
/** A second tab may ask with the token that a first one has just used. */
const graceMs = 10_000

export type Refreshed =
  | {
      readonly session: LiveSession
      /** Undefined for a second tab: the first one has got it. */ readonly refreshToken: string | undefined
    }
  | 'unknown'
  /** A refresh token that was good once: somebody has copied it. The session has been ended. */
  | { readonly replayed: LiveSession }

/**
 * The sessions that are open, held in memory and kept up with the database: every request asks. A change by another process is
 * known here within moments by a notice, within two seconds without one. While the database is away, what was known holds
 * for a quarter of an hour; then all are asked to come again.
 */
export class Sessions {
  #database: Database
  #key: Buffer
  #clock: Clock
  #machine: Clock
  #limits: SessionLimits
  #report: (error: unknown) => void
  #live = new Map<string, LiveSession>()
  /** Opened or found since the last reading of all began: it may not have seen them. */
  #found = new Set<string>()
  #used = new Map<string, number>()
  /** Ended here while the database was away. */
  #toEnd = new Set<string>()
  #events = new EventEmitter<{ ended: [string, EndReason] }>()
  #wakeUp: () => void = () => undefined
  #revision: string | undefined
  #confirmedAt: number | undefined
  #flushedAt: number
  #tidiedAt = -Infinity
  #stale = true
  #reloading: Promise<unknown> = Promise.resolve()
  #closing = new AbortController()
  #running: Promise<unknown>

  constructor(options: {
    database: Database
    /** Signs refresh tokens. */
    key: Buffer
    clock: Clock
    limits: SessionLimits
    report: (error: unknown) => void
    machine?: Clock
  }) {
    this.#database = options.database
    this.#key = options.key
    this.#clock = options.clock
    this.#machine = options.machine ?? machineClock
    this.#limits = options.limits
    this.#report = options.report
    this.#events.setMaxListeners(0)
    this.#flushedAt = this.#machine.now()
    this.#running = Promise.all([
      this.#database.listen('access_changed', () => this.#wake(), this.#closing.signal),
      this.#keepFresh(),
      this.#watchTheClock(),
    ])
  }

  /** @param listener hears of each session whose sockets are to be closed. @returns stops telling */
  onEnded(listener: (sessionId: string, reason: EndReason) => void): () => void {
    this.#events.on('ended', listener)
    return () => this.#events.off('ended', listener)
  }

  /** A session that is open, as used now; undefined where it is not, or nobody knows. */
  async use(sessionId: string): Promise<LiveSession | undefined> {
    const now = this.#clock.now()
    const known = this.#live.get(sessionId)
    const session = known && isOpen(known, now) ? known : await this.#look(sessionId, now)
    if (!session) return undefined
    this.#used.set(sessionId, now)
    this.#live.set(sessionId, {
      ...session,
      lastUsedAt: now,
      idleEndsAt: Math.min(session.endsAt, now + this.#limits.idleMs),
    })
    return session
  }

  /**
   * Opens a session, and closes those of the user, and of all, that are too many.
   * @param passwordHash what the user was let in with; null: without a password
   * @returns undefined where the user may not log in (any more)
   */
  async open(
    userId: number,
    passwordHash: string | null,
    caller: Caller,
  ): Promise<{ session: LiveSession; refreshToken: string } | undefined> {
    const { idleMs, longestMs, mostOfUser, mostInAll } = this.#limits
    const createdAt = this.#clock.now()
    const sessionId = randomUUID()
    const { refreshToken, refreshHash } = newRefreshToken(this.#key, sessionId)
    const endsAt = createdAt + longestMs
    const idleEndsAt = Math.min(endsAt, createdAt + idleMs)
    const session = await this.#database.transaction(async (client) => {
      const fresh = { sessionId, userId, caller, createdAt, idleEndsAt, endsAt, refreshHash }
      const opened = await insertSession(client, fresh, passwordHash)
      if (opened) await endSurplusSessions(client, userId, mostOfUser, mostInAll, createdAt)
      return opened
    })
    if (!session) return undefined
    this.#keep(session)
    return { session, refreshToken }
  }

  /** Another refresh token for one that is good. One that is replayed ends its session. */
  async refresh(refreshToken: string): Promise<Refreshed> {
    const read = readRefreshToken(this.#key, refreshToken)
    if (!read) return 'unknown'
    const { sessionId, hash: given } = read
    const now = this.#clock.now()
    const refreshed = await this.#database.transaction<Refreshed>(async (client) => {
      const session = await holdSession(client, sessionId, now)
      if (!session) return 'unknown'
      if (isSame(given, session.refreshHash)) {
        const fresh = newRefreshToken(this.#key, sessionId)
        await rotateRefreshHash(client, sessionId, fresh.refreshHash, this.#limits.idleMs, now)
        return { session, refreshToken: fresh.refreshToken }
      }
      const earlier = session.earlierRefreshHash
      const isSecondTab = earlier !== null && isSame(given, earlier) && now - session.refreshedAt <= graceMs
      if (isSecondTab) return { session, refreshToken: undefined }
      await endSessions(client, [sessionId], now)
      return { replayed: session }
    })
    if (refreshed === 'unknown') return refreshed
    if ('replayed' in refreshed) this.#end(sessionId, 'ended')
    else {
      this.#keep(refreshed.session)
      await this.use(sessionId)
    }
    return refreshed
  }

  /** Ends a session, here at once, elsewhere within moments; while the database is away, there when it is back. */
  async end(sessionId: string): Promise<void> {
    if (!isUuid(sessionId)) return
    this.#toEnd.add(sessionId)
    this.#end(sessionId, 'ended')
    await this.#flushEnds().catch((error: unknown) => {
      if (!(error instanceof DatabaseUnavailable)) throw error
    })
  }

  /** Follows a change of users or sessions by us at once; where the database goes away meanwhile, when it is back. */
  async follow(): Promise<void> {
    try {
      await this.reload()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
    }
  }

  /** Takes over what the database says now. One after the other: what was read first is taken over first. @throws DatabaseUnavailable */
  reload(): Promise<void> {
    const reloaded = this.#reloading.then(() => this.#reload())
    this.#reloading = reloaded.catch(() => undefined)
    return reloaded
  }

  async #reload(): Promise<void> {
    this.#stale = false
    this.#found.clear()
    const asked = this.#machine.now()
    try {
      const revision = await accessRevision(this.#database)
      const now = this.#clock.now()
      this.#takeOver(await liveSessions(this.#database, now), now)
      this.#revision = revision
      this.#confirmedAt = asked
    } catch (error) {
      this.#stale = true
      throw error
    }
  }

  /** How many are open, as far as is known here. */
  get size(): number {
    return this.#live.size
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#wakeUp()
    await this.#running
    await this.#flush().catch((error: unknown) => {
      if (!(error instanceof DatabaseUnavailable)) this.#report(error)
    })
  }

  #wake(): void {
    this.#stale = true
    this.#wakeUp()
  }

  async #keepFresh(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        await this.#round()
      } catch (error) {
        // It says itself when it is away.
        if (!(error instanceof DatabaseUnavailable)) this.#report(error)
        this.#stale = true
        await pause(500, signal)
      }
      // A storm of changes is taken in together.
      await pause(50, signal)
      if (!this.#stale && !signal.aborted) await this.#pauseUntilWoken()
    }
  }

  async #pauseUntilWoken(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wakeUp = resolve
      timer = setTimeout(resolve, pollMs)
    })
    clearTimeout(timer)
  }

  /** Apart from the other loop, which may be waiting for a database that does not answer. */
  async #watchTheClock(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#endByTheClock()
      await pause(500, this.#closing.signal)
    }
  }

  async #round(): Promise<void> {
    await this.#flushEnds()
    const now = this.#clock.now()
    const machine = this.#machine.now()
    const someExpired = [...this.#live.values()].some((session) => !isOpen(session, now))
    if (someExpired || machine - this.#flushedAt > flushMs) await this.#flush()
    if (this.#stale || someExpired || (await accessRevision(this.#database)) !== this.#revision) await this.reload()
    else this.#confirmedAt = machine
    if (machine - this.#tidiedAt > tidyMs) {
      this.#tidiedAt = machine
      await forgetSessions(this.#database, now - rememberMs)
    }
  }

  #takeOver(sessions: readonly LiveSession[], now: number): void {
    const read = new Map(sessions.map((session) => [session.sessionId, session]))
    for (const [sessionId, known] of this.#live) {
      const session = read.get(sessionId)
      if (!session && this.#found.has(sessionId)) continue
      if (!session) this.#end(sessionId, known.endsAt <= now || known.idleEndsAt <= now ? 'expired' : 'ended')
      else if (session.role !== known.role) this.#events.emit('ended', sessionId, 'role')
    }
    for (const [sessionId, session] of read) {
      if (this.#toEnd.has(sessionId)) continue
      const idleEndsAt = Math.max(session.idleEndsAt, this.#live.get(sessionId)?.idleEndsAt ?? 0)
      this.#live.set(sessionId, { ...session, idleEndsAt })
    }
  }

  /** Ends what is over. Idle here, a session may be in use elsewhere: then the database knows, if it can be asked. */
  #endByTheClock(): void {
    const now = this.#clock.now()
    const unconfirmedMs = this.#machine.now() - (this.#confirmedAt ?? -Infinity)
    for (const { sessionId, endsAt, idleEndsAt } of this.#live.values()) {
      if (now >= endsAt || (now >= idleEndsAt && unconfirmedMs > 3 * pollMs)) this.#end(sessionId, 'expired')
      else if (unconfirmedMs > this.#limits.trustMs) this.#end(sessionId, 'unconfirmed')
    }
  }

  async #look(sessionId: string, now: number): Promise<LiveSession | undefined> {
    if (this.#toEnd.has(sessionId)) return undefined
    try {
      const session = await findLiveSession(this.#database, sessionId, now)
      if (session && !this.#toEnd.has(sessionId)) return this.#keep(session)
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
    }
    return undefined
  }

  #keep(session: LiveSession): LiveSession {
    this.#found.add(session.sessionId)
    this.#live.set(session.sessionId, session)
    // What was read may be over by now, and its notice heard before.
    this.#wake()
    return session
  }

  #end(sessionId: string, reason: EndReason): void {
    this.#used.delete(sessionId)
    if (this.#live.delete(sessionId)) this.#events.emit('ended', sessionId, reason)
  }

  async #flushEnds(): Promise<void> {
    if (this.#toEnd.size === 0) return
    const ends = [...this.#toEnd]
    await endSessions(this.#database, ends, this.#clock.now())
    for (const sessionId of ends) this.#toEnd.delete(sessionId)
  }

  async #flush(): Promise<void> {
    await this.#flushEnds()
    const uses = [...this.#used]
    if (uses.length > 0) await noteUses(this.#database, uses, this.#limits.idleMs)
    for (const [sessionId, at] of uses) if (this.#used.get(sessionId) === at) this.#used.delete(sessionId)
    this.#flushedAt = this.#machine.now()
  }
}

const isOpen = (session: LiveSession, now: number): boolean => now < session.endsAt && now < session.idleEndsAt
