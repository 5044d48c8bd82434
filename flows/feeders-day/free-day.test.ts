import assert from 'node:assert/strict'
import { readFlags, type TownFlags } from '../../simulator/flags.ts'
import { townSettings } from '../../simulator/town/town-settings.ts'
import { freeDay } from './free-day.ts'

describe('a day of the town with nobody steering', () => {
  it('has more in the evening than its feeders may carry, and what flowed at every step', () => {
    const flags = readFlags(['--town', '--evs', '60', '--start', '2026-11-23T17:00:00-03:00'], {}) as TownFlags
    const settings = townSettings(flags, 0)
    const { courses, charged } = freeDay(settings, settings.start + 5 * 3_600_000)
    assert.equal(courses.size, 12)
    for (const { id, limitKw } of settings.plan.feeders) {
      const course = courses.get(`${id}/total`)!
      assert.equal(course.length, 1_800)
      assert.ok(Math.max(...course.map(({ kw }) => kw)) > limitKw, id)
    }
    assert.ok(charged.sessions > 0)
  })
})
