import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { keepOutlook, runningOutlook } from './running-outlook.ts'

describe('the outlook of a process', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('is kept once for all who want it, until the last one does not', async () => {
    const report = (fault: unknown): void => assert.fail(String(fault))
    const [one, other] = [keepOutlook(test.database, report), keepOutlook(test.database, report)]
    assert.equal(one.kept, other.kept)
    await one.release()
    await one.release()
    assert.equal(runningOutlook(), other.kept, 'released twice by the same')
    await other.release()
    assert.equal(runningOutlook(), undefined)
  })
})
