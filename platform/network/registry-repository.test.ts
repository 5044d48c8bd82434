import assert from 'node:assert/strict'
import { useDatabase } from '../storage/test-database.ts'
import { listDevices, pendingDevices, unknownDevices } from './registry-repository.ts'

describe('the registry as people look at it', () => {
  const store = useDatabase()

  before(async () => {
    await store.database.query(`insert into feeder (feeder_id) values ('f-1'), ('f-2')`)
    await store.database.query(`insert into site (site_id, feeder_id) values ('s-1', 'f-1')`)
    await store.database.query(
      `insert into device (device_id, kind, der_type, status, site_id, rated_kw, claim) values
         ('pv-1', 'der', 'pv', 'active', 's-1', 5, null), ('m-1', 'meter', null, 'pending', null, null, '{"deviceId": "m-1"}'),
         ('m-2', 'meter', null, 'active', null, null, null), ('x-1', null, null, 'rejected', null, null, null)`,
    )
    await store.database.query(
      `insert into consumer_unit (unit_id, site_id, nominal_voltage_v) values ('u-1', 's-1', 127)`,
    )
    await store.database.query(
      `insert into meter_assignment
       select 'u-1', device_key, tstzrange('2020-01-01', null) from device where device_id = 'm-2'`,
    )
  })

  it('shows devices with what their site and their unit add', async () => {
    const devices = await listDevices(store.database, undefined, Date.UTC(2026, 0, 1))
    assert.deepEqual(
      devices.map(({ deviceId, kind, status, feederId, siteId, unitId }) => [
        deviceId,
        kind,
        status,
        feederId,
        siteId,
        unitId,
      ]),
      [
        ['m-1', 'meter', 'pending', null, null, null],
        ['m-2', 'meter', 'active', 'f-1', 's-1', 'u-1'],
        ['pv-1', 'der', 'active', 'f-1', 's-1', null],
        ['x-1', null, 'rejected', null, null, null],
      ],
    )
  })

  it('shows the units of the instant asked for', async () => {
    const devices = await listDevices(store.database, 'active', Date.UTC(2019, 0, 1))
    assert.deepEqual(
      devices.map(({ deviceId, unitId }) => [deviceId, unitId]),
      [
        ['m-2', null],
        ['pv-1', null],
      ],
    )
  })

  it('shows those of one status, and what they say of themselves', async () => {
    const [device, ...others] = await listDevices(store.database, 'pending', Date.UTC(2026, 0, 1))
    assert.deepEqual([device?.claim, others], [{ deviceId: 'm-1' }, []])
  })

  it('knows who waits, and who is unknown', async () => {
    assert.deepEqual(await store.database.transaction(pendingDevices), ['m-1'])
    const unknown = await store.database.transaction((client) => unknownDevices(client, ['m-1', 'z-9', 'pv-1']))
    assert.deepEqual(unknown, ['z-9'])
  })
})
