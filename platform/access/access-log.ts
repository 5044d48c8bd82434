import { forgetAudited } from '../audit/audit-repository.ts'
import type { Clock } from '../clock/clock.ts'
import { pause } from '../clock/pause.ts'
import { DatabaseUnavailable, type Database } from '../storage/database.ts'
import { dropAccessBefore, ensureMonth, insertAccess, type AccessRow } from './access-log-repository.ts'
import type { Identity } from './identity.ts'

/** Something that somebody did, or was not let do. */
export interface AccessEntry {
  /** What happened, as `login`, `deploy`, `personal_read`, `refused`: lower case, words joined by `_`. */
  readonly event: string
  /** Who did it, as far as is known. */
  readonly identity?: Pick<Identity, 'username' | 'role' | 'sessionId'> | undefined
  /** Where no session stands for it: a user that is known. Never what somebody typed as a name. */
  readonly username?: string | undefined
  readonly address?: string | undefined
  /** To whom or what: a user, a unit, a route, a flow. Beyond 300 characters it is cut. */
  readonly subject?: string | undefined
  /** Beyond 1000 characters it is cut. Holds no secret and no personal data. */
  readonly detail?: string | undefined
}

const day = 86_400_000
const keptDays = 400
/** Strangers can cause rows: as many a minute are kept, and the rest is counted. */
const mostNotesAMinute = 120
const mostWaiting = 1_000
const flushMs = 1_000

/** The access log: rows are added, and dropped by the month after 400 days. */
export class AccessLog {
  #database: Database
  #clock: Clock
  #report: (error: unknown) => void
  #month: string | undefined
  #waiting: AccessRow[] = []
  #minute = 0
  #notes = 0
  #leftOut = 0
  #tidiedAt = -Infinity
  #closing = new AbortController()
  #running: Promise<void>

  constructor(database: Database, clock: Clock, report: (error: unknown) => void) {
    this.#database = database
    this.#clock = clock
    this.#report = report
    this.#running = this.#keepFlushing()
  }

  /** Resolves when the row is stored: what must not happen unseen waits for it. @throws DatabaseUnavailable */
  async record(entry: AccessEntry): Promise<void> {
    await this.#store([rowOf(entry, this.#clock.now())])
  }

  /** Stores the row within a second or so. For what strangers cause: of too many in one minute the rest is only counted. */
  note(entry: AccessEntry): void {
    const now = this.#clock.now()
    const minute = Math.floor(now / 60_000)
    if (minute !== this.#minute) this.#beginMinute(minute, now)
    if (++this.#notes > mostNotesAMinute || this.#waiting.length >= mostWaiting) this.#leftOut++
    else this.#waiting.push(rowOf(entry, now))
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  #beginMinute(minute: number, now: number): void {
    this.#minute = minute
    this.#notes = 0
    this.#tellLeftOut(now)
  }

  #tellLeftOut(now: number): void {
    if (this.#leftOut === 0) return
    const detail = `${this.#leftOut} more of what strangers caused, not listed`
    this.#waiting.push(rowOf({ event: 'left_out', detail }, now))
    this.#leftOut = 0
  }

  async #keepFlushing(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      await pause(flushMs, signal)
      if (signal.aborted) this.#tellLeftOut(this.#clock.now())
      try {
        await this.#flush()
        await this.#tidy()
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) this.#report(error)
      }
    }
  }

  async #flush(): Promise<void> {
    const now = this.#clock.now()
    if (Math.floor(now / 60_000) !== this.#minute) this.#beginMinute(Math.floor(now / 60_000), now)
    const rows = this.#waiting
    if (rows.length === 0) return
    this.#waiting = []
    try {
      await this.#store(rows)
    } catch (error) {
      if (error instanceof DatabaseUnavailable) this.#waiting = [...rows, ...this.#waiting].slice(0, mostWaiting)
      throw error
    }
  }

  async #store(rows: readonly AccessRow[]): Promise<void> {
    for (const month of new Set(rows.map(({ at }) => monthOf(at)))) {
      if (month === this.#month) continue
      await ensureMonth(this.#database, Date.parse(`${month}-01T00:00:00Z`))
      this.#month = month
    }
    await insertAccess(this.#database, rows)
  }

  async #tidy(): Promise<void> {
    const now = this.#clock.now()
    if (now - this.#tidiedAt < day / 4) return
    this.#tidiedAt = now
    const before = now - keptDays * day
    await dropAccessBefore(this.#database, before, now)
    // Whose month is not over yet stays there a little longer than in the audit.
    await forgetAudited(this.#database, 'access_log', before)
  }
}

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7)

function rowOf({ event, identity, username, address, subject, detail }: AccessEntry, at: number): AccessRow {
  return {
    at,
    event: event.slice(0, 60),
    username: identity?.username ?? username ?? null,
    role: identity?.role ?? null,
    sessionId: identity?.sessionId || null,
    address: address || null,
    subject: subject?.slice(0, 300) ?? null,
    detail: detail?.slice(0, 1_000) ?? null,
  }
}
