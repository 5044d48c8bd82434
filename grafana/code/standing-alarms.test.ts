import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { seedAlarms } from '../../nodes/alarms/lists/seeded-alarms.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { rowsOfPanel, rowsOfQuery } from './shown-rows.fixture.ts'
import { alarmsByPriority, standingAlarms } from './standing-alarms.ts'

const at = Date.parse('2026-11-23T12:00:00Z')
const looked = { chosen: { feeder: ['f-1'] }, from: at, to: at + 3_600_000 }

describe('standing alarms', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(() =>
    seedAlarms(test.database, [
      { subject: 'acknowledged', feederId: 'f-1', state: 'C', priority: 'low', at },
      { subject: 'new', feederId: 'f-1', state: 'B', priority: 'critical', at },
      { subject: 'of no feeder', state: 'B', priority: 'high', at },
      { subject: 'of another feeder', feederId: 'f-2', state: 'B', priority: 'high', at },
      { subject: 'over', feederId: 'f-1', state: 'D', priority: 'high', at },
      { subject: 'shelved', feederId: 'f-1', state: 'G', priority: 'high', at, shelvedUntil: at + 7_200_000 },
    ]),
  )

  it('are those that are active, of the chosen feeders and of none, gravest first', async () => {
    const rows = await rowsOfPanel<{ Objeto: string }>(test.database, standingAlarms(), looked)
    assert.deepEqual(
      rows.map(({ Objeto }) => Objeto),
      ['new', 'of no feeder', 'acknowledged'],
    )
  })

  it('are counted by priority', async () =>
    assert.deepEqual(await rowsOfQuery(test.database, alarmsByPriority, looked), [
      { Críticos: '1', Altos: '1', Médios: '0', Baixos: '1' },
    ]))
})
