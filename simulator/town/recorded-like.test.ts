import assert from 'node:assert/strict'
import fc from 'fast-check'
import { localHour } from '../sky.ts'
import { beginningOf, dayOf, sessionsOn } from './recorded-like.ts'
import { townOf } from './town-plan.ts'

const { chargePoints } = townOf()
const monday = dayOf(Date.parse('2026-11-23T12:00:00-03:00'))

describe('cars on recorded-like arrivals', () => {
  it('a civil day begins at midnight of the field', () => {
    assert.equal(new Date(beginningOf(monday)).toISOString(), '2026-11-23T03:00:00.000Z')
    assert.equal(dayOf(beginningOf(monday)), monday)
    assert.equal(dayOf(beginningOf(monday) - 1), monday - 1)
  })

  it('come one after the other, ask for what the charge point can bring, and are the same each time (property)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...chargePoints),
        fc.integer(),
        fc.integer({ min: -30, max: 30 }),
        (point, seed, days) => {
          const sessions = sessionsOn(point, monday + days, seed)
          assert.deepEqual(sessions, sessionsOn(point, monday + days, seed))
          let free = beginningOf(monday + days)
          for (const { arrival, departure, energyKwh, maxKw } of sessions) {
            assert.ok(arrival >= free && departure > arrival)
            assert.equal(arrival % 1000, 0)
            assert.ok(energyKwh > 0 && energyKwh <= (maxKw * (departure - arrival)) / 3_600_000 + 1e-9)
            free = departure
          }
          assert.ok(sessions.length <= 3)
        },
      ),
    )
  })

  const arrivals = (custom: string) =>
    chargePoints
      .filter((point) => point.custom === custom)
      .flatMap((point) => Array.from({ length: 20 }, (_, day) => sessionsOn(point, monday + day, 7)).flat())

  it('come home in the evening and stay until the morning; to work in the morning, and leave in the afternoon', () => {
    const share = (custom: string, from: number, to: number) => {
      const hours = arrivals(custom).map(({ arrival }) => localHour(arrival))
      return hours.filter((hour) => hour >= from && hour < to).length / hours.length
    }
    assert.ok(share('home', 17, 22) > 0.55, `${share('home', 17, 22)}`)
    assert.ok(share('work', 7, 10) > 0.6, `${share('work', 7, 10)}`)
    assert.ok(share('public', 17, 22) < 0.5)
    const evening = arrivals('home').filter(({ arrival }) => localHour(arrival) >= 17)
    const morning = evening.filter(({ departure }) => localHour(departure) > 5 && localHour(departure) < 10)
    assert.ok(morning.length / evening.length > 0.95)
  })
})
