import assert from 'node:assert/strict'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { daySpan, monthPattern, monthSpan, shiftMonth } from './month.ts'

const iso = ({ from, until }: { from: number; until: number }) => [from, until].map((at) => new Date(at).toISOString())

describe('civil months of a conjunto', () => {
  for (const [zone, month, from, until] of [
    ['America/Sao_Paulo', '2026-03', '2026-03-01T03:00:00.000Z', '2026-04-01T03:00:00.000Z'],
    ['America/Manaus', '2026-03', '2026-03-01T04:00:00.000Z', '2026-04-01T04:00:00.000Z'],
    // Daylight saving until 2019: it ended on 18 February of 2018, and began again on 4 November.
    ['America/Sao_Paulo', '2018-02', '2018-02-01T02:00:00.000Z', '2018-03-01T03:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11', '2018-11-01T03:00:00.000Z', '2018-12-01T02:00:00.000Z'],
    ['America/Cuiaba', '2018-02', '2018-02-01T03:00:00.000Z', '2018-03-01T04:00:00.000Z'],
    ['America/Manaus', '2018-02', '2018-02-01T04:00:00.000Z', '2018-03-01T04:00:00.000Z'],
  ] as const)
    it(`${month} in ${zone} is from ${from}`, () =>
      assert.deepEqual(iso(monthSpan(month, civilDaysIn(zone))), [from, until]))

  it('have days that begin at one where summer time began at midnight', () => {
    const day = daySpan('2018-11-04', civilDaysIn('America/Sao_Paulo'))!
    assert.equal((day.until - day.from) / 3_600_000, 23)
    assert.equal(new Date(day.from).toISOString(), '2018-11-04T03:00:00.000Z')
  })

  it('are none where the calendar has none', () => {
    assert.throws(() => monthSpan('2026-13', civilDaysIn('UTC')), /2026-13 is no month YYYY-MM/)
    assert.equal(daySpan('2026-02-30', civilDaysIn('UTC')), undefined)
    assert.ok(!new RegExp(monthPattern).test('2026-00'))
  })

  it('follow each other over the end of the year', () => {
    assert.deepEqual(
      [shiftMonth('2025-12', 1), shiftMonth('2026-01', -1), shiftMonth('2026-03', -14)],
      [...['2026-01', '2025-12', '2025-01']],
    )
  })
})
