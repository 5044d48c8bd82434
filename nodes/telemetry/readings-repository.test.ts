import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { readingKinds } from '../../platform/wire/reading.ts'
import { findReadingDevice, readReadings } from './readings-repository.ts'
import { seedReadings } from './seeded-readings.fixture.ts'
import { seriesTables } from './series-tables.ts'

const at = Date.UTC(2026, 10, 21, 23, 59, 59, 999)

describe('repository of stored readings', () => {
  const test = useDatabase()
  const all = { from: -Infinity, to: Infinity, limit: 10 }

  before(async () => {
    await test.database.query(
      `insert into device (device_id, kind, status, rated_kw) values
         ('der', 'der', 'active', 5), ('panel', 'panel', 'active', null), ('meter', 'meter', 'active', null),
         ('switch', 'switch', 'active', null)`,
    )
    await seedReadings(test.database, 'der', [
      { deviceId: 'der', at, values: { p_actual_kw: 1 } },
      // Of the next day, in another partition.
      { deviceId: 'der', at: at + 1, values: { p_actual_kw: 2 } },
    ])
    await seedReadings(test.database, 'panel', [{ deviceId: 'panel', at, values: { power_w: -1 } }])
    await seedReadings(test.database, 'meter', [{ deviceId: 'meter', at, values: { p_kw: 1 } }])
    await seedReadings(test.database, 'switch', [{ deviceId: 'switch', at, values: {} }])
  })

  it('reads every measure and word of each kind', async () => {
    for (const kind of readingKinds) {
      const { deviceKey } = (await findReadingDevice(test.database, kind))!
      const [newest] = await readReadings(test.database, deviceKey, kind, all)
      const { measures, words } = seriesTables[kind]
      assert.deepEqual(
        Object.keys(newest!).toSorted(),
        ['at', ...measures, 'quality', 'receivedAt', ...words].toSorted(),
      )
    }
  })

  it('reads the newest first, over days, ends included', async () => {
    const { deviceKey } = (await findReadingDevice(test.database, 'der'))!
    const instants = async (filter: object) =>
      (await readReadings(test.database, deviceKey, 'der', { ...all, ...filter })).map((row) => row.at - at)
    assert.deepEqual(await instants({}), [1, 0])
    assert.deepEqual(await instants({ limit: 1 }), [1])
    assert.deepEqual(await instants({ from: at, to: at }), [0])
    assert.deepEqual(await instants({ to: at - 1 }), [])
  })

  it('says when a reading was received, as long as its commit is logged', async () => {
    const { deviceKey } = (await findReadingDevice(test.database, 'panel'))!
    const received = async () => (await readReadings(test.database, deviceKey, 'panel', all))[0]!.receivedAt
    assert.equal(await received(), at)
    await test.database.query('delete from batch_log')
    assert.equal(await received(), null)
  })

  it('knows no device that is not there', async () =>
    assert.equal(await findReadingDevice(test.database, 'nobody'), undefined))
})
