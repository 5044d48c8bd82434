import assert from 'node:assert/strict'
import { civilIn } from './civil.fixture.ts'
import { nextOpening, occurrenceAt, weekdayOf, type ProgramWindow } from './program-window.ts'

const civil = civilIn(-3)
const at = (text: string): number => civil.instantOf(`${text}:00`)!
const window: ProgramWindow = {
  ...{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], fromMinute: 18 * 60, untilMinute: 21 * 60 },
  ...{ validFrom: null, validUntil: null },
}
const shown = (occurrence: { startsAt: number; endsAt: number } | undefined) =>
  occurrence && [civil.textOf(occurrence.startsAt), civil.textOf(occurrence.endsAt)].map((text) => text.slice(0, 16))

describe('the window of a program', () => {
  it('knows the days of the week', () => assert.equal(weekdayOf('2026-11-23', civil), 'mon'))

  it('is open on its days, from its first minute until before its last', () => {
    assert.equal(occurrenceAt(window, at('2026-11-23 17:59'), civil), undefined)
    const open = ['2026-11-23 18:00', '2026-11-23 21:00']
    assert.deepEqual(shown(occurrenceAt(window, at('2026-11-23 18:00'), civil)), open)
    assert.deepEqual(shown(occurrenceAt(window, at('2026-11-23 20:59'), civil)), open)
    assert.equal(occurrenceAt(window, at('2026-11-23 21:00'), civil), undefined)
    assert.equal(occurrenceAt(window, at('2026-11-22 19:00'), civil), undefined)
  })

  it('of a Friday night lasts into Saturday', () => {
    const night: ProgramWindow = { ...window, days: ['fri'], fromMinute: 22 * 60, untilMinute: 6 * 60 }
    const open = ['2026-11-27 22:00', '2026-11-28 06:00']
    assert.deepEqual(shown(occurrenceAt(night, at('2026-11-28 03:00'), civil)), open)
    assert.equal(occurrenceAt(night, at('2026-11-27 03:00'), civil), undefined)
  })

  it('of a whole day ends at midnight', () => {
    const day: ProgramWindow = { ...window, fromMinute: 0, untilMinute: 1_440 }
    const open = ['2026-11-23 00:00', '2026-11-24 00:00']
    assert.deepEqual(shown(occurrenceAt(day, at('2026-11-23 12:00'), civil)), open)
  })

  it('opens next on its next day', () => {
    const next = (from: string, of = window) => {
      const opening = nextOpening(of, at(from), civil)
      return opening === undefined ? undefined : civil.textOf(opening).slice(0, 16)
    }
    assert.equal(next('2026-11-23 12:00'), '2026-11-23 18:00')
    assert.equal(next('2026-11-23 18:00'), '2026-11-24 18:00')
    assert.equal(next('2026-11-27 18:00'), '2026-11-30 18:00')
    assert.equal(next('2026-11-23 18:00', { ...window, days: ['mon'] }), '2026-11-30 18:00')
    assert.equal(next('2026-11-23 18:00', { ...window, validUntil: '2026-11-23' }), undefined)
    assert.equal(next('2026-11-20 18:00', { ...window, validFrom: '2026-11-25' }), '2026-11-25 18:00')
  })

  it('that summer time leaves out opens when the clocks show the hour after it', () => {
    // The clocks go from 23:59:59 to 01:00 on the 24th.
    const summer = civilIn(-3, at('2026-11-24 00:00'))
    const midnight: ProgramWindow = { ...window, days: ['tue'], fromMinute: 15, untilMinute: 120 }
    const opening = nextOpening(midnight, at('2026-11-23 12:00'), summer)!
    assert.equal(summer.textOf(opening), '2026-11-24 01:15:00')
  })
})
