import type { Clock } from '../../../platform/clock/clock.ts'
import { pause } from '../../../platform/clock/pause.ts'
import { DatabaseUnavailable, type Database } from '../../../platform/storage/database.ts'
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
  #database: Database
  #options: HintOptions
  #closing = new AbortController()
  #running: Promise<void>

  constructor(database: Database, options: HintOptions) {
    this.#database = database
    this.#options = options
    this.#running = this.#run(this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, silentMs, report } = this.#options
    while (!signal.aborted) {
      const began = performance.now()
      try {
        await this.#database.ready(signal)
        await noticeHints(this.#database, clock.now(), silentMs)
      } catch (error) {
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) report(error)
      }
      await pause(Math.max(restMs, restFactor * (performance.now() - began)), signal)
    }
  }
}
