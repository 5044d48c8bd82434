import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedSetpoints, seedTrackedField } from '../tracking/tracked.fixture.ts'
import { controlledDevices, controlVersion, tightestLimits } from './control-repository.ts'

const now = Date.UTC(2026, 5, 1, 12)

describe('what is stored of control', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => seedTrackedField(test.database))

  it('has another version whenever a device is told something', async () => {
    const { database } = test
    const versions = [await controlVersion(database)]
    await seedSetpoints(database, [{ deviceId: 'ev-1', at: now, powerKw: 4 }])
    versions.push(await controlVersion(database))
    await seedSetpoints(database, [{ deviceId: 'ev-1', at: now, powerKw: 4 }])
    versions.push(await controlVersion(database), await controlVersion(database))
    assert.equal(new Set(versions).size, 3)
  })

  it('has devices with a setpoint or a share, and says of which a unit is metered', async () => {
    const { database } = test
    await seedSetpoints(database, [
      { deviceId: 'ev-2', at: now, powerKw: 3 },
      { deviceId: 'ev-3', at: now, powerKw: null },
    ])
    await database.query(`insert into consumer_unit (unit_id, nominal_voltage_v) values ('unit-1', 127)`)
    await database.query(
      `insert into meter_assignment select 'unit-1', device_key, '[2020-01-01,)' from device where device_id = 'ev-2'`,
    )
    const devices = await controlledDevices(database, now, 10)
    assert.deepEqual(
      devices.map(({ deviceId, feederId, ofUnit, setpointKw, share }) => [
        deviceId,
        feederId,
        ofUnit,
        setpointKw,
        share,
      ]),
      [
        ['ev-1', 'west', false, 4, null],
        ['ev-2', 'west', true, 3, null],
      ],
    )
    assert.deepEqual((await controlledDevices(database, now, 1)).length, 1)
  })

  it('has the tightest limit of each feeder: of the loop, of the registry, or the default', async () => {
    const { database } = test
    await database.query(`update feeder set limit_kw = 80 where feeder_id = 'west'`)
    await database.query(
      `insert into feeder_allocation (root_id, at, recorded_at, interval_s, cause, round_ms, solver_ms, holder, token, device_count, allocation)
       values ('root', to_timestamp(0), to_timestamp(0), 60, 'interval', 1, 1, 'one', 1, 0, $1)`,
      [
        JSON.stringify({
          feeders: [
            { feederId: 'root', line: 'total', importLimitKw: 60, exportLimitKw: null },
            { feederId: 'root', line: 'A', importLimitKw: 10, exportLimitKw: null },
            { feederId: 'east', line: 'total', importLimitKw: null, exportLimitKw: 5 },
          ],
        }),
      ],
    )
    assert.deepEqual(Object.fromEntries(await tightestLimits(database, 100)), { root: 60, west: 80, east: 100 })
    assert.deepEqual(Object.fromEntries(await tightestLimits(database, null)), { root: 60, west: 80 })
  })
})
