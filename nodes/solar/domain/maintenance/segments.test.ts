import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawsOf } from './draws.ts'
import { segmentsOf } from './segments.ts'
import type { RatioDay } from './trend.ts'

/** Days of levels, with a little noise. */
function daysOf(levels: readonly number[], sd = 0.005): RatioDay[] {
  const draws = drawsOf(5)
  return levels.map((level, index) => ({ day: 10 + index, ratio: level + sd * draws.normal() }))
}
const flat = (level: number, days: number): number[] => Array<number>(days).fill(level)
const cutsOf = (days: readonly RatioDay[], visits: readonly number[] = []) =>
  segmentsOf(days, visits).flatMap(({ reset }) => (reset ? [[reset.day, reset.cause]] : []))

describe('segments of a history', () => {
  it('end where rain washes the panel, and where a fault takes a part of it', () => {
    assert.deepEqual(cutsOf(daysOf([...flat(0.85, 20), ...flat(0.95, 20), ...flat(0.6, 20)])), [
      [30, 'recovery'],
      [50, 'fault'],
    ])
  })

  it('end at a visit whatever it did', () => assert.deepEqual(cutsOf(daysOf(flat(0.9, 40)), [25]), [[25, 'visit']]))

  it('take a recovery on the day of a visit for the visit', () =>
    assert.deepEqual(cutsOf(daysOf([...flat(0.85, 20), ...flat(0.95, 20)]), [30]), [[30, 'visit']]))

  it('do not end with dirt that settles, with a cloudy day or two, or with noise', () => {
    const dirty = Array.from({ length: 60 }, (_, index) => 0.95 - 0.002 * index)
    assert.deepEqual(cutsOf(daysOf(dirty)), [])
    assert.deepEqual(cutsOf(daysOf([...flat(0.9, 20), 0.5, 0.6, ...flat(0.9, 20)])), [])
    assert.deepEqual(cutsOf(daysOf(flat(0.9, 200), 0.03)), [])
  })

  it('find every shower of a year of dust', () => {
    const year = Array.from({ length: 360 }, (_, index) => 0.97 - 0.002 * (index % 30))
    assert.equal(cutsOf(daysOf(year, 0.004)).length, 11)
  })

  it('keep all days, in their order (property)', () => {
    const levels = fc.array(fc.double({ min: 0, max: 1.2, noNaN: true }), { maxLength: 80 })
    const visits = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 5 })
    fc.assert(
      fc.property(levels, visits, (ratios, on) => {
        const days = ratios.map((ratio, index) => ({ day: 10 + index, ratio }))
        const segments = segmentsOf(days, on)
        assert.deepEqual(
          segments.flatMap((segment) => segment.days),
          days,
        )
        assert.ok(segments.every(({ reset }, index) => index === 0 || reset !== null))
      }),
    )
  })
})
