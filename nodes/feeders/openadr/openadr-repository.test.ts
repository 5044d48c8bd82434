import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import {
  countObjects,
  forgetWithdrawn,
  keepObject,
  keepReport,
  knownObject,
  knownObjects,
  knownReport,
} from './openadr-repository.ts'
import type { KnownObject } from './openadr-repository.ts'

const at = Date.UTC(2026, 10, 23)
const object = (of: Partial<KnownObject> = {}): KnownObject => ({
  ...{ kind: 'event', objectId: 'e1', name: 'peak', version: 'v1', firstSeenAt: at, versionSeenAt: at + 1 },
  ...{ state: 'partly', notTaken: ['why'], calls: ['e1/0.0.0.0'], content: { id: 'e1' }, lookAgainAt: at + 2 },
  ...of,
})

describe('what is kept of a VTN', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('is what was found last of each object', async () => {
    await keepObject(test.database, object(), at)
    await keepObject(test.database, object({ kind: 'program', content: null, lookAgainAt: null }), at)
    const changed = object({ version: 'v2', state: 'taken', notTaken: [], calls: [] })
    await keepObject(test.database, changed, at + 5)
    assert.deepEqual(await knownObject(test.database, 'event', 'e1'), changed)
    assert.equal((await knownObject(test.database, 'program', 'e1'))!.content, null)
    assert.equal(await knownObject(test.database, 'event', 'e2'), undefined)
    assert.deepEqual(await countObjects(test.database), [
      { kind: 'event', state: 'taken', count: 1 },
      { kind: 'program', state: 'partly', count: 1 },
    ])
  })

  it('is forgotten some time after it was withdrawn, with its report', async () => {
    const report = {
      eventObjectId: 'e1',
      reportId: 'r1',
      contentHash: 'h',
      sentAt: at,
      attempts: 0,
      error: null,
      tryAgainAt: null,
    }
    await keepReport(test.database, report)
    await keepObject(test.database, object({ state: 'withdrawn' }), at)
    assert.deepEqual(await knownObjects(test.database, 'event'), [])
    await forgetWithdrawn(test.database, at)
    assert.deepEqual(await knownReport(test.database, 'e1'), report)
    await forgetWithdrawn(test.database, at + 1)
    assert.deepEqual(
      [await knownObject(test.database, 'event', 'e1'), await knownReport(test.database, 'e1')],
      [undefined, undefined],
    )
    assert.equal((await knownObjects(test.database, 'program')).length, 1)
  })
})
