import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { keepCommands, runningCommands } from './running-commands.ts'

describe('commands that are kept', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('are kept once a database for all who want it, until the last one does not', async () => {
    const report = (fault: unknown): void => assert.fail(String(fault))
    const [one, other] = [keepCommands(test.database, report), keepCommands(test.database, report)]
    assert.equal(one.kept, other.kept)
    await one.release()
    assert.equal(runningCommands(test.database), other.kept)
    await other.release()
    assert.equal(runningCommands(test.database), undefined)
  })
})
