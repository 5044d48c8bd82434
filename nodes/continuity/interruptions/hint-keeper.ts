import type { Clock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { noticeHints } from './hint-repository.ts'

export interface HintOptions {
  readonly clock: Clock
  /** A meter is silent from so long on, ms. */
  readonly silentMs: number
  report(error: unknown): void
}

const restMs = 15_000
const restFactor = 10

/** Notes every quarter of a minute what evidence leaves to a person to judge. */
export class HintKeeper {
  #closing = new AbortController()
  #running: Promise<void>

  constructor(database: Database, { clock, silentMs, report }: HintOptions) {
    const round = () => noticeHints(database, clock.now(), silentMs)
    this.#running = makeRounds(database, { restMs, restFactor, round, report }, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }
}
