import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { cursorOf } from '../../../platform/storage/cursor.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { continuityChanges } from '../interruptions/change-log.ts'
import { consumerName, IndicatorKeeper } from './indicator-keeper.ts'
import { isRecomputationAsked, lastingUnits } from './recomputation-repository.ts'

/** Keepers of indicators over a clock that a test holds. */
export class KeptIndicators {
  readonly #database: () => Database
  readonly #keepers: IndicatorKeeper[] = []
  readonly errors: unknown[] = []
  /** UTC milliseconds. */
  now: number

  constructor(database: () => Database, now: number) {
    this.#database = database
    this.now = now
  }

  keeper(database = this.#database()): IndicatorKeeper {
    const keeper = new IndicatorKeeper(database, {
      clock: { now: () => this.now },
      clockIsSet: () => true,
      progress: () => undefined,
      report: (error) => this.errors.push(error),
    })
    this.#keepers.push(keeper)
    return keeper
  }

  /** Resolves when all that was committed is in the indicators, and what lasts is counted until now. */
  async settled(withinMs?: number): Promise<void> {
    const database = this.#database()
    await waitUntil(
      'the indicators of what was committed',
      async () => {
        const taken = await cursorOf(database, continuityChanges.name, consumerName)
        const { batches } = await continuityChanges.lagAfter(database, taken)
        if (batches > 0 || (await lastingUnits(database, this.now - 60_000, 1)).length > 0) return false
        // Last: what is asked for comes with what was taken and counted.
        return !(await isRecomputationAsked(database))
      },
      withinMs,
    )
  }

  async close(): Promise<void> {
    await Promise.all(this.#keepers.splice(0).map((keeper) => keeper.close()))
  }
}
