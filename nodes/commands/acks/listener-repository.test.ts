import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { forgetListener, isHeard, noteListener } from './listener-repository.ts'

describe('who hears what devices answer', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('has said so lately, as long as it is there', async () => {
    const { database } = test
    assert.equal(await isHeard(database, 0), false)
    await noteListener(database, 'node-1', 1_000)
    await noteListener(database, 'node-1', 5_000)
    assert.deepEqual([await isHeard(database, 5_000), await isHeard(database, 5_001)], [true, false])
    await forgetListener(database, 'node-1')
    assert.equal(await isHeard(database, 0), false)
  })
})
