import type { Clock } from '../clock/clock.ts'
import type { Database } from '../storage/database.ts'
import { makeRounds } from '../storage/rounds.ts'
import { AnchorLog } from './anchor-files.ts'
import type { AnchorKey } from './anchor.ts'
import { hashAt, headOf } from './audit-repository.ts'

export interface AnchoringOptions {
  readonly database: Database
  /** Where the anchors are kept: outside the database, better on another machine. */
  readonly folder: string
  readonly key: AnchorKey
  readonly clock: Clock
  /** Told of what is wrong, a line each. */
  readonly warn: (line: string) => void
  /** A minute, but in tests. */
  readonly everyMs?: number
}

const everyMinuteMs = 60_000

/** Signs the head of the chain every minute, and sees each time whether what it signed last is still there. */
export class Anchoring {
  readonly #options: AnchoringOptions
  readonly #log: AnchorLog
  readonly #stopping = new AbortController()
  readonly #rounds: Promise<void>

  constructor(options: AnchoringOptions) {
    const { database, folder, key, warn, everyMs = everyMinuteMs } = options
    this.#options = options
    this.#log = new AnchorLog(folder, key)
    const report = (error: unknown): void => warn(`the audit is not anchored in ${folder}: ${(error as Error).message}`)
    this.#rounds = makeRounds(database, { restMs: everyMs, round: () => this.anchor(), report }, this.#stopping.signal)
  }

  /** Anchors once more, so that nothing of the time before stays open. The database must still be there. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#rounds
    if (this.#options.database.state.up) await this.anchor()
  }

  /** Signs what is the head now. @throws DatabaseUnavailable; Error of the system if the folder cannot be written */
  async anchor(): Promise<void> {
    const { database, clock, warn } = this.#options
    const last = await this.#log.last()
    if (last && last.seq > 0 && (await hashAt(database, last.seq)) !== last.hash)
      warn(`the audit was changed: entry ${last.seq} is not the one that was anchored; see npm run -s audit -- verify`)
    await this.#log.append('head', await headOf(database), clock.now())
  }
}
