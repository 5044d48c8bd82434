import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../storage/test-database.ts'
import {
  allRegistrations,
  applyClaims,
  assignmentPeriod,
  insertDevices,
  registrationsOf,
  setStatus,
} from './repository.ts'

describe('repository of the network', () => {
  const test = useDatabase()

  const today = Date.UTC(2026, 10, 21)
  const registrationOf = (deviceId: string, at = today) =>
    test.database.transaction(async (client) => (await registrationsOf(client, [deviceId], at))[0])

  before(async () => {
    await test.database.query("insert into feeder (feeder_id) values ('f-site'), ('f-unit'), ('f-own')")
    await test.database.query(
      `insert into site (site_id, feeder_id, latitude, longitude) values ('house-1', 'f-site', -23.5, -46.6)`,
    )
    await test.database.query(
      `insert into consumer_unit (unit_id, site_id, feeder_id, nominal_voltage_v)
       values ('unit-1', 'house-1', 'f-unit', 220), ('unit-2', 'house-1', null, 127)`,
    )
    await test.database.query(
      `insert into device (device_id, kind, status, site_id, feeder_id, location, nominal_voltage_v) values
         ('at-site', 'panel', 'active', 'house-1', null, null, null),
         ('at-unit', 'meter', 'active', null, null, null, null),
         ('at-unit-2', 'meter', 'active', null, null, null, null),
         ('of-its-own', 'meter', 'active', 'house-1', 'f-own', 'pole 7', 13800),
         ('formerly', 'meter', 'active', null, null, null, null)`,
    )
    await test.database.query(
      `insert into meter_assignment
       select unit_id, device_key, validity::tstzrange from device join (values
         ('at-unit', 'unit-1', '[2020-01-01,)'), ('at-unit-2', 'unit-2', '[2020-01-01,)'),
         ('formerly', 'unit-1', '[2010-01-01,2020-01-01)')) v (device_id, unit_id, validity) using (device_id)`,
    )
  })

  it('adds to a device the feeder and the place of its site', async () => {
    const { deviceKey, ...found } = (await registrationOf('at-site'))!
    assert.ok(deviceKey > 0)
    assert.deepEqual(found, {
      ...{ deviceId: 'at-site', kind: 'panel', status: 'active' },
      ...{ feederId: 'f-site', siteId: 'house-1', location: '-23.5,-46.6' },
    })
  })

  it('adds to a meter the feeder and nominal voltage of its unit of today, the site last', async () => {
    const atUnit = (await registrationOf('at-unit'))!
    assert.deepEqual([atUnit.feederId, atUnit.siteId, atUnit.nominalVoltageV], ['f-unit', 'house-1', 220])
    const atUnit2 = (await registrationOf('at-unit-2'))!
    assert.deepEqual([atUnit2.feederId, atUnit2.nominalVoltageV], ['f-site', 127])
    const formerly = (await registrationOf('formerly'))!
    assert.deepEqual([formerly.feederId, formerly.nominalVoltageV], [undefined, undefined])
    const then = (await registrationOf('formerly', Date.UTC(2015, 0, 1)))!
    assert.deepEqual([then.feederId, then.nominalVoltageV], ['f-unit', 220])
  })

  it('lets what is entered for the device itself go first', async () => {
    const own = (await registrationOf('of-its-own'))!
    assert.deepEqual([own.feederId, own.location, own.nominalVoltageV], ['f-own', 'pole 7', 13_800])
  })

  it('lists every device once', async () => {
    const all = await allRegistrations(test.database, today)
    assert.deepEqual(all.map(({ deviceId }) => deviceId).toSorted(), [
      ...['at-site', 'at-unit', 'at-unit-2', 'formerly', 'of-its-own'],
    ])
  })

  it('knows between which instants no meter changes its unit, from either end of an assignment', async () => {
    const [year2010, year2020] = [Date.UTC(2010, 0, 1), Date.UTC(2020, 0, 1)]
    assert.deepEqual(await assignmentPeriod(test.database, today), { from: year2020, until: Infinity })
    assert.deepEqual(await assignmentPeriod(test.database, year2020), { from: year2020, until: Infinity })
    assert.deepEqual(await assignmentPeriod(test.database, year2020 - 1), { from: year2010, until: year2020 })
    assert.deepEqual(await assignmentPeriod(test.database, 0), { from: -Infinity, until: year2010 })
    await test.database
      .query(
        `insert into meter_assignment select 'unit-1', device_key, tstzrange('2018-01-01', '2019-01-01') from device
       where device_id = 'at-site'`,
      )
      .then(
        () => assert.fail('two meters at one unit'),
        (error: Error) => assert.match(error.message, /exclusion constraint/),
      )
    await test.database.query(
      `update meter_assignment set validity = tstzrange(lower(validity), $1) where unit_id = 'unit-2'`,
      [new Date(today + 3_600_000)],
    )
    assert.deepEqual(await assignmentPeriod(test.database, today), { from: year2020, until: today + 3_600_000 })
  })

  it('applies a claim that names its own feeder as the parent without the parent', async () => {
    await test.database.transaction(async (client) => {
      await insertDevices(
        client,
        [{ deviceId: 'odd', kind: 'der', feederId: 'f-odd', parentFeederId: 'f-odd' }],
        'active',
        today,
      )
      await applyClaims(client, ['odd'])
    })
    assert.deepEqual(await test.database.query("select parent_feeder_id from feeder where feeder_id = 'f-odd'"), [
      { parent_feeder_id: null },
    ])
  })

  it('names the devices whose status a decision changed', async () => {
    const changed = await test.database.transaction((client) =>
      setStatus(client, ['odd', 'at-site', 'nobody'], 'rejected'),
    )
    assert.deepEqual(changed.toSorted(), ['at-site', 'odd'])
    assert.deepEqual(await test.database.transaction((client) => setStatus(client, ['odd'], 'rejected')), [])
  })
})
