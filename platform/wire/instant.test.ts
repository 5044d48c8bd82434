import assert from 'node:assert/strict'
import fc from 'fast-check'
import { formatInstant, parseInstant } from './instant.ts'

describe('parseInstant', () => {
  const noon = Date.UTC(2026, 10, 21, 12)
  for (const [written, instant, what] of [
    ['2026-11-21T12:00:00Z', noon, 'UTC'],
    ['2026-11-21T09:00:00-03:00', noon, 'Brasília'],
    ['2026-11-21T17:30:00+05:30', noon, 'a half-hour offset'],
    ['2026-11-21T12:00Z', noon, 'without seconds'],
    ['2026-11-21T12:00:00.5Z', noon + 500, 'tenths'],
    ['2026-11-21T12:00:00,250Z', noon + 250, 'a decimal comma'],
    ['2026-11-21T12:00:00.123456789Z', noon + 123, 'nanoseconds'],
    ['2028-02-29T12:00:00Z', Date.UTC(2028, 1, 29, 12), 'a leap day'],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29), 'the leap day of a century'],
    [noon, noon, 'epoch milliseconds'],
    [noon + 0.4, noon, 'a fraction of a millisecond'],
    [-1, -1, 'before 1970'],
    [0, 0, '1970'],
  ] as const) {
    it(`reads ${what}: ${written}`, () => assert.equal(parseInstant(written), instant))
  }

  for (const [written, what] of [
    ['2026-11-21T12:00:00', 'no offset'],
    ['2026-11-21', 'a day'],
    ['2026-02-31T12:00:00Z', '31 February'],
    ['2026-02-29T12:00:00Z', '29 February of a common year'],
    ['2026-11-31T12:00:00Z', '31 November'],
    ['2026-13-01T12:00:00Z', 'a thirteenth month'],
    ['2026-00-10T12:00:00Z', 'month 0'],
    ['2026-11-21T25:00:00Z', '25 o’clock'],
    ['2026-11-21T12:60:00Z', 'minute 60'],
    ['2026-11-21T12:00:61Z', 'second 61'],
    ['2026-11-21 12:00:00Z', 'a space for the T'],
    ['2026-11-21T12:00:00+0300', 'an offset without colon'],
    ['2026-11-21T12:00:00+99:00', 'an offset of 99 hours'],
    ['+012026-11-21T12:00:00Z', 'a year of six digits'],
    [' 2026-11-21T12:00:00Z', 'a blank before it'],
    ['2026-11-21T12:00:00Z\n', 'a line break after it'],
    ['1795262400000', 'a number as text'],
    ['', 'nothing'],
    ['now', 'a word'],
    [1e300, 'a number beyond all calendars'],
    [-1e300, 'a number before all calendars'],
    [8.7e15, 'a number that no calendar has a day for'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
  ] as const) {
    it(`does not read ${what}: ${JSON.stringify(written)}`, () => assert.equal(parseInstant(written), undefined))
  }

  it('reads whatever formatInstant writes (property)', () => {
    const instants = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) })
    fc.assert(fc.property(instants, (instant) => assert.equal(parseInstant(formatInstant(instant)), instant)))
  })

  it('reads an instant alike in every offset (property)', () => {
    const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) })
    const minutes = fc.integer({ min: -14 * 60, max: 14 * 60 })
    fc.assert(
      fc.property(instants, minutes, (instant, offset) => {
        const local = formatInstant(instant + offset * 60_000).slice(0, -1)
        const hh = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')
        const mm = String(Math.abs(offset) % 60).padStart(2, '0')
        assert.equal(parseInstant(`${local}${offset < 0 ? '-' : '+'}${hh}:${mm}`), instant)
      }),
    )
  })

  it('never throws, and gives whole instants that a calendar has (property)', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double(), fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)),
        (written) => {
          const instant = parseInstant(written)
          if (instant !== undefined) assert.ok(Number.isInteger(instant) && !Number.isNaN(new Date(instant).getTime()))
        },
      ),
    )
  })
})
