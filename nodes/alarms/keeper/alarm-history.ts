import { forgetAudited } from '../../../platform/audit/audit-repository.ts'
import { wallClock, type Clock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { dropMonths, ensureMonth, strikeAlarms, strikeChanges, strikeOccurrences } from './history-repository.ts'

export interface AlarmHistoryOptions {
  readonly clock: Clock
  readonly clockIsSet: () => boolean
  readonly historyMs: number
  report(error: unknown): void
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A clock that runs fast passes an hour in no time. */
const restMs = 10_000
/** The log is kept so long for whoever comes late; longer for consumers that have not taken it. */
const loggedMs = 7 * dayMs
/** Months go as a whole, when they are over. */
const monthMs = 31 * dayMs

/**
 * Keeps the history of alarms, and of what was done to them, within its bounds, every hour of the platform's clock: what is older than
 * it is kept goes, but not an occurrence that stands. Each step may be repeated, so instances need not know of each other.
 */
export class AlarmHistory {
  readonly #database: Database
  readonly #options: AlarmHistoryOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #lastAt = -Infinity

  constructor(database: Database, options: AlarmHistoryOptions) {
    this.#database = database
    this.#options = options
    const rounds = { restMs, round: (signal: AbortSignal) => this.#round(signal), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { clock, clockIsSet, historyMs } = this.#options
    const now = clock.now()
    if (!clockIsSet() || Math.abs(now - this.#lastAt) < hourMs) return
    await keepWithin(this.#database, now, historyMs, signal)
    await keepActionsWithin(this.#database, wallClock.now(), historyMs, signal)
    this.#lastAt = now
  }
}

/** One round, at `now` (UTC milliseconds). */
export async function keepWithin(
  database: Database,
  now: number,
  historyMs: number,
  signal: AbortSignal,
): Promise<void> {
  const oldest = now - historyMs
  // Tomorrow's, so that nobody has to make it while alarms come in.
  for (const at of [now, now + dayMs]) await ensureMonth(database, at)
  await untilNothing(() => dropMonths(database, 'alarm_transition', oldest, now), signal)
  await untilNothing(() => strikeOccurrences(database, oldest), signal)
  await untilNothing(() => strikeAlarms(database, oldest - monthMs), signal)
  await strikeChanges(database, now - loggedMs, oldest)
}

/** What was done to alarms goes by the wall's clock (`now`, UTC milliseconds), which it was written by; from the audit its content. */
export async function keepActionsWithin(
  database: Database,
  now: number,
  historyMs: number,
  signal: AbortSignal,
): Promise<void> {
  await untilNothing(() => dropMonths(database, 'alarm_action', now - historyMs, now), signal)
  await forgetAudited(database, 'alarm_action', now - historyMs)
}

/** Each in a transaction of its own: none is long. */
async function untilNothing(strike: () => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await strike()) > 0);
}
