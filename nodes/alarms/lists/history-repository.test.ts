import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { recentAlerts } from './history-repository.ts'
import { seedManyAlarms, seedManyOccurrences } from './seeded-alarms.fixture.ts'

const at = Date.UTC(2026, 2, 10, 12)

describe('the newest alerts, among many occurrences', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('are read from their index, newest first', async () => {
    await seedManyAlarms(test.database, 300, at)
    await seedManyOccurrences(test.database, 20_000, at)
    await test.database.query('analyze')
    const found = await recentAlerts(test.database, 50)
    assert.equal(found.length, 50)
    assert.ok(found.every((one, place) => one.annunciated && (place === 0 || one.at <= found[place - 1]!.at)))
    let plan = ''
    await recentAlerts(
      {
        async query(text, values) {
          const rows = await test.database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values)
          plan = rows.map((row) => row['QUERY PLAN']).join('\n')
          return []
        },
      },
      50,
    )
    assert.match(plan, /alarm_occurrence_told/)
    assert.doesNotMatch(plan, /Seq Scan on alarm_occurrence/)
  })
})
