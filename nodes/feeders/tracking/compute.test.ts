import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { computeTracking, trackingSpan } from './compute.ts'
import { seedMinutes, seedSetpoints, seedTrackedField } from './tracked.fixture.ts'
import { steeredDevices, trackedDevices } from './tracked-repository.ts'

const minuteMs = 60_000
const to = Date.UTC(2026, 5, 1, 12)
const span = { from: to - 5 * minuteMs, to }

describe('tracking of what is stored', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    const { database } = test
    await seedTrackedField(database)
    await seedSetpoints(database, [
      { deviceId: 'ev-1', at: span.from - 10 * minuteMs, powerKw: 7 },
      { deviceId: 'ev-1', at: span.from - 3 * minuteMs, powerKw: 4 },
      { deviceId: 'ev-1', at: span.from + 2 * minuteMs, powerKw: 2 },
      { deviceId: 'ev-2', at: span.from - 30 * minuteMs, powerKw: 3 },
      { deviceId: 'ev-2', at: span.from - 20 * minuteMs, powerKw: null },
      { deviceId: 'ev-3', at: span.from + minuteMs, powerKw: 6 },
      { deviceId: 'ev-3', at: span.from + 4 * minuteMs, powerKw: null },
      // Told after all of it.
      { deviceId: 'ev-3', at: to + minuteMs, powerKw: 1 },
    ])
    await seedMinutes(database, 'ev-1', span.from - minuteMs, [9, 5, 4, 2, 2, 2, 9])
    await seedMinutes(database, 'ev-3', span.from, [0, 6, 6, 9, 0])
    await seedMinutes(database, 'bat-1', span.from, [3, 3, 3, 3, 3])
  })

  it('is of devices that had a setpoint in the time, on their feeders and those above', async () => {
    const { devices, feeders, all } = await computeTracking(test.database, span)
    assert.deepEqual(
      devices.map((one) => [
        one.deviceId,
        one.feederId,
        one.minutes,
        one.setpointKw,
        one.meanErrorKw,
        one.switchesPerHour,
      ]),
      [
        ['ev-1', 'west', 5, 2.8, 0.2, 0],
        ['ev-3', 'east', 3, 6, 1, 0],
      ],
    )
    assert.deepEqual(
      feeders.map((one) => [one.feederId, one.devices, one.minutes, one.largestErrorKw]),
      [
        ['east', 1, 3, 3],
        ['root', 2, 5, 3],
        ['west', 1, 5, 1],
      ],
    )
    assert.equal(all.devices, 2)
  })

  it('is of one device, or of one feeder and all below it, where that is asked for', async () => {
    const of = async (only: { deviceId: string | null; feederId: string | null }) =>
      (await computeTracking(test.database, span, only)).devices.map(({ deviceId }) => deviceId)
    assert.deepEqual(await of({ deviceId: 'ev-3', feederId: null }), ['ev-3'])
    assert.deepEqual(await of({ deviceId: null, feederId: 'west' }), ['ev-1'])
    assert.deepEqual(await of({ deviceId: null, feederId: 'root' }), ['ev-1', 'ev-3'])
    assert.deepEqual(await of({ deviceId: 'bat-1', feederId: null }), [])
  })

  it('looks at the newest of what each was told, and no further', async () => {
    const devices = await steeredDevices(test.database, span, { after: '', most: 10 })
    const [first] = await trackedDevices(test.database, devices, span, 2)
    assert.deepEqual(
      first!.told.map(({ powerKw }) => powerKw),
      [4, 2],
    )
  })

  it('ends with the last whole minute that stands in the roll-ups', async () => {
    const { database } = test
    assert.deepEqual(await trackingSpan(database, to + 70_000, 5), { from: span.from, to })
    await database.transaction(async (client) => {
      await client.query('select append_batch(1, 1, 0, $1, $1, $1)', [new Date(to - 100_000).toISOString()])
    })
    assert.deepEqual(await trackingSpan(database, to + 70_000, 5), {
      ...{ from: span.from - 2 * minuteMs, to: to - 2 * minuteMs },
    })
  })
})
