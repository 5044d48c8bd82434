import type { CivilDays } from '../../platform/clock/civil-day.ts'
import { firstKeyAfter } from '../../platform/network/repository.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { Written } from '../../platform/storage/influxdb-connection.ts'
import { requestsOf, writeInTurn, type PointSink } from '../../platform/storage/point-sink.ts'
import type { VoltageChange } from './change-log.ts'
import { windowsChangedAfter, type ChangedWindow } from './change-repository.ts'
import { indicatorsOf } from './domain/indicators.ts'
import { indicatorLines, windowLines } from './domain/time-series.ts'
import type { OfficialResult } from './result-log.ts'
import { weeksOf } from './unit-repository.ts'

export interface VoltagePointOptions {
  /** Devices that get series of their own, in the order of their registration. */
  readonly maxSeries: number
  /** Says which day's rule holds. */
  readonly days: CivilDays
}

/** Reads back what commits wrote, and writes it to InfluxDB: windows, the rolling weeks that they made, and official results. */
export class VoltagePointWriter {
  #database: Database
  #sink: PointSink
  #options: VoltagePointOptions

  constructor(database: Database, sink: PointSink, options: VoltagePointOptions) {
    this.#database = database
    this.#sink = sink
    this.#options = options
  }

  /**
   * Resolves when all that the commits wrote is confirmed, or refused for good. Holds no transaction meanwhile.
   * @param changes  in the order of the log
   * @throws InfluxUnavailable, DatabaseUnavailable: the same commits may be written later, again from the first
   */
  write(changes: readonly VoltageChange[], signal: AbortSignal): Promise<Written> {
    return writeInTurn(this.#sink, this.#requests(changes), signal)
  }

  /** The same of what official measurements came to. */
  writeResults(results: readonly OfficialResult[], signal: AbortSignal): Promise<Written> {
    return writeInTurn(this.#sink, this.#resultRequests(results), signal)
  }

  async *#resultRequests(results: readonly OfficialResult[]): AsyncGenerator<string[]> {
    const { maxSeries, days } = this.#options
    const firstSharedKey = await firstKeyAfter(this.#database, maxSeries)
    yield* requestsOf(results, (result) => {
      const { startsAt, endedAt: at, valid } = result
      return indicatorLines(
        indicatorsOf(result, days.dayOf(startsAt)),
        { at, valid, indicative: false },
        result,
        firstSharedKey,
      )
    })
  }

  /** Never of two measurements: what is wrong with one is not told of the other. */
  async *#requests(changes: readonly VoltageChange[]): AsyncGenerator<string[]> {
    const windows = await this.#windowsOf(changes)
    if (windows.length === 0) return
    // Whoever is new may be the one that there is no room for.
    const firstSharedKey = await firstKeyAfter(this.#database, this.#options.maxSeries)
    yield* requestsOf(windows, (window) => windowLines(window, window, firstSharedKey))
    const meters = new Map(windows.map((window) => [window.deviceKey, window]))
    const weeks = await weeksOf(this.#database, [...meters.keys()])
    yield* requestsOf(weeks, (week) => {
      const { until, valid, deviceKey } = week
      const indicators = indicatorsOf(week, this.#options.days.dayOf(until))
      return indicatorLines(indicators, { at: until, valid, indicative: true }, meters.get(deviceKey)!, firstSharedKey)
    })
  }

  async #windowsOf(changes: readonly VoltageChange[]): Promise<ChangedWindow[]> {
    const [first, last] = [changes[0], changes.at(-1)]
    if (!first || !last) return []
    const most = changes.reduce((sum, { windows }) => sum + windows, 0)
    const windows = await this.#database.transaction((client) => windowsChangedAfter(client, first.position - 1, most))
    return windows.filter(({ changed }) => changed <= last.position)
  }
}
