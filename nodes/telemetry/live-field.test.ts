import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Hub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { publishReadings } from './live-devices.ts'
import { LiveField } from './live-field.ts'

describe('the field on the live stream', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('is filled from the database, follows the registry, and sums up the feeders', async () => {
    const { database } = test
    await database.query(`insert into feeder (feeder_id) values ('f-1'), ('f-2')`)
    await database.query(
      `insert into device (device_id, kind, der_type, status, feeder_id) values ('ev-1', 'der', 'ev', 'active', 'f-1')`,
    )
    const hub = new Hub()
    const now = Date.UTC(2026, 10, 21)
    const faults: unknown[] = []
    const field = new LiveField({
      ...{ hub, database, silentAfterMs: 120_000, clock: { now: () => now } },
      report: (fault) => faults.push(fault),
    })
    try {
      await waitUntil('the device', () => hub.get('devices', 'ev-1'))
      await waitUntil('its feeder', () => hub.get('feeders', 'f-1')?.deviceCount === 0)
      publishReadings(hub, [
        { deviceId: 'ev-1', kind: 'der', at: now, receivedAt: now, quality: 'good', values: { p_actual_kw: 7 } },
      ])
      await waitUntil('its load', () => hub.get('feeders', 'f-1')?.totalKw === 7)
      const { version } = hub.state('feeders')
      await database.query(`update device set feeder_id = 'f-2' where device_id = 'ev-1'`)
      await waitUntil('the other feeder', () => hub.get('feeders', 'f-2')?.totalKw === 7)
      await waitUntil('the one that has none left', () => hub.get('feeders', 'f-1')?.totalKw === 0)
      // What stays the same is no change.
      assert.equal(hub.state('feeders').version, version + 2)
      await database.query(`delete from feeder where feeder_id = 'f-1'`)
      await waitUntil('the feeder to be gone', () => !hub.get('feeders', 'f-1'))
    } finally {
      await field.close()
    }
    assert.deepEqual(faults, [])
  })
})
