import assert from 'node:assert/strict'
import fc from 'fast-check'
import { byDay, byTenMinutes, shareOfTime, tenMinutesMs } from './rates.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

const minutesOf = fc
  .uniqueArray(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 })
  .map((minutes) =>
    minutes.toSorted((a, b) => a - b).map((minute) => ({ minute: minute * minuteMs, alarms: (minute % 7) + 1 })),
  )

describe('alarms by ten minutes', () => {
  it('are sums over ten minutes of the clock', () =>
    assert.deepEqual(
      byTenMinutes([
        { minute: 0, alarms: 2 },
        { minute: 9 * minuteMs, alarms: 1 },
        { minute: 10 * minuteMs, alarms: 4 },
        { minute: 59 * minuteMs, alarms: 5 },
      ]),
      [
        { at: 0, alarms: 3 },
        { at: tenMinutesMs, alarms: 4 },
        { at: 5 * tenMinutesMs, alarms: 5 },
      ],
    ))

  it('are what counting each period by itself gives (property)', () =>
    fc.assert(
      fc.property(minutesOf, (minutes) => {
        for (const { at, alarms } of byTenMinutes(minutes)) {
          const own = minutes.filter(({ minute }) => minute >= at && minute < at + tenMinutesMs)
          assert.equal(
            alarms,
            own.reduce((sum, count) => sum + count.alarms, 0),
          )
        }
        const total = (counts: readonly { alarms: number }[]) => counts.reduce((sum, count) => sum + count.alarms, 0)
        assert.equal(total(byTenMinutes(minutes)), total(minutes))
      }),
    ))
})

describe('alarms by day', () => {
  it('have the days without any too, of 23, 24 or 25 hours', () => {
    const starts = [0, 23 * 3_600_000, 23 * 3_600_000 + dayMs, 23 * 3_600_000 + 2 * dayMs]
    const minutes = [
      { minute: 23 * 3_600_000 - minuteMs, alarms: 1 },
      { minute: 23 * 3_600_000, alarms: 2 },
      { minute: starts[2]! - minuteMs, alarms: 4 },
    ]
    assert.deepEqual(
      byDay(minutes, starts).map(({ alarms }) => alarms),
      [1, 6, 0],
    )
  })

  it('leave out what is not of the period', () => {
    const minutes = [
      { minute: 0, alarms: 1 },
      { minute: 3 * minuteMs, alarms: 2 },
      { minute: 9 * minuteMs, alarms: 4 },
    ]
    assert.deepEqual(byDay(minutes, [minuteMs, 5 * minuteMs]), [{ at: minuteMs, alarms: 2 }])
  })
})

describe('shareOfTime', () => {
  it('cuts at both ends, and takes what lasts until the end', () => {
    assert.equal(
      shareOfTime(
        [
          { begin: -50, end: 10 },
          { begin: 80, end: null },
        ],
        0,
        100,
      ),
      0.3,
    )
    assert.equal(shareOfTime([], 0, 100), 0)
    assert.equal(shareOfTime([{ begin: 200, end: 300 }], 0, 100), 0)
  })
})
