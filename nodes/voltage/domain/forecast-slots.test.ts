import assert from 'node:assert/strict'
import { countBySlot, isWeekend, slotOf, slotOfDay, slotsAhead } from './forecast-slots.ts'
import { evenings, monday, saoPaulo, windowsFrom } from './forecast.fixture.ts'

describe('slots of a forecast', () => {
  const first = slotOf(monday, saoPaulo)

  it('begin with the civil day', () => {
    assert.equal(slotOfDay(first), 0)
    assert.equal(slotOf(monday - 1, saoPaulo), first - 1)
  })

  it('know the weekend', () =>
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 6].map((day) => isWeekend(first + 12 * day)),
      [false, false, false, false, false, true, true],
    ))

  it('count the valid windows of a phase by where they lie', () => {
    const windows = windowsFrom(`${evenings([6]).slice(0, 120)}ccxx`)
    const counts = countBySlot(windows, 0, saoPaulo)
    assert.equal(counts.length, 11)
    assert.deepEqual(counts[9], { slot: first + 9, valid: 12, outside: 6, critical: 0 })
    assert.deepEqual(counts[10], { slot: first + 10, valid: 2, outside: 2, critical: 2 })
    assert.deepEqual(countBySlot(windows, 1, saoPaulo), [])
  })

  it('ahead begin where the windows so far end', () =>
    assert.deepEqual(slotsAhead(monday + 10 * 600_000, 16, saoPaulo), [
      { slot: first, from: monday + 10 * 600_000, windows: 2 },
      { slot: first + 1, from: monday + 12 * 600_000, windows: 12 },
      { slot: first + 2, from: monday + 24 * 600_000, windows: 2 },
    ]))
})
