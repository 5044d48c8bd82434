import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import { dayWeathers } from './day-weather.ts'

const years = [1, 2, 3, 4].map((seed) => dayWeathers(drawOf(seed, 'weather'), 0, 365))
const isDry = (day: number) => day > 121 && day < 243

describe('the weather of a year', () => {
  it('has clear, broken and overcast days, each at least one of eight', () => {
    for (const sky of ['clear', 'broken', 'overcast'])
      for (const year of years) assert.ok(year.filter((day) => day.sky === sky).length > 365 / 8, sky)
  })

  it('rains in the wet months more than thrice as much as in the dry ones', () => {
    const rain = (wanted: (day: number) => boolean) =>
      years.flatMap((year) => year.filter((_, day) => wanted(day))).reduce((sum, { rainMm }) => sum + rainMm, 0)
    const [dry, wet] = [rain(isDry) / 121, rain((day) => !isDry(day)) / 244]
    assert.ok(wet > 3 * dry, `${wet} against ${dry}`)
  })

  it('lets through of the beam what an atmosphere does', () => {
    for (const { transmittance, wind } of years.flat()) {
      assert.ok(transmittance >= 0.63 && transmittance <= 0.76)
      assert.ok(wind > 0)
    }
  })

  it('is the same for the same seed, and begins the same whatever its length', () => {
    const short = dayWeathers(drawOf(1, 'weather'), 0, 30)
    assert.deepEqual(short, years[0]!.slice(0, 30))
    assert.notDeepEqual(short, years[1]!.slice(0, 30))
  })
})
