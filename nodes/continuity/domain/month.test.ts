import assert from 'node:assert/strict'
import { daySpan, monthPattern, monthSpan, shiftMonth } from './month.ts'

/** A zone whose days are a thousand long, and that has no 30 March. */
const days = {
  startOf: (day: string) =>
    day.endsWith('-13-01') || day === '2026-03-30'
      ? undefined
      : Number(day.slice(8)) * 1_000 + Number(day.slice(5, 7)) * 100_000,
  next: (day: string) =>
    day === '2026-03-29' ? '2026-03-31' : `${day.slice(0, 8)}${String(Number(day.slice(8)) + 1).padStart(2, '0')}`,
  dayOf: () => '',
  shift: () => '',
  mondayOf: () => '',
}

describe('months', () => {
  it('reach from their first day to that of the next', () => {
    assert.deepEqual(monthSpan('2026-03', days), { from: 301_000, until: 401_000 })
  })

  it('are none where the calendar has none', () => {
    assert.throws(() => monthSpan('2026-13', days), new RangeError('2026-13 is no month YYYY-MM'))
    assert.ok(!new RegExp(monthPattern).test('2026-00'))
    assert.ok(new RegExp(monthPattern).test('2026-12'))
  })

  it('follow each other over the end of the year', () => {
    assert.deepEqual(
      [shiftMonth('2025-12', 1), shiftMonth('2026-01', -1), shiftMonth('2026-03', -14), shiftMonth('2026-03', 0)],
      ['2026-01', '2025-12', '2025-01', '2026-03'],
    )
  })
})

describe('days', () => {
  it('reach to the next one that the zone has', () => {
    assert.deepEqual(daySpan('2026-03-29', days), { from: 329_000, until: 331_000 })
    assert.equal(daySpan('2026-03-30', days), undefined)
  })
})
