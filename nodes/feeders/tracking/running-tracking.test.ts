import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { RunningTracking, type FoundTracking } from './running-tracking.ts'
import { lastRounds, newestFeeders } from './figure-repository.ts'
import { seedMinutes, seedSetpoints, seedTrackedField } from './tracked.fixture.ts'

const minuteMs = 60_000
const noon = Date.UTC(2026, 5, 1, 12)

describe('running tracking', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let now = noon + 20_000
  const found: FoundTracking[] = []
  const faults: string[] = []
  let tracking: RunningTracking | undefined

  before(() => seedTrackedField(test.database))
  after(() => tracking?.close())

  const run = () => {
    found.length = 0
    tracking = new RunningTracking(test.database, {
      ...{ clock: { now: () => now }, clockIsSet: () => true, windowMinutes: 5 },
      keepMs: { feeders: 400 * 1_440 * minuteMs, devices: 90 * 1_440 * minuteMs },
      found: (one) => found.push(one),
      report: (error) => faults.push(String(error)),
    })
  }
  const rounds = () =>
    test.database.query('select at, feeders, devices from tracking_round order by position').then((rows) => rows.length)
  const deviceRows = async () => {
    const [row] = await test.database.query<{ rows: number }>('select count(*)::integer as rows from device_tracking')
    return row!.rows
  }

  it('keeps nothing while nobody is steered', async () => {
    run()
    await waitUntil('a round', () => found.length > 0)
    assert.deepEqual([found[0]!.at, found[0]!.all.devices, await rounds()], [noon, 0, 0])
    await tracking!.close()
  })

  it('keeps figures of feeders each minute, and of devices once for each window', async () => {
    const { database } = test
    await seedSetpoints(database, [{ deviceId: 'ev-1', at: noon - 20 * minuteMs, powerKw: 4 }])
    await seedMinutes(database, 'ev-1', noon - 5 * minuteMs, [5, 5, 5, 5, 5, 5, 5, 5, 5, 5])
    run()
    await waitUntil('a round', () => found.length === 1)
    assert.deepEqual([await rounds(), await deviceRows()], [1, 1])
    const [root, west] = await newestFeeders(database)
    assert.deepEqual(
      [root!.feederId, root!.at, root!.devices, root!.meanErrorKw, root!.jainIndex, root!.loadKw],
      ['root', noon, 1, 1, null, null],
    )
    assert.equal(west!.feederId, 'west')
    now += minuteMs
    await waitUntil('the next minute', () => found.length === 2)
    assert.deepEqual([await rounds(), await deviceRows()], [2, 1])
    now += 4 * minuteMs
    await waitUntil('the next window', () => found.length === 3)
    assert.deepEqual([await rounds(), await deviceRows()], [3, 2])
    await tracking!.close()
  })

  it('goes on where it stopped: what was done is not done twice', async () => {
    assert.deepEqual(await lastRounds(test.database), { any: noon + 5 * minuteMs, withDevices: noon + 5 * minuteMs })
    run()
    now += minuteMs
    await waitUntil('a round', () => found.length > 0)
    assert.deepEqual([found[0]!.at, await rounds(), await deviceRows()], [noon + 6 * minuteMs, 4, 2])
    assert.deepEqual(faults, [])
  })
})
