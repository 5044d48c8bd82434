import assert from 'node:assert/strict'
import fc from 'fast-check'
import { expectOf, sampleMs } from './expected-power.ts'
import { clearSky } from './irradiance/clear-sky.ts'
import { underClouds } from './irradiance/cloudy-sky.ts'
import { sunAt } from './irradiance/sun.ts'
import { noon, place, plant, samplesOf } from './plant.fixture.ts'
import { dcPowerW } from './pvwatts.ts'

const hour = 3_600_000
const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)
const silent = samplesOf()

describe('expected power', () => {
  it('is PVWatts of the irradiance measured in its plane', () => {
    const expected = expectOf(plant(1), noon, samplesOf({ irradianceWm2: 900, temperatureC: 50 })).get('p-0')!
    near(expected.powerW, 400 * 0.9 * (1 - 0.0035 * 25), 1e-9)
    assert.deepEqual([expected.basis, expected.cellC, expected.isDaylight], ['measured', 50, true])
  })

  it('is that of a sensor of the site, carried into planes that face elsewhere', () => {
    const morning = noon - 3 * hour
    const roofs = plant(3, { panel: (n) => ({ tiltDeg: 30, azimuthDeg: n === 2 ? 270 : 90 }) })
    const samples = samplesOf({ irradianceWm2: 700, powerW: null }, { powerW: null }, { powerW: null })
    const [east, alike, west] = ['p-0', 'p-1', 'p-2'].map((id) => expectOf(roofs, morning, samples).get(id)!)
    assert.deepEqual([east!.irradianceWm2, alike!.irradianceWm2, west!.basis], [700, 700, 'measured'])
    assert.ok(west!.irradianceWm2 < 450, String(west!.irradianceWm2))
  })

  it('is the clear sky, an upper bound, where one panel stands alone', () => {
    const expected = expectOf(plant(1), noon, samplesOf({ powerW: 100 })).get('p-0')!
    assert.equal(expected.basis, 'clear-sky')
    assert.equal(expected.irradianceWm2, expected.clearSkyWm2)
    // December noon on 23.55° to the north: close to a horizontal plane under a high sun.
    assert.ok(expected.irradianceWm2 > 930 && expected.irradianceWm2 < 1080, String(expected.irradianceWm2))
  })

  it('follows the clouds that the other panels see', () => {
    const expected = expectOf(plant(5), noon, samplesOf({ powerW: 10 }, {}, {}, {}, {})).get('p-0')!
    near(expected.powerW, 280, 1e-6)
    assert.equal(expected.basis, 'siblings')
  })

  it('follows them where nobody knows the place', () => {
    const roof = plant(5, { place: null })
    const expected = expectOf(roof, noon, samplesOf({ powerW: 10 }, {}, {}, {}, {})).get('p-0')!
    near(expected.powerW, 280, 1e-6)
    assert.deepEqual([expected.sunElevationDeg, expected.clearSkyWm2, expected.isDaylight], [null, null, true])
    assert.equal(expectOf(roof, noon, silent).size, 0)
  })

  it('is that of the clear sky where the inverter of the whole site tripped: no weather is that dark', () => {
    const dead = { powerW: 0 }
    const expected = expectOf(plant(5), noon, samplesOf(dead, dead, dead, dead, dead)).get('p-0')!
    assert.deepEqual([expected.basis, expected.isDaylight], ['clear-sky', true])
    assert.ok(expected.powerW > 300)
  })

  it('is told also of a panel that says nothing', () => {
    near(expectOf(plant(5), noon, samplesOf(null, {}, {}, {}, {})).get('p-0')!.powerW, 280, 1e-6)
  })

  it('is bounded by its share of the inverter', () => {
    const bounded = expectOf(plant(2, { inverterLimitKw: 0.6 }), noon, silent).get('p-0')!
    assert.deepEqual([bounded.powerW, bounded.isClipped], [300, true])
    assert.equal(expectOf(plant(2), noon, silent).get('p-0')!.isClipped, false)
  })

  it('takes the module for as warm as its nominal operating temperature where no sensor tells it', () => {
    const expected = expectOf(plant(1), noon, silent).get('p-0')!
    near(expected.cellC, 25 + (25 / 800) * expected.irradianceWm2, 1e-9)
  })

  it('judges nothing in the dark, whatever panels or sensors show', () => {
    for (const at of [noon + 12 * hour, Date.parse('2026-12-01T08:25:00Z')]) {
      const lit = { powerW: 300, irradianceWm2: 900 }
      for (const expected of expectOf(plant(5), at, samplesOf(lit, lit, lit, lit, lit)).values())
        assert.deepEqual([expected.isDaylight, expected.powerW < 20], [false, true])
    }
  })

  it('is what a healthy site generates under any clouds, whichever of its panels are at fault, however they hang (property)', () => {
    const sun = sunAt(noon + sampleMs / 2, place)
    const faults = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 })
    for (const azimuths of [[0], [90, 270, 0]]) {
      const site = plant(12, { panel: (n) => ({ tiltDeg: 20, azimuthDeg: azimuths[n % azimuths.length]! }) })
      fc.assert(
        fc.property(fc.double({ min: 0.05, max: 1.2, noNaN: true }), faults, (clouds, left) => {
          const healthy = site.panels.map((panel) =>
            dcPowerW(panel, underClouds(clearSky(sun), sun, panel, clouds), 45),
          )
          const samples = samplesOf(...healthy.map((powerW, n) => ({ powerW: powerW * (left[n] ?? 1) })))
          const expected = expectOf(site, noon, samples)
          site.panels.forEach(({ panelId }, n) => near(expected.get(panelId)!.powerW / healthy[n]!, 1, 1e-3))
        }),
      )
    }
  })
})
