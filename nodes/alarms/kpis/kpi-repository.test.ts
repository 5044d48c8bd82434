import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedAlarms, seedOccurrences } from '../lists/seeded-alarms.fixture.ts'
import { chatteringAlarms } from './kpi-repository.ts'

const begin = Date.UTC(2026, 2, 10, 12)

describe('chattering alarms', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('are those that looking at every three activations finds', async () => {
    const subjects = Array.from({ length: 20 }, (_, n) => `m-${n}`)
    const ids = await seedAlarms(
      test.database,
      subjects.map((subject) => ({ subject, at: begin })),
    )
    const gapsS = (alarm: number): number[] =>
      Array.from({ length: 8 }, (_, n) => ((alarm * 7 + n * 13) % 11) * 5 + 3 * alarm)
    const expected = new Map<string, number>()
    for (const [n, alarmId] of ids.entries()) {
      let at = begin
      const moments = gapsS(n).map((gapS) => (at += gapS * 1_000))
      const times = moments.filter((moment, place) => place >= 2 && moment - moments[place - 2]! <= 60_000).length
      if (times > 0) expected.set(subjects[n]!, times)
      await seedOccurrences(
        test.database,
        moments.map((moment, place) => ({ alarmId, occurrence: place + 1, at: moment })),
      )
    }
    const filter = { from: begin, until: begin + 3_600_000, scope: null }
    const found = await chatteringAlarms(test.database, filter, 100)
    assert.ok(expected.size > 3 && expected.size < subjects.length, 'the case tells something')
    assert.deepEqual(new Map(found.alarms.map(({ subject, times }) => [subject, times])), expected)
    assert.equal((await chatteringAlarms(test.database, filter, 1)).all, expected.size)
  })
})
