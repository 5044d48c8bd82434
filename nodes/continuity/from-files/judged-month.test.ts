import assert from 'node:assert/strict'
import { judgeIn } from './judged-month.ts'
import { monthFiles } from './month-files.fixture.ts'

describe('a unit judged in a month', () => {
  it('is judged in the civil time of its conjunto, in any month', async () => {
    const rows = ['A,2026-03-31T22:00:00Z,2026-04-01T06:00:00Z,']
    const files = await monthFiles(['A,C1,BT,urban,60,8,5,6'], rows, { zoneOf: () => 'America/Manaus' })
    const [[index, pieces]] = [...files.interruptions.outages.byUnit(1, files.interruptions.idOf)] as [[number, never]]
    const hours = (month: string) => judgeIn(files, month)(files.units[index]!, pieces).dicMs / 3_600_000
    // Midnight in Manaus is 04:00 UTC.
    assert.deepEqual([hours('2026-03'), hours('2026-04'), hours('2026-05')], [6, 2, 0])
  })

  it('has no DICRI in high voltage', async () => {
    const files = await monthFiles(
      ['A,C1,BT,urban,60,8,5,6', 'B,C1,AT,,60,8,5,6'],
      ['A', 'B'].map((unit) => `${unit},2026-03-02T00:00:00Z,2026-03-02T09:00:00Z,true`),
    )
    const events = [...files.interruptions.outages.byUnit(2, files.interruptions.idOf)].map(
      ([index, pieces]) => judgeIn(files, '2026-03')(files.units[index]!, pieces).dicri.length,
    )
    assert.deepEqual(events, [1, 0])
  })
})
