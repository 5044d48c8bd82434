import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { feederLimits } from './feeder-limit-repository.ts'

describe('limits of feeders', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('are those of the registry, or the default where it says none', async () => {
    await test.database.query(`insert into feeder (feeder_id, limit_kw) values ('F1', 100), ('F2', null)`)
    assert.deepEqual([...(await feederLimits(test.database, null))], [['F1', 100]])
    assert.deepEqual(Object.fromEntries(await feederLimits(test.database, 50)), { F1: 100, F2: 50 })
  })
})
