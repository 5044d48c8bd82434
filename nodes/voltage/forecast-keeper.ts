import { pause } from '../../platform/clock/pause.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import type { Condition } from '../../platform/wire/condition.ts'
import type { Forecast } from './domain/forecast.ts'
import {
  usualThresholds,
  voltageConditions,
  withdrawn,
  type ConditionThresholds,
  type Said,
} from './domain/voltage-conditions.ts'
import { followedMeasurements, type FollowedMeasurement } from './forecast-repository.ts'
import { civilTimeIn, forecastOfMeasurement, type CivilTime } from './measurement-forecast.ts'
import { findMeasurement } from './measurement-repository.ts'

export interface ForecastKeeperOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** IANA zone of civil time. */
  readonly timeZone: string
  readonly thresholds?: ConditionThresholds
  /** Told of each measurement that runs, when it has taken up windows. */
  forecast?(measurement: FollowedMeasurement, forecast: Forecast): void
  /** Told of what is so now, or is so no more. */
  conditions(conditions: readonly Condition[]): void
  report(error: unknown): void
}

const restMs = 2_000
/** After a start also measurements that ended so lately are looked at: somebody may not have been told. */
const lookBackMs = 14 * 86_400_000

interface Followed {
  readonly takenUntil: number
  readonly said: Said
}

/**
 * Forecasts running measurements whenever they have taken up windows, and says what changes. It keeps nothing that matters: after
 * a restart it says once more what holds.
 */
export class ForecastKeeper {
  readonly #database: Database
  readonly #options: ForecastKeeperOptions
  readonly #civilTime: CivilTime
  readonly #followed = new Map<number, Followed>()
  #endedSince: number | undefined
  #closing = new AbortController()
  #running: Promise<void>

  constructor(database: Database, options: ForecastKeeperOptions) {
    this.#database = database
    this.#options = options
    this.#civilTime = civilTimeIn(options.timeZone)
    this.#running = this.#runForEver()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #runForEver(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        await this.#database.ready(signal)
        if (this.#options.clockIsSet()) await this.runOnce()
      } catch (error) {
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) this.#options.report(error)
      }
      await pause(restMs, signal)
    }
  }

  /** One round over the measurements that have moved. */
  async runOnce(): Promise<void> {
    const now = this.#options.clock.now()
    const endedSince = this.#endedSince ?? now - lookBackMs
    const measurements = await followedMeasurements(this.#database, [...this.#followed.keys()], endedSince)
    for (const measurement of measurements) {
      if (this.#closing.signal.aborted) return
      const before = this.#followed.get(measurement.measurementId)
      const isOver = measurement.status === 'complete' || measurement.status === 'abandoned'
      if (!isOver && before?.takenUntil === measurement.takenUntil) continue
      await this.#forecast(measurement, before?.said ?? {}, isOver)
    }
    this.#endedSince = Infinity
  }

  async #forecast(measurement: FollowedMeasurement, before: Said, isOver: boolean): Promise<void> {
    const { measurementId, unitId, feederId, takenUntil, status } = measurement
    const whole = await findMeasurement(this.#database, measurementId)
    if (!whole) return
    const forecast = await forecastOfMeasurement(this.#database, { ...whole, takenUntil }, this.#civilTime)
    const unit = { unitId, measurementId, ...(feederId !== null && { feederId }) }
    if (status === 'abandoned') {
      this.#tell(withdrawn(forecast, unit, before, takenUntil))
    } else {
      const { conditions, said } = voltageConditions(
        forecast,
        unit,
        before,
        this.#options.thresholds ?? usualThresholds,
        takenUntil,
      )
      this.#tell(conditions)
      this.#options.forecast?.(measurement, forecast)
      this.#followed.set(measurementId, { takenUntil, said })
    }
    if (isOver) this.#followed.delete(measurementId)
  }

  #tell(conditions: readonly Condition[]): void {
    if (conditions.length > 0) this.#options.conditions(conditions)
  }
}
