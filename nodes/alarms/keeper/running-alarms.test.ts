import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { standingConditions } from '../../../platform/conditions/standing-conditions.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { said } from '../alarms.fixture.ts'
import { keepAlarms, runningAlarms } from './running-alarms.ts'

describe('the keeping of alarms in a process', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const report = (fault: unknown): void => assert.fail(String(fault))

  it('is done once for all who want it, and ends with the last of them', async () => {
    const [first, second] = [keepAlarms(test.database, report), keepAlarms(test.database, report)]
    assert.equal(first.kept, second.kept)
    await first.kept.take([said('outage', 'sw-1')])
    const standing = await standingConditions(test.database, 'test', ['outage'])
    assert.deepEqual(
      standing?.map(({ key }) => key),
      ['test/outage/sw-1'],
    )
    await first.release()
    await first.release()
    assert.equal(runningAlarms(test.database), second.kept)
    await second.release()
    assert.equal(runningAlarms(test.database), undefined)
    assert.equal(await standingConditions(test.database, 'test', ['outage']), undefined)
    await assert.rejects(second.kept.take([said('outage', 'sw-2')]), /alarms are kept no more/)
  })
})
