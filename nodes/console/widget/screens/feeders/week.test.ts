import assert from 'node:assert/strict'
import type { DemandEvent } from './demand-answers.ts'
import { barsOf, dayText, weekOf } from './week.ts'

const noon = new Date(2026, 10, 22, 12).getTime()
const at = (day: number, hour: number, minute = 0): string => new Date(2026, 10, day, hour, minute).toISOString()
const event = (
  eventId: number,
  tsStart: string,
  endsAt: string,
): Pick<DemandEvent, 'eventId' | 'tsStart' | 'endsAt'> => ({
  ...{ eventId, tsStart, endsAt },
})

describe('the calendar of events', () => {
  it('is of whole weeks from Monday to Sunday, by the local clock', () => {
    const week = weekOf(noon)
    assert.deepEqual(
      week.map(({ from }) => new Date(from).getDate()),
      [16, 17, 18, 19, 20, 21, 22],
    )
    assert.ok(week.every(({ from, to }, day) => new Date(from).getHours() === 0 && (week[day + 1]?.from ?? to) === to))
    assert.deepEqual(
      weekOf(noon, 1).map(({ from }) => new Date(from).getDate()),
      [23, 24, 25, 26, 27, 28, 29],
    )
  })

  it('heads each day as its language does', () => {
    assert.equal(dayText(noon, 'en-US'), 'Sun, 11/22')
    assert.equal(dayText(noon, 'pt-BR'), 'dom., 22/11')
  })

  it('shows the part of an event that is on the day', () => {
    const [, , , , , saturday, sunday] = weekOf(noon)
    const overnight = [event(1, at(21, 18), at(22, 6))]
    assert.deepEqual(
      [saturday!, sunday!].map((day) => barsOf(overnight, day).map(({ top, height }) => [top, height])),
      [[[0.75, 0.25]], [[0, 0.25]]],
    )
    assert.deepEqual(barsOf(overnight, weekOf(noon)[0]!), [])
  })

  it('puts beside each other what overlaps, and lets others have the whole width', () => {
    const bars = barsOf(
      [
        event(1, at(22, 1), at(22, 5)),
        event(2, at(22, 2), at(22, 4)),
        event(3, at(22, 4), at(22, 6)),
        event(4, at(22, 8), at(22, 9)),
      ],
      weekOf(noon)[6]!,
    )
    assert.deepEqual(
      bars.map(({ event: { eventId }, lane, lanes }) => [eventId, lane, lanes]),
      [
        [1, 0, 2],
        [2, 1, 2],
        [3, 1, 2],
        [4, 0, 1],
      ],
    )
  })

  it('keeps the shortest one large enough to be hit, and within its day', () => {
    const bars = barsOf([event(1, at(22, 23, 59), at(22, 23, 59)), event(2, at(22, 3), at(22, 3))], weekOf(noon)[6]!)
    assert.ok(bars.every(({ top, height }) => height > 0.02 && top + height <= 1.000001))
    assert.equal(bars.length, 2)
  })
})
