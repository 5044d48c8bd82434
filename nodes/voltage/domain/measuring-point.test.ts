import assert from 'node:assert/strict'
import { limitsByDay, measuredPhases } from './measuring-point.ts'

describe('the voltages that a unit has', () => {
  it('are those of its phases, against neutral', () => {
    assert.deepEqual(measuredPhases('ABC', 'phase_neutral'), ['A', 'B', 'C'])
    assert.deepEqual(measuredPhases('AC', 'phase_neutral'), ['A', 'C'])
  })

  it('between phases are AB, BC and CA, as those of A, B and C', () => {
    assert.deepEqual(measuredPhases('ABC', 'phase_phase'), ['A', 'B', 'C'])
    assert.deepEqual(measuredPhases('AB', 'phase_phase'), ['A'])
    assert.deepEqual(measuredPhases('BC', 'phase_phase'), ['B'])
    assert.deepEqual(measuredPhases('AC', 'phase_phase'), ['C'])
  })
})

describe('bounds by day', () => {
  it('are those of the reference voltage, null where the norm has none', () => {
    const limitsOf = limitsByDay((instant) => new Date(instant).toISOString().slice(0, 10))
    const today = Date.UTC(2026, 10, 20)
    assert.equal(limitsOf(220, today)!.criticalLow, 191)
    assert.equal(limitsOf(220, today), limitsOf(220, today))
    assert.equal(limitsOf(13_800, today)!.adequateHigh, 14_490)
    assert.equal(limitsOf(100, today), null)
  })

  it('ask for each day once', () => {
    const asked: number[] = []
    const limitsOf = limitsByDay((instant) => {
      asked.push(instant)
      return '2026-11-20'
    })
    for (const start of [0, 600_000, 0, 600_000]) limitsOf(220, start)
    assert.deepEqual(new Set(asked), new Set([0, 600_000]))
    assert.ok(asked.length <= 4)
    for (let start = 0; start < 5_000; start++) assert.ok(limitsOf(220, start))
  })
})
