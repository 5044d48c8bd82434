import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { devicePhases, feederParents, headMeters, latestReadingsOf, registeredDevices } from './live-repository.ts'

describe('what the live stream is filled with', () => {
  const test = useDatabase()
  const now = Date.UTC(2026, 10, 21)

  before(async () => {
    const { database } = test
    await database.query(
      `insert into feeder (feeder_id, parent_feeder_id) values ('substation', null), ('f-1', 'substation'), ('f-2', 'substation')`,
    )
    await database.query(
      `insert into device (device_id, kind, der_type, status, feeder_id, priority) values
         ('ev-1', 'der', 'ev', 'active', 'f-1', 7), ('meter-1', 'meter', null, 'active', null, null),
         ('meter-2', 'meter', null, 'active', 'f-2', null), ('pending-1', 'der', 'ev', 'pending', 'f-1', null)`,
    )
    await database.query(
      `insert into consumer_unit (unit_id, feeder_id, nominal_voltage_v) values ('unit-1', 'f-1', 127)`,
    )
    await database.query(
      `insert into meter_assignment (unit_id, device_key, validity)
       select 'unit-1', device_key, tstzrange('2020-01-01', null) from device where device_id = 'meter-1'`,
    )
    await database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, kind, to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000 + 1), 'good', 7.2, '{"soc": 0.5}'
       from device where device_id = 'ev-1'`,
      [now],
    )
  })

  it('the active devices, with the feeder of their unit, and whether they meter one', async () => {
    const devices = await registeredDevices(test.database, now)
    assert.deepEqual(
      devices.toSorted((one, other) => (one.deviceId < other.deviceId ? -1 : 1)),
      [
        { deviceId: 'ev-1', kind: 'der', type: 'ev', feederId: 'f-1', priority: 7, ofUnit: false },
        { deviceId: 'meter-1', kind: 'meter', type: 'meter', feederId: 'f-1', priority: null, ofUnit: true },
        { deviceId: 'meter-2', kind: 'meter', type: 'meter', feederId: 'f-2', priority: null, ofUnit: false },
      ],
    )
  })

  it('on which phases devices are: of meters those of their unit, and none where nobody says', async () => {
    await test.database.query("update consumer_unit set phases = 'AC'")
    await test.database.query("update device set phases = 'B' where device_id = 'ev-1'")
    const phases = await devicePhases(test.database, now)
    assert.deepEqual(Object.fromEntries(phases), { 'ev-1': 'B', 'meter-1': 'AC' })
  })

  it('which feeder hangs on which', async () => {
    const parents = await feederParents(test.database)
    assert.deepEqual(
      [parents.get('substation'), parents.get('f-1'), parents.get('f-2')],
      [null, 'substation', 'substation'],
    )
  })

  it('which meters stand at the heads of feeders', async () => {
    await test.database.query("update feeder set head_meter_id = 'meter-2' where feeder_id = 'f-2'")
    assert.deepEqual([...(await headMeters(test.database))], ['meter-2'])
  })

  it('the latest readings of those that have one', async () => {
    const latest = { at: now, receivedAt: now + 1_000, quality: 'good', powerKw: 7.2, values: { soc: 0.5 } }
    assert.deepEqual(await latestReadingsOf(test.database, ['ev-1', 'meter-1']), [{ deviceId: 'ev-1', ...latest }])
  })
})
