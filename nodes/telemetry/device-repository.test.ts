import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { findDevice, listDevices } from './device-repository.ts'

const now = Date.UTC(2026, 10, 21, 12)
const hearing = { now, silentAfterMs: 120_000 }

describe('repository of devices', () => {
  const test = useDatabase()
  before(async () => {
    const { database } = test
    await database.query("insert into feeder (feeder_id) values ('f-own'), ('f-unit'), ('f-site')")
    await database.query("insert into site (site_id, feeder_id) values ('s', 'f-site')")
    await database.query(
      "insert into consumer_unit (unit_id, site_id, feeder_id, nominal_voltage_v) values ('u', 's', 'f-unit', 127)",
    )
    await database.query(
      `insert into device (device_id, kind, status, feeder_id, site_id, first_seen_at) select *, '2026-01-01' from (values
         ('own', 'meter'::reading_kind, 'active'::registration_status, 'f-own', 's'), ('unit', 'meter', 'active', null, null),
         ('site', 'panel', 'active', null, 's'), ('left', 'der', 'active', null, null), ('back', 'der', 'active', null, null),
         ('mute', 'der', 'active', null, null), ('out', 'der', 'rejected', null, null)) d`,
    )
    await database.query(
      "insert into device (device_id, kind, status, first_seen_at) values ('new', 'der', 'active', to_timestamp($1::float8 / 1000))",
      [now - 1_000],
    )
    await database.query(
      `insert into meter_assignment select 'u', device_key, '[2020-01-01,)' from device where device_id = 'unit'`,
    )
    await database.query(
      `insert into latest_reading select device_key, kind, at, at, 'good', 1, '{"x": 1}'
       from device, lateral (select to_timestamp($1::float8 / 1000) - interval '10 seconds' as at) t
       where device_id in ('own', 'unit', 'site', 'left', 'back')`,
      [now],
    )
    await database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, false, at, at
       from device join (values ('left', 5), ('back', 60)) p (device_id, age) using (device_id)
         cross join lateral (select to_timestamp($1::float8 / 1000) - age * interval '1 second' as at) said`,
      [now],
    )
  })

  it('finds the feeder of a device: its own, else that of its unit, else that of its site', async () => {
    const feeders = await Promise.all(
      ['own', 'unit', 'site', 'left'].map(async (id) => (await findDevice(test.database, id, hearing))?.feederId),
    )
    assert.deepEqual(feeders, ['f-own', 'f-unit', 'f-site', null])
  })

  it('takes for silent who was not heard in time, or said good-bye, but not who is new or out', async () => {
    const silent = await listDevices(test.database, { silent: true }, hearing, { after: undefined, limit: 99 })
    assert.deepEqual(
      silent.map(({ deviceId }) => deviceId),
      ['left', 'mute'],
    )
    const later = { now: now + 200_000, silentAfterMs: 120_000 }
    assert.equal((await findDevice(test.database, 'own', later))!.silent, true)
    assert.equal((await findDevice(test.database, 'out', later))!.silent, false)
  })

  it('says which units a meter measures', async () => {
    assert.deepEqual((await findDevice(test.database, 'unit', hearing))!.unitIds, ['u'])
    assert.deepEqual((await findDevice(test.database, 'own', hearing))!.unitIds, [])
    assert.equal(await findDevice(test.database, 'nobody', hearing), undefined)
  })

  it('tells instants to the millisecond', async () => {
    const { latest } = (await findDevice(test.database, 'own', hearing))!
    assert.deepEqual(latest, {
      ...{ at: now - 10_000, receivedAt: now - 10_000, quality: 'good', powerKw: 1, measures: { x: 1 } },
    })
  })
})
