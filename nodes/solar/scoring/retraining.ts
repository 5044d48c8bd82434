import type { Clock } from '../../../platform/clock/clock.ts'
import { pause } from '../../../platform/clock/pause.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { sitesToTrain, type TrainingEnd } from './forest-repository.ts'
import { trainSite, type SiteTraining } from './train-site.ts'

export interface RetrainingOptions extends SiteTraining {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Told what came of each site that was due. */
  ended(training: TrainingEnd): void
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** Sites are looked at so often; nine tenths of the time is left to other work. */
const rest = { restMs: 60_000, restFactor: 9 }

/** Grows the forests of sites anew, a site at a time, when they are due. Of instances on one database only one does a site. */
export class Retraining {
  readonly #database: Database
  readonly #options: RetrainingOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>

  constructor(database: Database, options: RetrainingOptions) {
    this.#database = database
    this.#options = options
    const rounds = { ...rest, round: () => this.#round(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  /** Ends what it does; a forest that is being grown is not waited for. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    const { clock, clockIsSet, ended } = this.#options
    if (!clockIsSet()) return
    const { signal } = this.#closing
    for (const site of await sitesToTrain(this.#database)) {
      if (signal.aborted) return
      const began = performance.now()
      const training = await trainSite(this.#database, site, this.#options, clock.now(), signal)
      if (!training) continue
      ended(training)
      await pause(rest.restFactor * (performance.now() - began), signal)
    }
  }
}
