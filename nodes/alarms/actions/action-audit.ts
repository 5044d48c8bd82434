import type { Database } from '../../../platform/storage/database.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { countUnlisted, ensureMonth, insertActions, type ActionRow } from './action-repository.ts'

const hourMs = 3_600_000
/** Attempts of one user that change nothing get a row each, as many in an hour; of the rest the number is kept. */
const mostIdleAnHour = 10_000

/** What an attempt came to, for the audit. */
export interface AuditedAttempt extends ActionRow {
  /** Whether something of the alarm was written. */
  readonly changed: boolean
}

/**
 * Takes down every attempt to act on an alarm. What is done gets a row, always; of what changes nothing, refused or already so,
 * each user gets so many rows an hour, and the rest is counted by its code: nobody fills the disk, and nothing goes uncounted.
 */
export class ActionAudit {
  #most: number
  #hour = -Infinity
  #idle = new Map<string, number>()
  #month: string | undefined

  constructor(mostAnHour = mostIdleAnHour) {
    this.#most = mostAnHour
  }

  /** Before the transaction: what it needs of the schema. @param at  UTC milliseconds, of the rows to come */
  async prepare(database: Database, at: number): Promise<void> {
    const month = new Date(at).toISOString().slice(0, 7)
    if (month === this.#month) return
    await ensureMonth(database, at)
    this.#month = month
  }

  /** Stores attempts of one instant in the transaction in which they were made. */
  async record(queries: Queries, at: number, attempts: readonly AuditedAttempt[]): Promise<void> {
    const hour = Math.floor(at / hourMs) * hourMs
    if (hour !== this.#hour) {
      this.#hour = hour
      this.#idle.clear()
    }
    const { listed = [], counted = [] } = Object.groupBy(attempts, (attempt) =>
      attempt.changed || this.#mayList(attempt.username) ? 'listed' : 'counted',
    )
    await insertActions(queries, listed)
    await countUnlisted(queries, hour, countsOf(counted))
  }

  #mayList(username: string): boolean {
    const so = this.#idle.get(username) ?? 0
    if (so >= this.#most) return false
    this.#idle.set(username, so + 1)
    return true
  }
}

function countsOf(attempts: readonly AuditedAttempt[]): { username: string; code: string; attempts: number }[] {
  const kinds = Map.groupBy(attempts, ({ username, code }) => JSON.stringify([username, code ?? 'nothing-changed']))
  return [...kinds].map(([kind, all]) => {
    const [username, code] = JSON.parse(kind) as [string, string]
    return { username, code, attempts: all.length }
  })
}
