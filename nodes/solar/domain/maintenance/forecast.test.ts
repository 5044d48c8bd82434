import assert from 'node:assert/strict'
import fc from 'fast-check'
import { maintenanceForecast, usualQuestion } from './forecast.ts'
import { historyOf, twoKwh } from './history.fixture.ts'
import type { Work } from './wear.ts'

const question = { ...usualQuestion, seed: 1, expectedKwh: twoKwh }
const forecastOf = (levelOf: (index: number) => number, days: number, works: readonly Work[] = []) =>
  maintenanceForecast(historyOf(levelOf, days), works, question)!

describe('the forecast of maintenance', () => {
  it('finds the day on which steady dirt reaches the threshold', () => {
    // From 0.96 by 0.002 a day to 0.85 of that: 72 days from the beginning, 22 from the last of 51 days.
    const { crossing, threshold, ratio } = forecastOf((index) => 0.96 - 0.002 * index, 51)
    assert.ok(Math.abs(threshold - 0.816) < 0.01, `${threshold}`)
    assert.ok(Math.abs(ratio - 0.86) < 0.01, `${ratio}`)
    assert.ok(crossing.days !== null && crossing.days >= 17 && crossing.days <= 29, `${crossing.days}`)
    assert.ok(crossing.from! < crossing.days && crossing.days < (crossing.until ?? Infinity))
    assert.ok(crossing.chance > 0.8)
  })

  it('says never of a panel that stays as it is', () => {
    const { crossing, lostKwh } = forecastOf(() => 0.95, 120)
    assert.equal(crossing.days, null)
    assert.equal(crossing.from, null)
    assert.ok(crossing.chance < 0.05)
    assert.ok(lostKwh < 0.04 * 2 * 180)
  })

  it('is there at once where a fault has taken a third, and says that a repair ends that', () => {
    const { crossing, faultKwh, soilingKwh, lostUntilKwh } = forecastOf((index) => (index < 60 ? 0.95 : 0.63), 90)
    assert.deepEqual([crossing.days, crossing.from, crossing.until], [0, 0, 0])
    assert.ok(Math.abs(faultKwh - 0.32 * 2 * 180) < 12, `${faultKwh}`)
    assert.ok(soilingKwh < 20)
    assert.equal(lostUntilKwh, 0)
  })

  it('counts what cleaning ends until rain would have done it', () => {
    const dirty = (index: number): number => 0.96 - 0.0015 * index
    const dry = forecastOf(dirty, 60)
    // A tenth of 2 kWh for most of 180 days, less what rain takes of it.
    assert.ok(dry.soilingKwh > 8 && dry.soilingKwh < 36, `${dry.soilingKwh}`)
    const rainy = forecastOf((index) => 0.96 - 0.003 * (index % 12), 120)
    assert.ok(rainy.soilingKwh < 0.3 * dry.soilingKwh, `${rainy.soilingKwh}`)
    const cleaned = forecastOf(dirty, 60, [{ day: 1_060, what: 'cleaning' }])
    assert.ok(cleaned.soilingKwh < 0.2 * dry.soilingKwh, `${cleaned.soilingKwh}`)
    assert.ok((cleaned.crossing.days ?? Infinity) > (dry.crossing.days ?? Infinity))
  })

  it('counts the loss until the crossing, which is less than that of the horizon', () => {
    const { lostUntilKwh, lostKwh } = forecastOf((index) => 0.96 - 0.002 * index, 51)
    assert.ok(lostUntilKwh > 0 && lostUntilKwh < lostKwh)
  })

  it('has a band that grows with the days ahead, and is the same for the same seed', () => {
    const once = forecastOf((index) => 0.96 - 0.001 * (index % 50), 150)
    assert.deepEqual(
      once.band.map(({ day }) => day),
      [1, 7, 14, 30, 60, 90, 120, 150, 180],
    )
    assert.ok(once.band.every(({ from, median, until }) => from < median && median < until))
    const width = ({ from, until }: { from: number; until: number }): number => until - from
    assert.ok(width(once.band[4]!) > width(once.band[0]!))
    assert.deepEqual(
      forecastOf((index) => 0.96 - 0.001 * (index % 50), 150),
      once,
    )
  })

  it('is none of a history that is too short', () =>
    assert.equal(
      maintenanceForecast(
        historyOf(() => 0.9, 9),
        [],
        question,
      ),
      null,
    ))

  it('refuses a question that cannot be', () => {
    const days = historyOf(() => 0.9, 20)
    for (const [wrong, problem] of [
      [{ thresholdShare: 1 }, /thresholdShare out of range: 1/],
      [{ horizonDays: 0 }, /horizonDays takes a whole number from 1 to 3650: 0/],
      [{ bandDays: [181] }, /bandDays takes a whole number from 1 to 180: 181/],
      [{ courses: 0.5 }, /courses takes a whole number/],
      [{ seed: NaN }, /seed is not a whole number: NaN/],
    ] as const)
      assert.throws(() => maintenanceForecast(days, [], { ...question, ...wrong }), {
        name: 'RangeError',
        message: problem,
      })
  })

  it('refuses days that cannot be', () => {
    const days = historyOf(() => 0.9, 20)
    const wrong = (index: number, change: Partial<(typeof days)[0]>) =>
      days.map((one, at) => (at === index ? { ...one, ...change } : one))
    assert.throws(() => maintenanceForecast(wrong(4, { ratio: NaN }), [], question), /ratio of day 1004 is NaN/)
    assert.throws(() => maintenanceForecast(wrong(4, { day: 1_003 }), [], question), /day 1003 does not come after/)
  })

  it('stands whatever the days are (property)', () => {
    const ratio = fc.double({ min: 0, max: 1.5, noNaN: true })
    const gap = fc.integer({ min: 1, max: 20 })
    const history = fc.array(fc.tuple(ratio, gap), { minLength: 10, maxLength: 60 })
    fc.assert(
      fc.property(history, (drawn) => {
        let day = 0
        const days = drawn.map(([value, by]) => ({ day: (day += by), ratio: value }))
        const found = maintenanceForecast(days, [], { ...question, courses: 20 })!
        assert.ok(found.band.every(({ from, median, until }) => from <= median && median <= until))
        assert.ok([found.lostKwh, found.soilingKwh, found.faultKwh, found.threshold].every(Number.isFinite))
        assert.ok(found.lostKwh >= 0 && found.soilingKwh >= 0 && found.lostUntilKwh <= found.lostKwh + 1e-9)
      }),
      { numRuns: 60 },
    )
  })
})
