import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import type { PoolClient } from 'pg'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { computeTracking } from './compute.ts'
import { ensureTrackingMonths, writeRound } from './figure-repository.ts'
import { roundLog, setpointLog } from './influx-logs.ts'
import { devicePoints, feederPoints } from './log-repository.ts'
import { TrackingPointWriter } from './point-writer.ts'
import { feederFigures } from './running-tracking.ts'
import { seedMinutes, seedSetpoints, seedTrackedField } from './tracked.fixture.ts'

const minuteMs = 60_000

describe('the logs that time series follow', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const now = Math.floor(Date.now() / minuteMs) * minuteMs
  const from = now - 30 * minuteMs
  const inTransaction = <T>(work: (client: PoolClient) => Promise<T>) => test.database.transaction(work)

  before(async () => {
    await seedTrackedField(test.database)
    const setpoint = (deviceId: string, at: number, powerKw: number | null) => ({ deviceId, at, powerKw })
    await seedSetpoints(test.database, [
      ...[setpoint('ev-1', from, 4), setpoint('ev-2', from, 3), setpoint('ev-1', from + minuteMs, 5)],
      // Too new to be sure that none of an earlier instant is on its way.
      setpoint('ev-2', Date.now(), 1),
    ])
  })

  it('have setpoints by the instant at which they were recorded, once they are settled', async () => {
    const all = await inTransaction((client) => setpointLog.after(client, 0, 5_000))
    assert.deepEqual(all, [
      { position: from, setpoints: 2 },
      { position: from + minuteMs, setpoints: 1 },
    ])
    assert.deepEqual(await inTransaction((client) => setpointLog.after(client, 0, 1)), [all[0]])
    assert.deepEqual(await inTransaction((client) => setpointLog.after(client, from, 5_000)), [all[1]])
    assert.deepEqual(await setpointLog.lagAfter(test.database, from), { batches: 1, readings: 1 })
    assert.deepEqual(setpointLog.sizeOf(all[0]!), { items: 2, readings: 2 })
  })

  it('have rounds with their figures, and a corrected one in its own place', async () => {
    const { database } = test
    const span = { from: from + 2 * minuteMs, to: from + 7 * minuteMs }
    await seedMinutes(database, 'ev-1', span.from, [5, 5, 6, 6, 6])
    const computed = await computeTracking(database, span)
    const feeders = await feederFigures(database, computed, span)
    await ensureTrackingMonths(database, span.to)
    const write = (devices: typeof computed.devices) =>
      inTransaction((client) => writeRound(queriesOf(client), { at: span.to, windowMinutes: 5, feeders, devices }))
    await write(computed.devices)
    await write([])
    const rounds = await inTransaction((client) => roundLog.after(client, 0, 5_000))
    assert.deepEqual(
      rounds.map(({ figures }) => figures),
      [4, 2],
    )
    const [first, second] = rounds
    assert.deepEqual(await roundLog.lagAfter(database, first!.position), { batches: 1, readings: 2 })
    const points = await feederPoints(database, first!.position, first!.position)
    assert.deepEqual(
      points.map(({ feederId, at, minutes }) => [feederId, at, minutes]),
      [
        ['root', span.to, 5],
        ['west', span.to, 5],
      ],
    )
    const devices = await devicePoints(database, first!.position, second!.position, now)
    assert.deepEqual(
      devices.map(({ deviceId, type, meanErrorKw }) => [
        deviceId,
        type,
        meanErrorKw === null ? null : meanErrorKw.toFixed(2),
      ]),
      [
        ['ev-1', 'ev', '0.60'],
        ['ev-2', 'ev', null],
      ],
    )
  })

  it('are written a request for each kind of points, and nothing where there is nothing', async () => {
    const requests: string[][] = []
    const sink = {
      write(lines: string[]) {
        requests.push(lines)
        return Promise.resolve({ written: lines.length, refused: 0 })
      },
    }
    const writer = new TrackingPointWriter(test.database, sink, 1, { now: () => now })
    const { signal } = new AbortController()
    const setpoints = await inTransaction((client) => setpointLog.after(client, 0, 5_000))
    assert.deepEqual(await writer.writeSetpoints(setpoints, signal), { written: 3, refused: 0 })
    const rounds = await inTransaction((client) => roundLog.after(client, 0, 1))
    await writer.writeRounds(rounds, signal)
    await writer.writeRounds([], signal)
    await writer.writeSetpoints([], signal)
    assert.deepEqual(
      requests.map((lines) => lines.map((line) => line.split(/[, ]/)[0]).join(' ')),
      ['setpoint setpoint setpoint', 'feeder_tracking_error feeder_tracking_error', 'tracking_error tracking_error'],
    )
    assert.match(requests[0]![1]!, /^setpoint,feeder=west,type=ev device_id="ev-2",/)
  })
})
