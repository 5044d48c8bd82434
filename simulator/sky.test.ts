import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawOf } from './draw.ts'
import { place } from './field.ts'
import { clearSkyRadiation, firstWeather, localHour, stepSky, stepWeather, sunElevation, sunPosition } from './sky.ts'

const degrees = (at: number) => (sunElevation(at, place) * 180) / Math.PI
const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) })

function skies(seed: number, stepS: number, count: number, start = Date.UTC(2026, 0, 15, 15)) {
  const draw = drawOf(seed, 'sky')
  let weather = firstWeather(draw)
  let sky = stepSky(draw.normal(), { weather, at: start, place, draw }, 0)
  return Array.from({ length: count }, (_, index) => {
    weather = stepWeather(weather, draw, stepS)
    sky = stepSky(sky.passing, { weather, at: start + index * stepS * 1000, place, draw }, stepS)
    return sky
  })
}

describe('the sky', () => {
  // noon heights are 90° − |latitude − declination|: São Paulo lies almost on the tropic
  for (const [day, at, height] of [
    ['December solstice', Date.UTC(2026, 11, 21, 15, 4), 89.9],
    ['June solstice', Date.UTC(2026, 5, 21, 15, 8), 43],
    ['March equinox', Date.UTC(2026, 2, 20, 15, 14), 66.4],
  ] as const) {
    it(`the sun stands ${height}° high at noon of the ${day}`, () => assert.ok(Math.abs(degrees(at) - height) < 0.3))
  }

  it('is dark at night, all year (property)', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const hour = localHour(at)
        if (hour >= 19.3 || hour < 4.7) assert.equal(clearSkyRadiation(sunElevation(at, place)), 0)
        if (hour > 7.5 && hour < 16.5) assert.ok(clearSkyRadiation(sunElevation(at, place)) > 50)
      }),
    )
  })

  it('never shines more than a clear sky, nor covers more than all of it (property)', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 3600 }), (seed, stepS) => {
        for (const sky of skies(seed, stepS, 50)) {
          assert.ok(sky.radiationWm2 >= 0 && sky.radiationWm2 <= 1100)
          assert.ok(sky.cloudCoverPct >= 0 && sky.cloudCoverPct <= 100)
          assert.ok(sky.ambientCelsius > -5 && sky.ambientCelsius < 45)
        }
      }),
    )
  })

  it('lets clouds pass rather than flicker: near moments are alike, far ones are not', () => {
    const covers = skies(4, 1, 20_000).map((sky) => sky.cloudCoverPct)
    const change = (lag: number) =>
      covers.slice(lag).reduce((sum, cover, index) => sum + Math.abs(cover - covers[index]!), 0) / (covers.length - lag)
    assert.ok(change(1) * 5 < change(600), `${change(1)} after 1 s, ${change(600)} after 600 s`)
  })

  it('knows the local hour', () => assert.equal(localHour(Date.UTC(2026, 0, 1, 1, 30)), 22.5))
})

describe('the position of the sun', () => {
  const degrees = (value: number) => (value * 180) / Math.PI
  const at = (instant: string) => {
    const { elevation, azimuth } = sunPosition(Date.parse(instant), { latitude: -23.55, longitude: -46.63 })
    return { elevation: degrees(elevation), azimuth: degrees(azimuth) }
  }

  it('is in the north at noon of the southern winter', () => {
    const { elevation, azimuth } = at('2026-06-21T15:08:30Z')
    assert.ok(Math.abs(elevation - 43.0) < 0.1, `${elevation}`)
    assert.ok(azimuth < 0.5 || azimuth > 359.5, `${azimuth}`)
  })

  it('rises in the east and sets in the west at the equinox', () => {
    const rising = at('2026-03-20T09:20:00Z')
    const setting = at('2026-03-20T21:08:00Z')
    assert.ok(Math.abs(rising.azimuth - 90) < 2, `${rising.azimuth}`)
    assert.ok(Math.abs(setting.azimuth - 270) < 2, `${setting.azimuth}`)
    assert.ok(Math.abs(rising.elevation) < 3 && Math.abs(setting.elevation) < 3)
  })
})
