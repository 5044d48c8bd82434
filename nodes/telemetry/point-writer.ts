import type { Clock } from '../../platform/clock/clock.ts'
import type { LoggedBatch } from '../../platform/storage/batch-log.ts'
import type { Database } from '../../platform/storage/database.ts'
import { requestsOf, writeInTurn, type PointSink } from '../../platform/storage/point-sink.ts'
import type { Written } from '../../platform/storage/influxdb-connection.ts'
import { firstKeyAfter } from '../../platform/network/repository.ts'
import { readingKinds } from '../../platform/wire/reading.ts'
import { lineOf, pointTime } from '../../platform/wire/line-protocol.ts'
import { eventSeries, readingSeries, type DeviceSeries, type TaggedDevice } from './domain/time-series.ts'
import { eventsOf, fieldNames, readingsOf, taggedDevices, type EventRow, type PointRow } from './influxdb-repository.ts'
import { spanOf } from '../../platform/storage/span.ts'

/** What the registry says of devices is asked again after this long. */
const devicesKeptMs = 60_000

/** Reads back what commits brought, and writes it to InfluxDB as points. */
export class PointWriter {
  #database: Database
  #sink: PointSink
  #maxSeries: number
  #clock: Clock
  #devices = new Map<number, TaggedDevice>()
  #firstSharedKey = Infinity
  #asked = -Infinity

  /**
   * @param maxSeries  devices that get series of their own, in the order of their registration
   * @param clock      says which unit a meter measures today
   */
  constructor(database: Database, sink: PointSink, maxSeries: number, clock: Clock) {
    this.#database = database
    this.#sink = sink
    this.#maxSeries = maxSeries
    this.#clock = clock
  }

  /**
   * Resolves when all that the commits brought is confirmed, or refused for good. Holds no transaction meanwhile.
   * @throws InfluxUnavailable, DatabaseUnavailable: the same commits may be written later, again from the first
   */
  write(batches: LoggedBatch[], signal: AbortSignal): Promise<Written> {
    return writeInTurn(this.#sink, this.#lines(batches), signal)
  }

  /** One request's worth at a time, never of two measurements: what is wrong with one is not told of the other. */
  async *#lines(batches: LoggedBatch[]): AsyncGenerator<string[]> {
    const span = spanOf(batches)
    for (const kind of span ? readingKinds : []) {
      const rows = await readingsOf(this.#database, kind, span!)
      await this.#ask(rows.map(([deviceKey]) => deviceKey))
      const names = fieldNames[kind]
      const series = remembered((device) => readingSeries(kind, device, this.#firstSharedKey))
      yield* requestsOf(rows, ([deviceKey, at, ...values]: PointRow) =>
        lineIn(series(this.#device(deviceKey)), names, values, at),
      )
    }
    const withEvents = batches.filter(({ events }) => events > 0).map(({ batchId }) => batchId)
    if (withEvents.length === 0) return
    const events = await eventsOf(this.#database, withEvents)
    await this.#ask(events.map(({ deviceKey }) => deviceKey))
    yield* requestsOf(events, (event) => eventLine(event, this.#device(event.deviceKey)))
  }

  /** Asks the registry for the devices that are not known yet. */
  async #ask(deviceKeys: number[]): Promise<void> {
    const now = performance.now()
    if (now - this.#asked > devicesKeptMs) {
      this.#devices.clear()
      this.#asked = now
    }
    const unknown = [...new Set(deviceKeys)].filter((deviceKey) => !this.#devices.has(deviceKey))
    if (unknown.length === 0) return
    // Whoever is new may be the one that there is no room for.
    this.#firstSharedKey = await firstKeyAfter(this.#database, this.#maxSeries)
    for (const device of await taggedDevices(this.#database, unknown, this.#clock.now()))
      this.#devices.set(device.deviceKey, device)
  }

  /** A device that somebody deleted by hand still has its readings. */
  #device(deviceKey: number): TaggedDevice {
    return this.#devices.get(deviceKey) ?? { deviceKey, deviceId: `device-${deviceKey}` }
  }
}

function lineIn(
  series: DeviceSeries,
  names: readonly string[],
  values: Parameters<typeof lineOf>[2],
  at: number,
): string | undefined {
  const time = pointTime(Math.round(at), series.slot)
  return series.names.length === 0
    ? lineOf(series.key, names, values, time)
    : lineOf(series.key, [...series.names, ...names], [...series.values, ...values], time)
}

const eventFields = ['event_id', 'cause', 'magnitude_pu', 'duration_s', 'quality'] as const

function eventLine(event: EventRow, device: TaggedDevice): string | undefined {
  const { at, type, phases, eventId, cause, magnitudePu, durationS, quality } = event
  return lineIn(
    eventSeries(device, { type, phases }),
    eventFields,
    [eventId, cause, magnitudePu, durationS, quality],
    at,
  )
}

/** Each device's series is put into words once. */
function remembered(seriesOf: (device: TaggedDevice) => DeviceSeries): (device: TaggedDevice) => DeviceSeries {
  const known = new Map<number, DeviceSeries>()
  return (device) => {
    let series = known.get(device.deviceKey)
    if (!series) known.set(device.deviceKey, (series = seriesOf(device)))
    return series
  }
}
