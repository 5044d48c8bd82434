import { platformClock, type Clock } from '../../../platform/clock/clock.ts'
import { firstKeyAfter } from '../../../platform/network/repository.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { Written } from '../../../platform/storage/influxdb-connection.ts'
import { requestsOf, writeInTurn, type PointSink } from '../../../platform/storage/point-sink.ts'
import { feederLines, setpointLines, trackingLines } from '../domain/tracking/time-series.ts'
import type { LoggedRound, SetpointInstant } from './influx-logs.ts'
import { devicePoints, feederPoints, setpointsRecorded } from './log-repository.ts'

/** Reads back setpoints, limits and figures of tracking, and writes them to InfluxDB. */
export class TrackingPointWriter {
  readonly #database: Database
  readonly #sink: PointSink
  readonly #maxSeries: number
  readonly #clock: Clock

  /** @param maxSeries  devices that get series of their own, in the order of their registration */
  constructor(database: Database, sink: PointSink, maxSeries: number, clock: Clock = platformClock) {
    this.#database = database
    this.#sink = sink
    this.#maxSeries = maxSeries
    this.#clock = clock
  }

  /**
   * Resolves when all of them are confirmed, or refused for good. Holds no transaction meanwhile.
   * @throws InfluxUnavailable, DatabaseUnavailable: the same may be written later, again from the first
   */
  writeSetpoints(instants: readonly SetpointInstant[], signal: AbortSignal): Promise<Written> {
    return writeInTurn(this.#sink, this.#setpointRequests(instants), signal)
  }

  /** The same of rounds of tracking. */
  writeRounds(rounds: readonly LoggedRound[], signal: AbortSignal): Promise<Written> {
    return writeInTurn(this.#sink, this.#roundRequests(rounds), signal)
  }

  async *#setpointRequests(instants: readonly SetpointInstant[]): AsyncGenerator<string[]> {
    const [first, last] = [instants[0], instants.at(-1)]
    if (!first || !last) return
    const points = await setpointsRecorded(this.#database, first.position, last.position, this.#clock.now())
    const firstSharedKey = await firstKeyAfter(this.#database, this.#maxSeries)
    yield* requestsOf(points, (point) => setpointLines(point, firstSharedKey))
  }

  /** Never of two measurements of devices and feeders together: what is wrong with one is not told of the other. */
  async *#roundRequests(rounds: readonly LoggedRound[]): AsyncGenerator<string[]> {
    const [first, last] = [rounds[0], rounds.at(-1)]
    if (!first || !last) return
    yield* requestsOf(await feederPoints(this.#database, first.position, last.position), feederLines)
    const devices = await devicePoints(this.#database, first.position, last.position, this.#clock.now())
    const firstSharedKey = await firstKeyAfter(this.#database, this.#maxSeries)
    yield* requestsOf(devices, (point) => trackingLines(point, firstSharedKey))
  }
}
