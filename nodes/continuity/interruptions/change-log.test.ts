import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { continuityChanges } from './change-log.ts'
import { changedTimes, lastChange, strikeChanges, touchInterruptions } from './change-repository.ts'
import { seedInterruptions } from './seeded-interruptions.fixture.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const hourMs = 3_600_000

describe('the log of commits of interruptions', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const after = (position: number, most: number) =>
    test.database.transaction((client) => continuityChanges.after(client, position, most))
  let first = 0

  before(async () => {
    const units = ['a', 'b'].map((unitId) => ({ unitId, from: noon, until: null }))
    first = (await seedInterruptions(test.database, [{ units }])).interruptionIds[0]!
    await seedInterruptions(test.database, [{ units: [{ unitId: 'c', from: noon, until: noon + hourMs }] }])
  })

  it('has a commit an entry, with how much it wrote', async () => {
    assert.deepEqual(await after(0, 100), [
      { position: 1, interruptions: 1, units: 2 },
      { position: 2, interruptions: 1, units: 1 },
    ])
    assert.deepEqual(
      (await after(1, 100)).map(({ position }) => position),
      [2],
    )
    assert.deepEqual(
      (await after(0, 1)).map(({ position }) => position),
      [1],
    )
    assert.equal(await lastChange(test.database), 2)
  })

  it('counts what is left, and since when', async () => {
    assert.deepEqual(await continuityChanges.lagAfter(test.database, 0), { batches: 2, readings: 3, oldestAt: noon })
    assert.deepEqual(await continuityChanges.lagAfter(test.database, 2), { batches: 0, readings: 0, oldestAt: null })
  })

  it('names what of which units a commit may have changed', async () => {
    assert.deepEqual(await changedTimes(test.database, 0, 1), [
      { unitId: 'a', from: noon, until: null },
      { unitId: 'b', from: noon, until: null },
    ])
    assert.deepEqual(await changedTimes(test.database, 1, 2), [{ unitId: 'c', from: noon, until: noon + hourMs }])
  })

  it('has a decision about an interruption, with the units in it', async () => {
    await test.database.transaction((client) => touchInterruptions(client, [first], noon + hourMs))
    assert.deepEqual(
      (await after(2, 100)).map(({ position, interruptions }) => [position, interruptions]),
      [[3, 1]],
    )
    assert.deepEqual(
      (await changedTimes(test.database, 2, 3)).map(({ unitId }) => unitId),
      ['a', 'b'],
    )
  })

  it('is struck off where everybody has taken what is old, with what was withdrawn', async () => {
    const { database } = test
    const left = async () => {
      const withdrawn = await database.query<{ changed: number }>(
        'select changed::float8 as changed from unit_interruption_withdrawn order by changed',
      )
      return [(await after(0, 100)).map(({ position }) => position), withdrawn.map(({ changed }) => changed)]
    }
    await database.query(
      `insert into unit_interruption_withdrawn (changed, unit_id, started_at) select c, 'a', now() from generate_series(1, 3) c`,
    )
    const all = (await after(0, 100)).map(({ position }) => position)
    const late = noon + 1_000 * hourMs
    const follow = (log: string, consumer: string, position: number) =>
      database.query('insert into consumer_cursor (log, consumer, position, updated_at) values ($1, $2, $3, now())', [
        ...[log, consumer, position],
      ])
    await follow('continuity', 'fast', 3)
    await follow('batch_log', 'other', 0)
    await strikeChanges(database, late, 'slow')
    assert.deepEqual(await left(), [all, [1, 2, 3]], 'who needs it has not begun')
    await follow('continuity', 'slow', 1)
    await strikeChanges(database, noon - hourMs, 'slow')
    assert.deepEqual(await left(), [all, [1, 2, 3]], 'nothing is that old')
    await strikeChanges(database, late, 'slow')
    assert.deepEqual(await left(), [all.filter((position) => position > 1), [2, 3]])
  })
})
