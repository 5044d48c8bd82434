import assert from 'node:assert/strict'
import fc from 'fast-check'
import { civilDaysIn } from './civil-day.ts'
import { civilTimesIn } from './civil-time.ts'
import { windowFrom, type WeeklyWindow } from './weekly-window.ts'

const windowIn = (zone: string, window: WeeklyWindow, at: number) =>
  windowFrom(window, at, civilDaysIn(zone), civilTimesIn(zone))

const shown = (zone: string, window: WeeklyWindow, at: string): string[] | undefined => {
  const found = windowIn(zone, window, Date.parse(at))
  return found && [new Date(found.from).toISOString(), new Date(found.until).toISOString()]
}

const workdays = [1, 2, 3, 4, 5]
const peak = { days: workdays, from: '18:00', until: '21:00' }

describe('windows of the week', () => {
  const zone = 'America/Sao_Paulo'

  it('hold what is in one, its beginning included and its end not', () => {
    // 2026-03-02 is a Monday; São Paulo is three hours behind.
    const monday = ['2026-03-02T21:00:00.000Z', '2026-03-03T00:00:00.000Z']
    assert.deepEqual(shown(zone, peak, '2026-03-02T21:00:00Z'), monday)
    assert.deepEqual(shown(zone, peak, '2026-03-02T23:59:59.999Z'), monday)
    assert.deepEqual(shown(zone, peak, '2026-03-03T00:00:00Z'), [
      '2026-03-03T21:00:00.000Z',
      '2026-03-04T00:00:00.000Z',
    ])
  })

  it('are looked for on the days that they begin on', () =>
    assert.deepEqual(shown(zone, peak, '2026-03-07T12:00:00Z'), [
      '2026-03-09T21:00:00.000Z',
      '2026-03-10T00:00:00.000Z',
    ]))

  it('end the day after where they end before they begin', () =>
    assert.deepEqual(shown(zone, { days: [7], from: '22:00', until: '06:00' }, '2026-03-02T08:00:00Z'), [
      ...['2026-03-02T01:00:00.000Z', '2026-03-02T09:00:00.000Z'],
    ]))

  it('end with the day at 24:00', () =>
    assert.deepEqual(shown(zone, { days: [1], from: '00:00', until: '24:00' }, '2026-03-02T12:00:00Z'), [
      ...['2026-03-02T03:00:00.000Z', '2026-03-03T03:00:00.000Z'],
    ]))

  it('begin when the clocks go on where summer time skips their edge', () =>
    assert.deepEqual(shown(zone, { days: [7], from: '00:10', until: '02:00' }, '2018-11-04T02:00:00Z'), [
      ...['2018-11-04T03:00:00.000Z', '2018-11-04T04:00:00.000Z'],
    ]))

  it('hold the instant that they are asked for, or begin after it, on one of their days (property)', () => {
    const times = fc.constantFrom('00:00', '06:30', '12:00', '17:45', '23:30')
    fc.assert(
      fc.property(
        fc.constantFrom('America/Sao_Paulo', 'America/Manaus', 'Europe/Lisbon', 'UTC'),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        ...([times, times, fc.integer({ min: Date.UTC(2005), max: Date.UTC(2050) })] as const),
        (zone, days, from, until, at) => {
          fc.pre(from !== until)
          const found = windowIn(zone, { days, from, until }, at)!
          assert.ok(found.from < found.until && found.until > at)
          assert.ok(found.until - found.from <= 25 * 3_600_000)
          // None that is nearer: just before it begins, and not before `at`, the same one comes next.
          if (found.from > at) assert.deepEqual(windowIn(zone, { days, from, until }, found.from - 1), found)
        },
      ),
    )
  })
})
