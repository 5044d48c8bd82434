import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { feederStrains } from './configuration-check.ts'
import { fallbackDevices } from './configuration-repository.ts'
import { keepForecasts } from './feeder-repository.ts'
import { insertLimit } from './limit-repository.ts'
import { buildTown, townAt } from './town.fixture.ts'

describe('what feeders would carry if no device heard of any setpoint', () => {
  const store = useDatabase()
  const settings = { defaultLimitKw: null, globalLimitKw: null }
  const told = async (withTemporary = false, more: Partial<typeof settings> | { globalLimitKw: number } = {}) =>
    (await feederStrains(store.database, townAt, { ...settings, ...more }, { withTemporary })).map(
      (strain) => strain.told,
    )

  before(() => buildTown(store))

  it('is that of the devices that are let in, with their feeder and rating', async () => {
    const rows = await fallbackDevices(store.database)
    assert.deepEqual(
      rows
        .toSorted((one, other) => (one.deviceId < other.deviceId ? -1 : 1))
        .map(({ deviceId, feederId, phases }) => [deviceId, feederId, phases]),
      [
        ['ev-1', 'f-2', 'ABC'],
        ['ev-2', 'f-1a', 'ABC'],
        ['pv-1', 'f-2', 'ABC'],
      ],
    )
  })

  it('fits, or is told with the feeder, what would flow and the limit', async () => {
    assert.deepEqual(await told(), [])
    await store.database.query(`update device set fallback_kw = 22 where device_id = 'ev-2'`)
    await store.database.query(`update feeder set limit_kw = 20 where feeder_id = 'f-1'`)
    assert.deepEqual(await told(), [
      'feeder f-1 could import 22 kW in all if its devices fell back, and its limit is 20 kW (registry)',
    ])
    assert.deepEqual((await told(false, { globalLimitKw: 4 })).sort(), [
      'feeder f-0 could export 5 kW in all if its devices fell back, and its limit is 4 kW (global)',
      'feeder f-0 could import 22 kW in all if its devices fell back, and its limit is 4 kW (global)',
      'feeder f-1 could import 22 kW in all if its devices fell back, and its limit is 20 kW (registry)',
    ])
    await store.database.query(`update feeder set limit_kw = 80 where feeder_id = 'f-1'`)
  })

  it('is what nobody steers as it was measured last, besides', async () => {
    const kw = (total: number) => ({ total, A: total / 3, B: total / 3, C: total / 3 })
    await keepForecasts(store.database, [
      {
        ...{ feederId: 'f-1', by: 'head', measuredAt: townAt, baseKw: kw(60), steered: [] },
        errorsKw: { total: [], A: [], B: [], C: [] },
        hours: [{ from: townAt, lowKw: kw(60), highKw: kw(60) }],
      },
    ])
    assert.deepEqual(await told(), [
      'feeder f-1 could import 88 kW in all if its devices fell back, and its limit is 80 kW (registry)',
    ])
    await store.database.query(`delete from feeder_forecast`)
  })

  it('is held against limits that last, in all their windows, and against others where asked', async () => {
    const limit = {
      ...({ feederId: 'f-1a', line: 'total', direction: 'import', value: 10, unit: 'kw', reason: 'hot' } as const),
      ...{ validFrom: townAt, setBy: 'ana', setAt: townAt },
    }
    await insertLimit(store.database, { ...limit, validUntil: townAt + 60_000, schedule: null })
    assert.deepEqual(await told(), [])
    assert.match((await told(true))[0]!, /feeder f-1a could import 22 kW .* its limit is 10 kW \(limit:1\)/)
    const schedule = { days: [7], from: '18:00', until: '21:00', timeZone: null }
    await insertLimit(store.database, { ...limit, value: 15, validUntil: null, schedule })
    assert.match((await told())[0]!, /its limit is 15 kW \(schedule:2\)/)
  })
})
