import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { bucketLoad, findFeeder, latestLoad, listFeeders } from './feeder-repository.ts'
import { seedReadings } from './seeded-readings.fixture.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const second = 1_000
const minute = 60_000
const hour = 60 * minute

describe('repository of feeders', () => {
  const test = useDatabase()

  before(async () => {
    const { database } = test
    await database.query(
      `insert into feeder (feeder_id, parent_feeder_id, name, limit_kw) values
         ('f-0', null, 'Busbar', 500), ('f-1', 'f-0', null, 80), ('f-1a', 'f-1', null, null), ('f-2', 'f-0', null, null)`,
    )
    await database.query("insert into site (site_id, feeder_id) values ('house-1', 'f-1a')")
    await database.query(
      "insert into consumer_unit (unit_id, feeder_id, nominal_voltage_v) values ('unit-1', 'f-1', 127)",
    )
    await database.query(
      `insert into device (device_id, kind, der_type, status, feeder_id, site_id) values
         ('pv', 'der', 'pv', 'active', 'f-1', null), ('ev', 'der', 'ev', 'active', 'f-1a', null),
         ('panel', 'panel', null, 'active', null, 'house-1'), ('meter', 'meter', null, 'active', null, null),
         ('switch', 'switch', null, 'active', 'f-1', null), ('kept out', 'der', 'ev', 'rejected', 'f-1', null),
         ('elsewhere', 'der', 'ev', 'active', 'f-2', null), ('nowhere', 'der', 'ev', 'active', null, null)`,
    )
    // At the head of the first feeder: it measures what the others do.
    await database.query(
      "insert into device (device_id, kind, status, feeder_id) values ('head', 'meter', 'active', 'f-1')",
    )
    await database.query("update feeder set head_meter_id = 'head' where feeder_id = 'f-1'")
    await database.query(
      `insert into meter_assignment select 'unit-1', device_key, '[2020-01-01,)' from device where device_id = 'meter'`,
    )
    // The EV reports every ten seconds, the others once a minute: its minute is a mean of six, not a sum.
    await seedReadings(database, 'der', [
      ...[0, 10, 20, 30, 40, 50].map((s) => ({
        ...{ deviceId: 'ev', at: noon + s * second, values: { p_actual_kw: s < 30 ? 6 : 8 } },
      })),
      { deviceId: 'pv', at: noon + 5 * second, values: { p_actual_kw: -3 } },
      { deviceId: 'pv', at: noon + 65 * second, values: { p_actual_kw: -1 } },
      { deviceId: 'kept out', at: noon, values: { p_actual_kw: 100 } },
      { deviceId: 'elsewhere', at: noon, values: { p_actual_kw: 20 } },
      { deviceId: 'nowhere', at: noon, values: { p_actual_kw: 1 } },
      // Just outside of what is asked for below.
      { deviceId: 'pv', at: noon - 1, values: { p_actual_kw: -50 } },
      { deviceId: 'pv', at: noon + 2 * minute, values: { p_actual_kw: -50 } },
    ])
    await seedReadings(database, 'panel', [{ deviceId: 'panel', at: noon + 59_999, values: { power_w: -250 } }])
    await seedReadings(database, 'meter', [
      { deviceId: 'meter', at: noon + 1, values: { p_kw: 2 } },
      { deviceId: 'head', at: noon + 1, values: { p_kw: 500 } },
      { deviceId: 'meter', at: noon + minute, values: { va_v: 127 } },
    ])
  })

  const twoMinutes = [noon, noon + minute, noon + 2 * minute]
  const expected = [
    { bucket: 0, type: 'ev', count: 1, totalKw: 7 },
    { bucket: 0, type: 'meter', count: 1, totalKw: 2 },
    { bucket: 0, type: 'panel', count: 1, totalKw: -0.25 },
    { bucket: 0, type: 'pv', count: 1, totalKw: -3 },
    { bucket: 1, type: 'pv', count: 1, totalKw: -1 },
  ]

  for (const source of ['minute', 'reading'] as const) {
    it(`adds up the means of devices on a feeder and below it, by ${source}`, async () =>
      assert.deepEqual(await bucketLoad(test.database, 'f-1', noon, source, twoMinutes), expected))
  }

  it('adds up by the hour', async () => {
    const load = await bucketLoad(test.database, 'f-1', noon, 'hour', [noon, noon + hour])
    assert.deepEqual(
      load.map(({ type, totalKw }) => [type, totalKw]),
      [['ev', 7], ['meter', 2], ['panel', -0.25], ['pv', -54 / 3]], // prettier-ignore
    )
  })

  it('adds up the same of long periods', async () => {
    const edges = [noon - 12 * hour, noon, noon + minute, noon + 2 * minute]
    const load = await bucketLoad(test.database, 'f-1', noon, 'minute', edges)
    assert.deepEqual(
      load.filter(({ bucket }) => bucket > 0),
      expected.map((one) => ({ ...one, bucket: one.bucket + 1 })),
    )
  })

  it('divides minutes where readings are asked themselves', async () => {
    const load = await bucketLoad(test.database, 'f-1a', noon, 'reading', [noon, noon + 30 * second, noon + minute])
    assert.deepEqual(load, [
      { bucket: 0, type: 'ev', count: 1, totalKw: 6 },
      { bucket: 1, type: 'ev', count: 1, totalKw: 8 },
      { bucket: 1, type: 'panel', count: 1, totalKw: -0.25 },
    ])
  })

  it('takes all devices where no feeder is asked for, those without one too', async () => {
    const load = await bucketLoad(test.database, null, noon, 'minute', [noon, noon + minute])
    assert.deepEqual(
      load.find(({ type }) => type === 'ev'),
      { bucket: 0, type: 'ev', count: 3, totalKw: 28 },
    )
  })

  it('adds up the latest readings of devices that are not silent', async () => {
    // Received with the commit: two minutes past noon, the meter a minute earlier.
    const now = noon + 2 * minute
    assert.deepEqual(await latestLoad(test.database, 'f-1', now, 30 * second), [
      { type: 'ev', count: 1, totalKw: 8 },
      { type: 'pv', count: 1, totalKw: -50 },
    ])
    assert.deepEqual(
      (await latestLoad(test.database, 'f-0', now, 10 * minute)).map(({ type, count }) => [type, count]),
      [['ev', 2], ['panel', 1], ['pv', 1]], // prettier-ignore
    )
    assert.deepEqual(await latestLoad(test.database, 'f-1', now + hour, minute), [])
  })

  it('lists feeders with their parents, and devices on and below them', async () => {
    assert.deepEqual(await listFeeders(test.database, noon, { after: undefined, limit: 9 }), [
      { feederId: 'f-0', parentFeederId: null, name: 'Busbar', limitKw: 500, deviceCount: 0, downstreamDeviceCount: 7 },
      { feederId: 'f-1', parentFeederId: 'f-0', name: null, limitKw: 80, deviceCount: 4, downstreamDeviceCount: 6 },
      { feederId: 'f-1a', parentFeederId: 'f-1', name: null, limitKw: null, deviceCount: 2, downstreamDeviceCount: 2 },
      { feederId: 'f-2', parentFeederId: 'f-0', name: null, limitKw: null, deviceCount: 1, downstreamDeviceCount: 1 },
    ])
    const next = await listFeeders(test.database, noon, { after: 'f-0', limit: 2 })
    assert.deepEqual(
      next.map(({ feederId }) => feederId),
      ['f-1', 'f-1a'],
    )
    assert.deepEqual(await findFeeder(test.database, 'f-1'), { limitKw: 80 })
    assert.equal(await findFeeder(test.database, 'f-9'), undefined)
  })
})
