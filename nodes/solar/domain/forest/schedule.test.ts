import assert from 'node:assert/strict'
import { isForestDue, type ForestOutcome } from './schedule.ts'

const hourMs = 3_600_000
const now = Date.UTC(2026, 5, 1)

describe('a forest is grown anew', () => {
  it('where nobody ever tried', () => assert.equal(isForestDue(null, now), true))

  for (const [outcome, restHours] of [
    ['trained', 7 * 24],
    ['too_little_history', 24],
    ['failed', 1],
    ['begun', 1],
  ] as const satisfies [ForestOutcome, number][])
    it(`${restHours} hours after ${outcome}, not before; after as many, too, where the clock was set back`, () => {
      const at = now - restHours * hourMs
      assert.equal(isForestDue({ at, outcome }, now), true)
      assert.equal(isForestDue({ at: at + 1, outcome }, now), false)
      assert.equal(isForestDue({ at: now + restHours * hourMs, outcome }, now), true)
      assert.equal(isForestDue({ at: now + 1, outcome }, now), false)
    })
})
