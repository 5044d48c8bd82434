import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { expiringFor, strikeCommits } from './retention-repository.ts'

const now = Date.UTC(2026, 10, 21, 12)
const daysAgo = (days: number): number => now - days * 86_400_000

describe('the log of commits and its age', function () {
  this.timeout(60_000)
  const test = useDatabase()

  /** Commits of 10 readings each, by the days since they were made, oldest first. */
  beforeEach(async () => {
    await test.database.query('delete from batch_log')
    await test.database.query('delete from consumer_cursor')
    for (const [index, days] of [40, 20, 8, 1].entries())
      await test.database.query(
        `insert into batch_log (position, batch_id, readings, events, first_at, last_at, committed_at)
         values ($1, $1, 10, 0, null, null, to_timestamp($2::float8 / 1000))`,
        [index + 1, daysAgo(days)],
      )
  })
  const cursors = (positions: Record<string, number>) =>
    test.database.query(
      'insert into consumer_cursor (consumer, position) select key, value::bigint from jsonb_each_text($1)',
      [positions],
    )
  const left = async () => {
    const rows = await test.database.query<{ position: number }>(
      'select position::float8 as position from batch_log order by 1',
    )
    return rows.map(({ position }) => position)
  }

  it('loses old commits that every consumer has taken', async () => {
    await cursors({ rollups: 4, influxdb: 3 })
    await strikeCommits(test.database, daysAgo(7), daysAgo(90))
    assert.deepEqual(await left(), [4])
  })

  it('keeps them for a consumer that has not, but not for ever', async () => {
    await cursors({ rollups: 4, influxdb: 0 })
    await strikeCommits(test.database, daysAgo(7), daysAgo(30))
    assert.deepEqual(await left(), [2, 3, 4])
  })

  it('loses the oldest also where nobody follows it', async () => {
    await strikeCommits(test.database, daysAgo(7), daysAgo(30))
    assert.deepEqual(await left(), [2, 3, 4])
  })

  it('tells of each consumer what it is about to lose', async () => {
    await cursors({ rollups: 4, influxdb: 0, archive: 1 })
    assert.deepEqual(await expiringFor(test.database, daysAgo(15)), [
      { consumer: 'archive', commits: 1, readings: 10 },
      { consumer: 'influxdb', commits: 2, readings: 20 },
    ])
    assert.deepEqual(await expiringFor(test.database, daysAgo(50)), [])
  })
})
