import { civilDaysIn, type CivilDays } from '../../../platform/clock/civil-day.ts'
import type { Clock } from '../../../platform/clock/clock.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import { DatabaseUnavailable, type Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { duePlants, type DuePlant } from './day-repository.ts'
import { forecastPlant } from './forecast-plant.ts'
import { forgetForecasts, writeForecast, type MadeForecast } from './forecast-repository.ts'

export interface MaintenanceOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** IANA zone of civil days. */
  readonly timeZone: string
  /** Told of each forecast that was made. */
  made(forecast: MadeForecast): void
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

const dayMs = 86_400_000
/** A visit that is noted is in the forecast within that. */
const idleMs = 10_000
const busyMs = 250
const plantsInRound = 10
/** Plants that have been silent for longer are not forecast, and for much longer forgotten. */
const silentDays = 35
const forgottenDays = 90

/**
 * Forecasts the maintenance of each plant once a civil day, when its day is computed, and whenever somebody notes a visit. Which plants
 * are due follows from what is stored: a kill loses nothing, and what is made twice is the same.
 */
export class RunningMaintenance {
  readonly #database: Database
  readonly #options: MaintenanceOptions
  readonly #days: CivilDays
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  /** Plants whose forecast failed, with what they were due for: told of once, and left until there is something new. */
  readonly #failed = new Map<string, string>()
  #isIdle = false
  #tidied: string | undefined

  constructor(database: Database, options: MaintenanceOptions) {
    this.#database = database
    this.#options = options
    this.#days = civilDaysIn(options.timeZone)
    const rounds = {
      restMs: () => (this.#isIdle ? idleMs : busyMs),
      restFactor: 1,
      round: () => this.#round(),
      report: options.report,
    }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #round(): Promise<void> {
    const { clock, clockIsSet } = this.#options
    this.#isIdle = true
    if (!clockIsSet()) return
    const now = clock.now()
    await this.#tidy(now)
    const since = now - silentDays * dayMs
    const due = await duePlants(this.#database, { since, most: plantsInRound, except: [...this.#failed.keys()] })
    this.#isIdle = due.length === 0
    for (const plant of due) {
      if (this.#closing.signal.aborted) return
      await this.#forecast(plant, now)
    }
  }

  /** What fails holds up no other plant. */
  async #forecast(plant: DuePlant, now: number): Promise<void> {
    const { signal } = this.#closing
    try {
      const made = await forecastPlant(this.#database, plant, { days: this.#days, now, signal })
      if (signal.aborted) return
      if (!made) {
        this.#failed.set(plant.plantId, plant.day)
        return
      }
      await this.#database.transaction((client) => writeForecast(queriesOf(client), made))
      this.#options.made(made)
    } catch (error) {
      if (signal.aborted || error instanceof DatabaseUnavailable) throw error
      this.#failed.set(plant.plantId, plant.day)
      const { plantId, day } = plant
      this.#options.report(
        new Error(`maintenance of plant ${plantId} on ${day}: ${messageOf(error)}`, { cause: error }),
      )
    }
  }

  /** Once a civil day: what failed is tried again, and plants that are gone are forgotten. */
  async #tidy(now: number): Promise<void> {
    const today = this.#days.dayOf(now)
    if (this.#tidied === today) return
    this.#failed.clear()
    await forgetForecasts(this.#database, this.#days.shift(today, -forgottenDays))
    this.#tidied = today
  }
}
