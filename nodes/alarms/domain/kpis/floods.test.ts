import assert from 'node:assert/strict'
import fc from 'fast-check'
import { floodRule, floods, type Flood, type MinuteCount } from './floods.ts'

const minuteMs = 60_000
const at = (minute: number, alarms: number): MinuteCount => ({ minute: minute * minuteMs, alarms })
const told = (found: readonly Flood[]) =>
  found.map(({ begin, end, alarms }) => [begin / minuteMs, end === null ? null : end / minuteMs, alarms])

describe('floods', () => {
  it('begin at ten alarms in ten minutes, and end when less than five came in ten', () => {
    const minutes = [...Array.from({ length: 10 }, (_, n) => at(n, 1)), at(12, 1)]
    // At the end of minute 16 the ten minutes before have those of 7, 8, 9 and 12.
    assert.deepEqual(told(floods(minutes, 60 * minuteMs)), [[0, 17, 11]])
  })

  it('are none at nine in ten minutes, nor at ten in eleven', () => {
    assert.deepEqual(floods([at(0, 9)], 60 * minuteMs), [])
    assert.deepEqual(
      floods([at(0, 1), ...Array.from({ length: 9 }, (_, n) => at(n + 2, 1)), at(20, 1)], 60 * minuteMs),
      [],
    )
  })

  it('last ten minutes after a burst in one', () =>
    assert.deepEqual(told(floods([at(30, 100_000)], 60 * minuteMs)), [[30, 41, 100_000]]))

  it('go on as long as five come in ten minutes', () => {
    const minutes = [at(0, 10), ...Array.from({ length: 20 }, (_, n) => at(2 + 2 * n, 1))]
    assert.deepEqual(told(floods(minutes, 120 * minuteMs)), [[0, 43, 30]])
  })

  it('last where the end is not known yet', () =>
    assert.deepEqual(told(floods([at(55, 12)], 60 * minuteMs)), [[55, null, 12]]))

  it('begin anew after the one before: what that one counted is not counted again', () =>
    assert.deepEqual(told(floods([at(0, 10), at(9, 4), at(12, 6)], 60 * minuteMs)), [
      [0, 11, 14],
      [12, 23, 6],
    ]))

  it('are those that looking at every minute finds (property)', () => {
    const sparse = fc.array(
      fc.record({ gap: fc.integer({ min: 1, max: 14 }), alarms: fc.integer({ min: 1, max: 12 }) }),
      {
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(sparse, fc.integer({ min: 0, max: 700 }), (steps, until) => {
        let minute = 0
        const minutes = steps.map(({ gap, alarms }) => at((minute += gap), alarms))
        assert.deepEqual(floods(minutes, until * minuteMs), lookedAtEveryMinute(minutes, until * minuteMs))
      }),
    )
  })
})

/** The definition, minute by minute. */
function lookedAtEveryMinute(minutes: readonly MinuteCount[], until: number): Flood[] {
  const found: { begin: number; end: number | null; alarms: number }[] = []
  const within = (from: number, to: number) => minutes.filter(({ minute }) => minute >= from && minute < to)
  const sum = (counts: readonly MinuteCount[]) => counts.reduce((total, { alarms }) => total + alarms, 0)
  for (let looked = minuteMs; looked <= until; looked += minuteMs) {
    const lately = within(looked - floodRule.windowMinutes * minuteMs, looked)
    const last = found.at(-1)
    if (last?.end === null) {
      if (sum(lately) < floodRule.endsBelow) last.end = looked
    } else if (sum(lately) >= floodRule.beginsAt) {
      found.push({ begin: lately.find(({ minute }) => minute >= (last?.end ?? 0))!.minute, end: null, alarms: 0 })
    }
  }
  return found.map(({ begin, end, alarms: _alarms }) => ({ begin, end, alarms: sum(within(begin, end ?? until)) }))
}
