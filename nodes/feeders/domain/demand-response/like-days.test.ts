import assert from 'node:assert/strict'
import { civilIn } from './civil.fixture.ts'
import { kindOfDay, likeDays } from './like-days.ts'

const civil = civilIn(-3)

describe('days like another', () => {
  it('are working days, Saturdays or Sundays', () => {
    const kinds = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((day) => kindOfDay(day, civil))
    assert.deepEqual(kinds, ['working', 'saturday', 'sunday', 'working'])
  })

  it('the newest come first, and those on which something was called for are left out', () => {
    const days = likeDays('2026-11-24', '2026-11-24', new Set(['2026-11-20', '2026-11-23']), civil)
    assert.deepEqual(days.slice(0, 4), ['2026-11-19', '2026-11-18', '2026-11-17', '2026-11-16'])
    assert.equal(days.length, 15)
  })

  it('of a Saturday reach back fifteen weeks, and no further', () => {
    const days = likeDays('2026-11-28', '2026-11-27', new Set(), civil)
    assert.deepEqual([days[0], days.at(-1), days.length], ['2026-11-21', '2026-08-15', 15])
  })
})
