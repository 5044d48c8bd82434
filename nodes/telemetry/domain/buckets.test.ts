import assert from 'node:assert/strict'
import fc from 'fast-check'
import { bucketEdges, dayMs, grainsOf, type Days } from './buckets.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const at = Date.parse
const iso = (instants: readonly number[]) => instants.map((instant) => new Date(instant).toISOString())

/** Days that begin at these instants, one after the other. */
const daysAt = (first: string, ...starts: readonly string[]): Days => {
  const names = starts.map((_, index) => new Date(at(`${first}T00:00:00Z`) + index * dayMs).toISOString().slice(0, 10))
  return {
    startOf: (day) => (names.includes(day) ? at(starts[names.indexOf(day)]!) : undefined),
    dayOf: (instant) => names.findLast((_, index) => at(starts[index]!) <= instant)!,
    next: (day) => names[names.indexOf(day) + 1]!,
  }
}
const utc: Days = {
  startOf: (day) => at(`${day}T00:00:00Z`),
  dayOf: (instant) => new Date(instant).toISOString().slice(0, 10),
  next: (day) => new Date(at(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10),
}
/** As in São Paulo in 2018: a day of 23 hours, after one of 24. */
const shortDay = daysAt(
  '2018-11-03',
  ...['2018-11-03T03:00:00Z', '2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z'],
  ...['2018-11-06T02:00:00Z', '2018-11-07T02:00:00Z'],
)

describe('buckets', () => {
  it('begin with the civil day, and hold the first and the last instant', () => {
    const edges = bucketEdges(at('2018-11-03T04:30:00Z'), at('2018-11-03T06:00:00Z'), hourMs, shortDay)
    assert.deepEqual(iso(edges), [
      '2018-11-03T04:00:00.000Z',
      '2018-11-03T05:00:00.000Z',
      '2018-11-03T06:00:00.000Z',
      '2018-11-03T07:00:00.000Z',
    ])
  })

  it('begin anew with each day: the last one of a day of 23 hours is shorter', () => {
    const edges = bucketEdges(at('2018-11-04T19:00:00Z'), at('2018-11-05T07:00:00Z'), 8 * hourMs, shortDay)
    assert.deepEqual(iso(edges), ['2018-11-04T19:00:00.000Z', '2018-11-05T02:00:00.000Z', '2018-11-05T10:00:00.000Z'])
  })

  it('of a day are civil days', () => {
    const edges = bucketEdges(at('2018-11-03T12:00:00Z'), at('2018-11-05T12:00:00Z'), dayMs, shortDay)
    assert.deepEqual(iso(edges), [
      '2018-11-03T03:00:00.000Z',
      '2018-11-04T03:00:00.000Z',
      '2018-11-05T02:00:00.000Z',
      '2018-11-06T02:00:00.000Z',
    ])
  })

  it('grow, hold both ends, and are no wider than asked for (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2026-01-01'), max: at('2026-02-01') }),
        fc.integer({ min: 0, max: 10 * dayMs }),
        fc.integer({ min: 5, max: 1440 }),
        (from, span, minutes) => {
          const to = from + span
          const edges = bucketEdges(from, to, minutes * minuteMs, utc)
          assert.ok(edges[0]! <= from && edges[1]! > from)
          assert.ok(edges.at(-1)! > to && edges.at(-2)! <= to)
          edges.slice(1).forEach((edge, index) => {
            const width = edge - edges[index]!
            assert.ok(width > 0 && width <= minutes * minuteMs)
          })
          const midnights = edges.filter((edge) => edge % dayMs === 0)
          assert.equal(new Set(edges.slice(0, -1).map(utc.dayOf)).size - midnights.length <= 1, true)
        },
      ),
    )
  })
})

describe('grains', () => {
  it('are readings at cut minutes, minutes at cut hours, hours in between', () => {
    const edges = [0, hourMs, 2 * hourMs, 3 * hourMs]
    assert.deepEqual(grainsOf(30_500, 2 * hourMs + 90_000, edges), {
      ...{ from: 30_500, minuteFrom: minuteMs, hourFrom: hourMs, hourTo: 2 * hourMs },
      ...{ minuteTo: 2 * hourMs + minuteMs, end: 2 * hourMs + 90_001 },
    })
  })

  it('have no hours where a bucket divides one', () => {
    const { hourFrom, hourTo } = grainsOf(0, 3 * hourMs, [0, 30 * minuteMs])
    assert.equal(hourFrom, hourTo)
  })

  it('cover the period, each instant once, and cut no minute and no hour (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 * hourMs }),
        fc.integer({ min: 0, max: 5 * hourMs }),
        fc.boolean(),
        (from, span, hourly) => {
          const grains = grainsOf(from, from + span, hourly ? [0, hourMs] : [0, minuteMs])
          const places = Object.values(grains) as number[]
          assert.deepEqual([places[0], places.at(-1)], [from, from + span + 1])
          assert.deepEqual(
            places,
            places.toSorted((a, b) => a - b),
          )
          const { minuteFrom, hourFrom, hourTo, minuteTo } = grains
          for (const [grain, start, end] of [
            [minuteMs, minuteFrom, hourFrom],
            [hourMs, hourFrom, hourTo],
            [minuteMs, hourTo, minuteTo],
          ] as const)
            if (end > start) assert.deepEqual([start % grain, end % grain], [0, 0])
        },
      ),
    )
  })
})
