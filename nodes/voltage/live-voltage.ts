import { isDeepStrictEqual } from 'node:util'
import type { CivilDays } from '../../platform/clock/civil-day.ts'
import { platformClock, type Clock } from '../../platform/clock/clock.ts'
import { pause } from '../../platform/clock/pause.ts'
import type { Hub } from '../../platform/live/hub.ts'
import { DatabaseUnavailable, type Database } from '../../platform/storage/database.ts'
import { lastChange, metersChangedAfter } from './change-repository.ts'
import { liveUnitOf, type ForecastAt } from './domain/live-unit.ts'
import { measurementMarks, newestWindows, runningMeasurements } from './live-repository.ts'
import { metersWithWeeks, unitsOfMeters } from './unit-repository.ts'

const roundMs = 1_000
/** Weeks of meters that have fallen silent move on, too. */
const rereadMs = 600_000
/** Meters at a time. */
const chunk = 2_000

export interface LiveVoltageOptions {
  readonly hub: Hub
  readonly database: Database
  /** Says which day's rule holds. */
  readonly days: CivilDays
  /** Units that are shown, the first ones by the numbers of their meters. */
  readonly mostUnits: number
  /** Of measurements that run, as far as they are made. */
  readonly forecasts: ReadonlyMap<number, ForecastAt>
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
  readonly clock?: Clock
}

/**
 * Keeps the live stream's `voltage`: every unit with its newest window, its rolling week and the measurement that runs. Follows
 * the commits of windows, once a second; at the start, after changes of the registry and every ten minutes it reads all units.
 */
export class LiveVoltage {
  #options: LiveVoltageOptions
  #clock: Clock
  #closing = new AbortController()
  #running: Promise<unknown>
  /** Heard once after each connection. */
  #isStale = true
  #readAt = -Infinity
  #position = 0
  #marks = new Map<number, string>()
  /** Unit that is shown for each meter. */
  #units = new Map<number, string>()

  constructor(options: LiveVoltageOptions) {
    this.#options = options
    this.#clock = options.clock ?? platformClock
    const { signal } = this.#closing
    const listening = options.database.listen('registry_changed', () => (this.#isStale = true), signal)
    this.#running = Promise.all([listening, this.#follow(signal)])
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { database, report } = this.#options
    while (!signal.aborted) {
      const began = performance.now()
      try {
        await database.ready(signal)
        if (this.#isStale || began - this.#readAt > rereadMs) await this.#readAll(signal)
        else await this.#readChanges(signal)
      } catch (error) {
        // What is half shown is shown again.
        this.#isStale = true
        if (!signal.aborted && !(error instanceof DatabaseUnavailable)) report(error)
      }
      // A large registry, or many windows at once, leave time for other work.
      await pause(Math.max(roundMs, 5 * (performance.now() - began)), signal)
    }
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    const { database, mostUnits, hub } = this.#options
    this.#isStale = false
    // What is written meanwhile is read again.
    this.#position = await lastChange(database)
    await this.#readMarks()
    const shown = new Map<number, string>()
    let after: number | undefined = 0
    while (after !== undefined && shown.size < mostUnits && !signal.aborted) {
      const deviceKeys: number[] = await metersWithWeeks(database, after, Math.min(chunk, mostUnits - shown.size))
      for (const [deviceKey, unitId] of await this.#publish(deviceKeys)) shown.set(deviceKey, unitId)
      after = deviceKeys.at(-1)
    }
    if (signal.aborted) return
    const present = new Set(shown.values())
    for (const { unitId } of hub.values('voltage')) if (!present.has(unitId)) hub.remove('voltage', unitId)
    this.#units = shown
    this.#readAt = performance.now()
  }

  async #readChanges(signal: AbortSignal): Promise<void> {
    const { database, mostUnits } = this.#options
    for (;;) {
      const changed = await metersChangedAfter(database, this.#position, chunk)
      if (!changed || signal.aborted) break
      const deviceKeys = changed.deviceKeys.filter((key) => this.#units.has(key) || this.#units.size < mostUnits)
      for (let from = 0; from < deviceKeys.length; from += chunk)
        for (const [deviceKey, unitId] of await this.#publish(deviceKeys.slice(from, from + chunk)))
          this.#units.set(deviceKey, unitId)
      this.#position = changed.position
    }
    const moved = await this.#readMarks()
    if (moved.length > 0) await this.#publish(moved.filter((deviceKey) => this.#units.has(deviceKey)))
  }

  /** @returns meters whose unit's measurement has begun, gone on, been forecast or ended */
  async #readMarks(): Promise<number[]> {
    const marks = new Map<number, string>()
    for (const { deviceKey, measurementId, mark } of await measurementMarks(this.#options.database, this.#clock.now()))
      marks.set(deviceKey, `${measurementId} ${mark} ${this.#options.forecasts.get(measurementId)?.at}`)
    const moved = [...marks.keys(), ...this.#marks.keys()].filter((key) => marks.get(key) !== this.#marks.get(key))
    this.#marks = marks
    return [...new Set(moved)]
  }

  /** Shows the units of some meters as they are now. @returns those units by meter */
  async #publish(deviceKeys: readonly number[]): Promise<Map<number, string>> {
    const { hub, database, days, forecasts } = this.#options
    const units = await unitsOfMeters(database, this.#clock.now(), deviceKeys)
    const newest = new Map((await newestWindows(database, deviceKeys)).map((window) => [window.deviceKey, window]))
    const unitIds = units.map(({ unitId }) => unitId)
    const measurements = new Map((await runningMeasurements(database, unitIds)).map((one) => [one.unitId, one]))
    for (const { deviceKey, unitId, feederId, ...week } of units) {
      const window = newest.get(deviceKey)
      const running = measurements.get(unitId)
      const forecast = running && forecasts.get(running.measurementId)
      const measurement = running && { ...running, ...(forecast && { forecast }) }
      const now = { unitId, feederId, week, ...(window && { newest: window }), ...(measurement && { measurement }) }
      const unit = liveUnitOf(now, days.dayOf(week.until))
      if (!isDeepStrictEqual(hub.get('voltage', unitId), unit)) hub.publish('voltage', unitId, unit)
    }
    return new Map(units.map(({ deviceKey, unitId }) => [deviceKey, unitId]))
  }
}
