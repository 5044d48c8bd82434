import assert from 'node:assert/strict'
import { alarmsBegin, said, useAlarms } from '../alarms.fixture.ts'
import { changesAfter, countChangesAfter, nextChange, transitionsAfter } from './change-repository.ts'

describe('the log of alarms', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  let start: number

  /** Transactions of 3, 1 and 2 transitions. */
  before(async () => {
    start = await alarms.database.transaction(nextChange)
    for (const [minute, subjects] of [['a', 'b', 'c'], ['d'], ['e', 'f']].entries()) {
      alarms.now = alarmsBegin + minute * 60_000
      await alarms.keeper.take(subjects.map((subject) => said('outage', subject)))
    }
  })

  const changes = async (most: number) => {
    const found = await alarms.database.transaction((client) => changesAfter(client, start, most))
    return found.map(({ position, transitions }) => [position - start, transitions])
  }

  it('is read in whole transactions, each of which counts for one more than its transitions', async () => {
    assert.deepEqual(await changes(4), [[1, 3]])
    assert.deepEqual(await changes(5), [
      [1, 3],
      [2, 1],
    ])
    assert.deepEqual(await changes(100), [
      [1, 3],
      [2, 1],
      [3, 2],
    ])
  })

  it('gives at least one, however great', async () => assert.deepEqual(await changes(1), [[1, 3]]))

  it('says how far behind a consumer is, and since when', async () => {
    const { database } = alarms
    assert.deepEqual(await countChangesAfter(database, start + 1), {
      ...{ changes: 2, transitions: 3, oldestAt: alarmsBegin + 60_000 },
    })
    assert.deepEqual(await countChangesAfter(database, start + 3), { changes: 0, transitions: 0, oldestAt: null })
  })

  it('is read on from any place within a transaction, none twice and none left out', async () => {
    const subjects: string[] = []
    let place = { changed: start + 1, ordinal: -1 }
    for (;;) {
      const [next, ...more] = await transitionsAfter(alarms.database, place, start + 3, 1)
      assert.equal(more.length, 0)
      if (!next) break
      subjects.push(next.subject)
      place = { changed: next.changed, ordinal: next.ordinal }
    }
    assert.deepEqual(subjects, ['a', 'b', 'c', 'd', 'e', 'f'])
  })
})
