import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import type { DaySky, DayWeather } from './day-weather.ts'
import { firstClouds, plantSky, stepClouds } from './plant-sky.ts'

const place = { latitude: -23.55, longitude: -46.63 }
const weather = (sky: DaySky): DayWeather => ({
  ...{ sky, laterSky: sky, turnsAtHour: 12, transmittance: 0.7, cloudShare: 0.5 },
  ...{ meanC: 22, swingC: 5, wind: 2, rainMm: 0 },
})
/** Noon of the December solstice, when the sun stands in the zenith of the tropic. */
const noon = Date.UTC(2026, 11, 21, 15, 5)

/** Shares of the clear beam at noon over six hours under a sky. */
function beams(sky: DaySky, dtS: number, seed = 1): number[] {
  const draw = drawOf(seed, 'sky')
  let clouds = firstClouds
  const seen: number[] = []
  for (let s = 0; s < 6 * 3_600; s += dtS) {
    clouds = stepClouds(clouds, sky, weather(sky), draw, dtS)
    seen.push(clouds.beamShare)
  }
  return seen
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the sky over a plant', () => {
  it('gives about 950 W/m² of beam and a tenth of that from the sky under a clear zenith', () => {
    const { beamWm2, diffuseWm2 } = plantSky(noon, 12, place, weather('clear'), firstClouds)
    assert.ok(beamWm2 > 930 && beamWm2 < 1010, `${beamWm2}`)
    assert.ok(diffuseWm2 > 80 && diffuseWm2 < 150, `${diffuseWm2}`)
  })

  it('is dark at night, and coldest before dawn', () => {
    const night = plantSky(Date.UTC(2026, 0, 1, 5), 2, place, weather('clear'), firstClouds)
    assert.deepEqual([night.beamWm2, night.diffuseWm2], [0, 0])
    assert.ok(night.ambientC < plantSky(noon, 15, place, weather('clear'), firstClouds).ambientC - 8)
  })

  it('shows the sun on a clear day, hides it on an overcast one, and does both on a broken one', () => {
    assert.ok(Math.min(...beams('clear', 60)) > 0.9)
    assert.ok(mean(beams('overcast', 60)) < 0.1)
    const broken = beams('broken', 60)
    assert.ok(Math.min(...broken) < 0.4 && Math.max(...broken) > 0.95)
  })

  it('has the same statistics for steps of a second and of a minute', () => {
    const over = (dtS: number) => mean([1, 2, 3, 4, 5, 6].map((seed) => mean(beams('broken', dtS, seed))))
    assert.ok(Math.abs(over(1) - over(60)) < 0.12, `${over(1)} and ${over(60)}`)
  })
})
