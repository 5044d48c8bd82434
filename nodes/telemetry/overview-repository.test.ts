import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { feederLoad, latestReadings, reportingDevices } from './overview-repository.ts'

const now = Date.UTC(2026, 10, 21, 12)
const silentAfterMs = 120_000

describe('repository of the first screen', () => {
  const test = useDatabase()

  before(async () => {
    await test.database.query("insert into feeder (feeder_id) values ('f-1'), ('f-2')")
    await test.database.query("insert into site (site_id, feeder_id) values ('house-1', 'f-2')")
    await test.database.query(
      "insert into consumer_unit (unit_id, feeder_id, nominal_voltage_v) values ('unit-1', 'f-2', 127)",
    )
    await test.database.query(
      `insert into device (device_id, kind, der_type, status, feeder_id, site_id) values
         ('pv-1', 'der', 'pv', 'active', 'f-1', null), ('pv-2', 'der', 'pv', 'active', 'f-1', null),
         ('ev-1', 'der', 'ev', 'active', 'f-1', null), ('panel-1', 'panel', null, 'active', null, 'house-1'),
         ('meter-1', 'meter', null, 'active', null, null), ('nowhere', 'meter', null, 'active', null, null),
         ('switch-1', 'switch', null, 'active', 'f-1', null), ('mute', 'meter', null, 'active', null, null),
         ('left', 'meter', null, 'active', null, null), ('back', 'meter', null, 'active', null, null),
         ('pending', 'meter', null, 'pending', null, null), ('events only', null, null, 'active', null, null)`,
    )
    await test.database.query(
      `insert into meter_assignment select 'unit-1', device_key, '[2020-01-01,)' from device where device_id = 'meter-1'`,
    )
    // Seconds ago, and kW.
    await test.database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, kind, received_at - interval '1 second', received_at, 'good', kw, '{"x": 1, "va_v": 127, "p_kw": 5, "ia_a": 3}'
       from device join (values ('pv-1', 10, -3.0), ('pv-2', 20, -1.0), ('ev-1', 30, 7.0), ('panel-1', 40, -0.25),
         ('meter-1', 50, 1.5), ('nowhere', 60, 2.0), ('switch-1', 70, null), ('mute', 121, 9.0), ('left', 80, 0.5),
         ('back', 5, 0.5)) r (device_id, age, kw) using (device_id),
         lateral (select to_timestamp($1::float8 / 1000) - age * interval '1 second' as received_at) t`,
      [now],
    )
    await test.database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, false, at, at
       from device join (values ('left', 10), ('back', 60)) p (device_id, age) using (device_id)
         cross join lateral (select to_timestamp($1::float8 / 1000) - age * interval '1 second' as at) said`,
      [now],
    )
  })

  it('counts as reporting who was heard in time, unless it said good-bye after', async () => {
    const devices = await reportingDevices(test.database, now, silentAfterMs)
    assert.deepEqual(devices, { reporting: 8, silent: 2, silentIds: ['left', 'mute'] })
  })

  it('gives a device that was just registered the time to report', async () => {
    await test.database.query(
      `insert into device (device_id, kind, status, first_seen_at)
       values ('new', 'meter', 'active', to_timestamp($1::float8 / 1000))`,
      [now - silentAfterMs + 1],
    )
    const { reporting, silent } = await reportingDevices(test.database, now, silentAfterMs)
    assert.deepEqual([reporting, silent], [8, 2])
    await test.database.query("delete from device where device_id = 'new'")
  })

  it('names twenty silent devices at most, and counts all', async () => {
    const devices = await test.database.transaction(async (client) => {
      await client.query(
        `insert into device (device_id, kind, status, first_seen_at)
         select 'z-' || n, 'meter', 'active', to_timestamp($1::float8 / 1000) from generate_series(100, 139) n`,
        [now - silentAfterMs],
      )
      const { rows } = await client.query('select count(*)::integer as count from device')
      return rows[0] as { count: number }
    })
    assert.equal(devices.count, 52)
    const { silent, silentIds } = await reportingDevices(test.database, now, silentAfterMs)
    assert.deepEqual([silent, silentIds.length, silentIds[0]], [42, 20, 'left'])
    await test.database.query("delete from device where device_id like 'z-%'")
  })

  it('sums the power of each feeder by type, without the silent', async () => {
    assert.deepEqual(await feederLoad(test.database, now, silentAfterMs), [
      {
        feederId: 'f-1',
        byType: [
          { type: 'ev', kw: 7, devices: 1 },
          { type: 'pv', kw: -4, devices: 2 },
        ],
      },
      {
        feederId: 'f-2',
        byType: [
          { type: 'meter', kw: 1.5, devices: 1 },
          { type: 'panel', kw: -0.25, devices: 1 },
        ],
      },
      { feederId: '–', byType: [{ type: 'meter', kw: 3, devices: 3 }] },
    ])
  })

  it('shows what was received last, with the feeder of its unit or site', async () => {
    const latest = await latestReadings(test.database, now, 6)
    assert.deepEqual(
      latest.map(({ deviceId, feederId, kw }) => [deviceId, feederId, kw]),
      [
        ['back', undefined, 0.5],
        ['pv-1', 'f-1', -3],
        ['pv-2', 'f-1', -1],
        ['ev-1', 'f-1', 7],
        ['panel-1', 'f-2', -0.25],
        ['meter-1', 'f-2', undefined],
      ],
    )
    assert.deepEqual(latest[1], {
      ...{ deviceId: 'pv-1', kind: 'der', type: 'pv', feederId: 'f-1', kw: -3 },
      ...{ at: now - 11_000, measures: { x: 1, va_v: 127, p_kw: 5, ia_a: 3 } },
    })
  })

  it("shows of a unit's meter the supply, and not what the unit uses, be it the unit's no more", async () => {
    const measuresOf = async (id: string) =>
      (await latestReadings(test.database, now, 10)).find(({ deviceId }) => deviceId === id)!
    assert.deepEqual((await measuresOf('meter-1')).measures, { x: 1, va_v: 127 })
    assert.equal((await measuresOf('nowhere')).kw, 2)
    await test.database.query(
      `insert into meter_assignment select 'unit-1', device_key, '[2019-01-01,2020-01-01)' from device where device_id = 'nowhere'`,
    )
    const { kw, measures } = await measuresOf('nowhere')
    assert.deepEqual([kw, measures], [undefined, { x: 1, va_v: 127 }])
  })
})
