import assert from 'node:assert/strict'
import fc from 'fast-check'
import { chargePointsFor, RecordedLike } from './arrivals.ts'
import { beginningOf, dayOf, sessionsOn } from './recorded-like.ts'
import type { Session } from './sessions.ts'
import { townOf } from './town-plan.ts'

const town = townOf()
const start = Date.parse('2026-11-23T00:00:00-03:00')
const hour = 3_600_000
const session = (id: string, from: number, to: number, more: Partial<Session> = {}): Session => ({
  ...{ id, arrival: start + from * hour, departure: start + to * hour, energyKwh: 5, maxKw: 7 },
  ...more,
})

describe('who is at a charge point', () => {
  it('is the car that has come and not gone, over midnight too (property)', () => {
    const arrivals = new RecordedLike(3)
    const day = dayOf(start)
    fc.assert(
      fc.property(
        fc.constantFrom(...town.chargePoints),
        fc.double({ min: 0, max: 24, noNaN: true }),
        (point, hours) => {
          const at = beginningOf(day) + hours * hour
          const there = arrivals.at(point, at)
          const could = [...sessionsOn(point, day - 1, 3), ...sessionsOn(point, day, 3)]
          assert.deepEqual(
            there,
            could.find(({ arrival, departure }) => arrival <= at && at < departure),
          )
        },
      ),
    )
  })

  it('of recorded sessions each has its place: those at the same time at different ones, later ones where it is free again', () => {
    const sessions = [
      session('a', 1, 4, { feederId: 'town-02', phase: 'A' }),
      session('b', 2, 5, { feederId: 'town-02', phase: 'A' }),
      session('c', 4, 6, { feederId: 'town-02', phase: 'A' }),
      session('d', 4, 6, { feederId: 'town-02', phase: 'B' }),
      session('e', 5, 6, { feederId: 'town-02', phase: 'A', maxKw: 3 }),
    ]
    const { chargePoints, arrivals } = chargePointsFor(sessions, town, start)
    const at = (hours: number) => chargePoints.map((point) => arrivals.at(point, start + hours * hour)?.id)
    assert.deepEqual(at(0.5), [undefined, undefined, undefined, undefined])
    assert.deepEqual(at(3), ['a', 'b', undefined, undefined])
    assert.deepEqual(at(4), ['c', 'b', 'd', undefined])
    assert.deepEqual(at(5), ['c', undefined, 'd', 'e'])
    assert.deepEqual(
      chargePoints.map(({ phases, pMaxKw }) => [phases, pMaxKw]),
      [
        ['A', 7],
        ['A', 7],
        ['B', 7],
        ['A', 3],
      ],
    )
  })

  it('of recorded sessions has three lines and the feeder whose turn it is where the file does not say', () => {
    const { chargePoints } = chargePointsFor([session('a', 1, 2), session('b', 1, 2)], town, start)
    assert.deepEqual(
      chargePoints.map(({ phases, feederId }) => [phases, feederId]),
      [
        ['ABC', 'town-00'],
        ['ABC', 'town-01'],
      ],
    )
  })

  it('sessions of years ago come on the day on which the town begins, at their time of day', () => {
    const old = {
      ...session('a', 0, 0),
      arrival: Date.parse('2019-03-04T08:12:00-03:00'),
      departure: Date.parse('2019-03-05T09:00:00-03:00'),
    }
    const { chargePoints, arrivals } = chargePointsFor([old], town, start + 5 * hour)
    const there = arrivals.at(chargePoints[0]!, start + 24 * hour)!
    assert.deepEqual(
      [there.arrival, there.departure].map((at) => new Date(at).toISOString()),
      ['2026-11-23T11:12:00.000Z', '2026-11-24T12:00:00.000Z'],
    )
  })
})
