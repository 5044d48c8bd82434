import { pause } from '../../platform/clock/pause.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { standingConditions } from '../../platform/conditions/standing-conditions.ts'
import { messageOf } from '../../platform/node/message-of.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import { conditionKinds } from '../../platform/wire/condition-kinds.ts'
import type { Condition } from '../../platform/wire/condition.ts'
import {
  voltageConditions,
  withdrawn,
  withoutMeasurement,
  type ConditionThresholds,
  type Said,
} from './domain/voltage-conditions.ts'
import { followedMeasurements, type FollowedMeasurement } from './forecast-repository.ts'
import { civilTimeIn, forecastOfMeasurement, type CivilTime } from './measurement-forecast.ts'
import { findMeasurement } from './measurement-repository.ts'
import type { RunningForecasts } from './running-forecasts.ts'

export interface ForecastKeeperOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** IANA zone of civil time. */
  readonly timeZone: string
  readonly thresholds: ConditionThresholds
  /** Where the newest forecast of each measurement that runs is put. */
  readonly forecasts: RunningForecasts
  /** Told of what is so now, or is so no more. */
  conditions(conditions: readonly Condition[]): void
  report(error: unknown): void
}

const restMs = 2_000
/** After each forecast so many times as long as it took is left to whatever else there is to do. */
const restFactor = 3
/** After a start also measurements that ended so lately are looked at: somebody may not have been told. */
const lookBackMs = 14 * 86_400_000

interface Followed {
  readonly takenUntil: number
  readonly said: Said
}

/**
 * Forecasts running measurements whenever they have taken up windows, and says what changes. It keeps nothing that matters: after
 * a restart it says once more what holds, and takes back what stands as an alarm and holds no more.
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
    for (const measurementId of this.#followed.keys()) this.#options.forecasts.delete(measurementId)
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

  /**
   * One round over the measurements that have moved, one after the other and with a rest after each: however many run, whatever
   * else this process does waits for one forecast at most.
   */
  async runOnce(): Promise<void> {
    const { signal } = this.#closing
    const now = this.#options.clock.now()
    const endedSince = this.#endedSince ?? now - lookBackMs
    const standing = this.#endedSince === undefined ? await this.#standing() : []
    const standingUnits = standing.map(({ subject }) => subject)
    const ids = [...this.#followed.keys()]
    const measurements = await followedMeasurements(this.#database, ids, endedSince, standingUnits)
    const measured = new Set(measurements.map(({ unitId }) => unitId))
    const lost = standing.filter(({ subject }) => !measured.has(subject))
    this.#tell(lost.map((condition) => withoutMeasurement(condition, now)))
    for (const measurement of measurements) {
      const before = this.#followed.get(measurement.measurementId)
      if (!isOver(measurement) && before?.takenUntil === measurement.takenUntil) continue
      const began = performance.now()
      await this.#follow(measurement, before?.said ?? {})
      await pause(restFactor * (performance.now() - began), signal)
      if (signal.aborted) return
    }
    this.#endedSince = Infinity
  }

  async #standing(): Promise<readonly Condition[]> {
    return (await standingConditions(this.#database, 'voltage', conditionKinds.voltage)) ?? []
  }

  /** What fails is told of once, and holds up no other measurement. */
  async #follow(measurement: FollowedMeasurement, before: Said): Promise<void> {
    const { measurementId, takenUntil } = measurement
    let said = before
    try {
      said = await this.#forecast(measurement, before)
    } catch (error) {
      if (this.#closing.signal.aborted || error instanceof DatabaseUnavailable) throw error
      this.#options.report(new Error(`forecast of measurement ${measurementId}: ${messageOf(error)}`, { cause: error }))
    }
    if (!isOver(measurement)) this.#followed.set(measurementId, { takenUntil, said })
    else {
      this.#followed.delete(measurementId)
      this.#options.forecasts.delete(measurementId)
    }
  }

  /** @returns what has been said of the measurement by now */
  async #forecast(measurement: FollowedMeasurement, before: Said): Promise<Said> {
    const { measurementId, unitId, feederId, takenUntil, status } = measurement
    const whole = await findMeasurement(this.#database, measurementId)
    if (!whole) return before
    const forecast = await forecastOfMeasurement(this.#database, { ...whole, takenUntil }, this.#civilTime)
    const unit = { unitId, measurementId, ...(feederId !== null && { feederId }) }
    if (status === 'abandoned') {
      this.#tell(withdrawn(forecast, unit, before, takenUntil))
      return {}
    }
    const { conditions, said } = voltageConditions(forecast, unit, before, this.#options.thresholds, takenUntil)
    this.#options.forecasts.set(measurementId, { at: takenUntil, forecast })
    this.#tell(conditions)
    return said
  }

  #tell(conditions: readonly Condition[]): void {
    if (conditions.length > 0) this.#options.conditions(conditions)
  }
}

const isOver = ({ status }: FollowedMeasurement): boolean => status === 'complete' || status === 'abandoned'
