import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedTrackedField } from '../tracking/tracked.fixture.ts'
import { feederFlows } from './flow-repository.ts'

const now = Date.UTC(2026, 5, 1, 12)
const since = now - 120_000

describe('flows of a feeder', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const heard = (deviceId: string, powerKw: number, at: number, quality = 'good') =>
    test.database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, kind, to_timestamp($3::float8 / 1000), to_timestamp($3::float8 / 1000), $4::reading_quality, $2, '{}'
       from device where device_id = $1`,
      [deviceId, powerKw, at, quality],
    )
  before(() => seedTrackedField(test.database))

  it('are nothing where nothing has reported', async () => {
    assert.deepEqual(await feederFlows(test.database, 'root', now, since), {
      ...{ headKw: null, devicesKw: null, generatedKw: 0, dischargedKw: 0, chargedKw: 0, evKw: 0, curtailedKw: 0 },
      oldestAt: null,
    })
  })

  it('are of what reported lately and well, and a head is none of its devices', async () => {
    await heard('head-1', 12, now - 10_000)
    await heard('ev-1', 7, now - 30_000)
    await heard('bat-1', 2, now - 20_000)
    await heard('ev-2', 7, now - 200_000)
    await heard('ev-3', 7, now - 1_000, 'invalid')
    assert.deepEqual(await feederFlows(test.database, 'root', now, since), {
      ...{ headKw: 12, devicesKw: 9, generatedKw: 0, dischargedKw: 0, chargedKw: 2, evKw: 7, curtailedKw: 0 },
      oldestAt: now - 30_000,
    })
    const { headKw, oldestAt } = await feederFlows(test.database, 'east', now, since)
    assert.deepEqual([headKw, oldestAt], [null, null])
  })
})
