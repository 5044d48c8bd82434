import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { buildSwitchedField, say, tuesday } from './switching.fixture.ts'
import { clearedTrips, insertClearance, standsTripped } from './trip-repository.ts'

describe('trips that are stored', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => buildSwitchedField(test.database))
  const stands = (switchId: string, s: number) =>
    standsTripped(test.database, { switchId, reportedAt: tuesday + s * 1_000 })

  it('stand from a report of theirs on while nothing else is reported', async () => {
    const tripped = { position: 'open', tripped: true } as const
    await say(test.database, 'sw-a', { at: tuesday, ...tripped })
    await say(test.database, 'sw-a', { at: tuesday + 60_000, ...tripped })
    assert.deepEqual([await stands('sw-a', 0), await stands('sw-a', 60), await stands('sw-a', 30)], [true, true, false])
    await say(test.database, 'sw-a', { at: tuesday + 90_000, ...tripped, position: 'closed' })
    assert.equal(await stands('sw-a', 60), false)
    assert.equal(await stands('sw-b', 0), false)
  })

  it('are cleared by the switch that they are of, and no other', async () => {
    for (const id of ['sw-b', 'tie']) await say(test.database, id, { at: tuesday, position: 'open', tripped: true })
    await insertClearance(
      test.database,
      { switchId: 'sw-b', reportedAt: tuesday },
      { username: 'ana', reason: 'patrolled' },
      tuesday,
    )
    assert.deepEqual([...(await clearedTrips(test.database, ['sw-b', 'tie']))], ['sw-b'])
    await assert.rejects(test.database.query('delete from trip_clearance'), /permission denied/)
  })
})
