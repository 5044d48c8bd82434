import assert from 'node:assert/strict'
import fc from 'fast-check'
import { civilDaysIn, dayStartsIn, isTimeZone, shiftDay } from './civil-day.ts'

const startIn = (timeZone: string, day: string): string | undefined => {
  const start = dayStartsIn(timeZone)(day)
  return start === undefined ? undefined : new Date(start).toISOString()
}

describe('a civil day begins', () => {
  for (const [timeZone, day, start] of [
    ['America/Sao_Paulo', '2025-06-01', '2025-06-01T03:00:00.000Z'],
    ['America/Sao_Paulo', '2019-01-15', '2019-01-15T02:00:00.000Z'],
    // Summer time skipped midnight: the day began at one o'clock.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    // That day had 23 hours: the next one began at its midnight.
    ['America/Sao_Paulo', '2018-11-05', '2018-11-05T02:00:00.000Z'],
    // Clocks went back from midnight to eleven, which came twice the day before.
    ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00.000Z'],
    ['America/Manaus', '2025-06-01', '2025-06-01T04:00:00.000Z'],
    ['Asia/Tokyo', '2024-02-29', '2024-02-28T15:00:00.000Z'],
    ['UTC', '2025-06-01', '2025-06-01T00:00:00.000Z'],
  ] as const) {
    it(`${day} in ${timeZone} at ${start}`, () => assert.equal(startIn(timeZone, day), start))
  }

  it('never, if the calendar or the zone has no such day', () => {
    for (const day of ['2025-02-29', '2025-13-01', '2025-04-31', '1.1.2025', ''])
      assert.equal(startIn('America/Sao_Paulo', day), undefined)
    assert.equal(startIn('Pacific/Apia', '2011-12-30'), undefined)
  })

  it('after the day before it, 23 to 25 hours later (property)', () => {
    const start = dayStartsIn('America/Sao_Paulo')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (day) => {
        const [one, next] = [day, day + 1].map((n) => start(new Date(n * 86_400_000).toISOString().slice(0, 10))!)
        const hours = (next! - one!) / 3_600_000
        assert.ok(hours >= 23 && hours <= 25, `${hours}`)
      }),
    )
  })
})

describe('the civil day of an instant', () => {
  for (const [timeZone, instant, day] of [
    ['America/Sao_Paulo', '2026-11-22T02:59:59.999Z', '2026-11-21'],
    ['America/Sao_Paulo', '2026-11-22T03:00:00Z', '2026-11-22'],
    // Midnight was skipped: the day before reaches to three o'clock UTC.
    ['America/Sao_Paulo', '2018-11-04T02:59:59Z', '2018-11-03'],
    ['America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04'],
    ['Pacific/Kiritimati', '2026-11-21T10:00:00Z', '2026-11-22'],
    ['Asia/Kathmandu', '2026-11-21T18:14:59Z', '2026-11-21'],
    ['UTC', '2026-11-21T00:00:00Z', '2026-11-21'],
  ] as const) {
    it(`${instant} in ${timeZone} is ${day}`, () => assert.equal(civilDaysIn(timeZone).dayOf(Date.parse(instant)), day))
  }

  it('is the one that began last (property)', () => {
    for (const timeZone of ['America/Sao_Paulo', 'Europe/Lisbon', 'Asia/Kathmandu']) {
      const { dayOf, startOf, next } = civilDaysIn(timeZone)
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2028, 0) }), (instant) => {
          const day = dayOf(instant)
          assert.ok(startOf(day)! <= instant)
          assert.equal(next(day), shiftDay(day, 1))
          assert.ok(instant < startOf(next(day))!)
        }),
        { numRuns: 30 },
      )
    }
  })

  it('is of the week that begins on its Monday', () => {
    const { mondayOf } = civilDaysIn('UTC')
    for (const day of ['2026-11-16', '2026-11-17', '2026-11-22']) assert.equal(mondayOf(day), '2026-11-16')
    assert.equal(mondayOf('2027-01-01'), '2026-12-28')
  })

  it('is followed by the next one that the zone has', () =>
    assert.equal(civilDaysIn('Pacific/Apia').next('2011-12-29'), '2011-12-31'))
})

describe('a zone is called by its name', () => {
  for (const [text, isOne] of [
    ['America/Manaus', true],
    ['UTC', true],
    ['America/Atlantis', false],
    ['+03:00', false],
    ['', false],
  ] as const)
    it(`${text}: ${isOne}`, () => assert.equal(isTimeZone(text), isOne))
})
