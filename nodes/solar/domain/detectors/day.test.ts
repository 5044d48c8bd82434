import assert from 'node:assert/strict'
import fc from 'fast-check'
import { dayFigure, intoDay, type HalfHour } from './day.ts'
import { viewOf } from './site-days.fixture.ts'
import { binsPerDay, solarBin, solarDay } from './solar-day.ts'

const minutes = 60_000
const noon = Date.UTC(2026, 0, 5, 12)

describe('a running day', () => {
  it('has means of half hours', () => {
    let day: readonly HalfHour[] = []
    for (const [index, power] of [0.9, 1, 1.1].entries())
      day = intoDay(day, viewOf({ at: noon + index * 5 * minutes, power, voltage: index === 1 ? null : 1 }))
    day = intoDay(day, viewOf({ at: noon + 30 * minutes, power: 0.5 }, {}, { irradianceWm2: 300 }))
    assert.deepEqual(
      day.map(({ bin, slots, sunny, power, voltage }) => [bin, slots, sunny, power, voltage]),
      [
        [24, 3, 3, 1, 1],
        [25, 1, 0, 0.5, 1],
      ],
    )
  })

  it('takes no slot in little sun, at the limit of the inverter, or without power', () => {
    const none: readonly HalfHour[] = []
    for (const view of [
      viewOf({}, {}, { irradianceWm2: 249 }),
      viewOf({}, {}, { isClipped: true }),
      viewOf({ power: null }),
      viewOf({ isJudged: false }),
    ])
      assert.equal(intoDay(none, view), none)
  })

  it('is told by its better part, which no shadow of some hours changes', () => {
    const halfHours = Array.from({ length: 16 }, (_, index): HalfHour => ({
      bin: 16 + index,
      slots: 6,
      sunny: 6,
      sunnyPower: 1,
      power: index < 4 ? 0.4 : 1,
      voltage: 1,
      current: 1,
      warmerC: 0,
    }))
    assert.equal(dayFigure(7, halfHours)?.power, 1)
    assert.equal(dayFigure(7, halfHours.slice(0, 2)), null)
  })
})

describe('a day by the sun', () => {
  it('ends at the sun’s midnight, not at UTC’s', () => {
    const saoPaulo = { latitude: -23.5, longitude: -46.6 }
    const before = Date.UTC(2026, 0, 6, 3, 6)
    assert.equal(solarDay(before + minutes, saoPaulo), solarDay(before, saoPaulo) + 1)
    assert.equal(solarBin(Date.UTC(2026, 0, 6, 15, 6, 30), saoPaulo), 24)
  })

  it('has 48 half hours in order, of every place and instant (property)', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: -4e12, max: 4e12 }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        (at, longitude) => {
          const bin = solarBin(at, { latitude: 0, longitude })
          assert.ok(Number.isInteger(bin) && bin >= 0 && bin < binsPerDay)
        },
      ),
    ))
})
