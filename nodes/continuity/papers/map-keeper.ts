import type { Clock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { outageMap } from '../domain/outage-map.ts'
import { hasSnapshot, storeSnapshot } from './map-repository.ts'
import { unitsOutAt } from './out-repository.ts'

/** How often the public map is made anew (REN 1.137/2025, art. 106 to 113). */
export const mapEveryMs = 30 * 60_000
const restMs = 1_000
const dayMs = 86_400_000

/** The half hour that an instant is of: its beginning, UTC ms. */
export const slotOf = (instant: number): number => Math.floor(instant / mapEveryMs) * mapEveryMs

export interface MapKeeperOptions {
  readonly database: Database
  /** Fewer units of an area are not told by number. */
  readonly leastUnits: number
  readonly keptDays: number
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
  readonly clock: Clock
  /** Whether the clock shows the time: what was simulated is too old for the one of today. */
  readonly clockIsSet: () => boolean
}

/** Makes the public outage map of every half hour, in one of the processes: late, where nobody was there at its beginning. */
export class MapKeeper {
  #options: MapKeeperOptions
  #closing = new AbortController()
  #running: Promise<void>
  /** The half hour whose map is known to be there. */
  #slot: number | undefined

  constructor(options: MapKeeperOptions) {
    this.#options = options
    const { database, report } = options
    this.#running = makeRounds(database, { restMs, round: () => this.#makeDue(), report }, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #makeDue(): Promise<void> {
    const { clock, clockIsSet } = this.#options
    if (!clockIsSet()) return
    const takenAt = clock.now()
    const slotAt = slotOf(takenAt)
    if (slotAt === this.#slot) return
    const { database, leastUnits, keptDays } = this.#options
    if (!(await hasSnapshot(database, slotAt))) {
      const map = outageMap(await unitsOutAt(database, takenAt), leastUnits)
      await database.transaction((client) =>
        storeSnapshot(queriesOf(client), { slotAt, takenAt, map }, takenAt - keptDays * dayMs),
      )
    }
    this.#slot = slotAt
  }
}
