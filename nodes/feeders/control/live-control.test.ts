import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { feederLimitsNow } from '../../../platform/live/feeder-limits.ts'
import { Hub } from '../../../platform/live/hub.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedSetpoints, seedTrackedField } from '../tracking/tracked.fixture.ts'
import { LiveControls } from './live-control.ts'

const now = Date.UTC(2026, 5, 1, 12)

describe('what devices are told, on the live stream', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const hub = new Hub('here')
  const faults: string[] = []
  let live: LiveControls

  before(async () => {
    await seedTrackedField(test.database)
    await test.database.query(`update feeder set limit_kw = 120 where feeder_id = 'root'`)
    live = new LiveControls(test.database, {
      ...{ hub, clock: { now: () => now }, clockIsSet: () => true, defaultLimitKw: null },
      report: (error) => faults.push(String(error)),
    })
  })
  after(() => live.close())

  it('is its setpoint, its share, and what keeps it from more', async () => {
    const { database } = test
    await seedSetpoints(database, [{ deviceId: 'ev-1', at: now, powerKw: 4 }])
    await database.query(
      `insert into device_share (device_id, root_id, on_feeder, at, power_kw, deficit_kw, binding, detail)
       values ('ev-1', 'root', 'west', to_timestamp($1::float8 / 1000), 4, 3, 'feeder', $2)`,
      [now, JSON.stringify({ binding: { kind: 'feeder', feederId: 'root', limitKw: 100, source: 'event:7' } })],
    )
    await database.query(
      `insert into feeder_allocation (root_id, at, recorded_at, interval_s, cause, round_ms, solver_ms, holder, token, device_count, allocation)
       values ('root', to_timestamp($1::float8 / 1000), to_timestamp(1), 60, 'interval', 1, 1, 'one', 1, 1, $2)`,
      [
        now,
        JSON.stringify({ feeders: [{ feederId: 'root', line: 'total', importLimitKw: 100, exportLimitKw: null }] }),
      ],
    )
    const shown = await waitUntil('its share', () => {
      const value = hub.get('control', 'ev-1')
      return value?.share && value
    })
    assert.deepEqual(shown, {
      ...{ deviceId: 'ev-1', feederId: 'west', ofUnit: false, setpointKw: 4, expiresAt: '2026-06-01T13:00:00.000Z' },
      share: {
        ...{ at: '2026-06-01T12:00:00.000Z', powerKw: 4, deficitKw: 3, binding: 'feeder' },
        ...{ limitFeederId: 'root', limitSource: 'event:7' },
      },
    })
    assert.deepEqual([feederLimitsNow().get('root'), feederLimitsNow().has('west')], [100, false])
  })

  it('goes when it is told nothing and has no share', async () => {
    const { database } = test
    await database.query('delete from device_share')
    await seedSetpoints(database, [{ deviceId: 'ev-1', at: now, powerKw: null }])
    await waitUntil('it to go', () => hub.get('control', 'ev-1') === undefined)
    assert.deepEqual(faults, [])
  })
})
