import assert from 'node:assert/strict'
import { noon, place, plant, samplesOf } from '../plant.fixture.ts'
import { dcPowerW } from '../pvwatts.ts'
import { clearSky } from './clear-sky.ts'
import { underClouds } from './cloudy-sky.ts'
import { siteIrradiance } from './site-irradiance.ts'
import { sunAt } from './sun.ts'

const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)
const morning = sunAt(noon - 4 * 3_600_000, place)
const clear = clearSky(morning)
/** Four panels that face east and two that face west. */
const roofs = plant(6, { panel: (n) => ({ tiltDeg: 30, azimuthDeg: n < 4 ? 90 : 270 }) })
const east = roofs.panels[0]!
const west = roofs.panels[5]!
const under = (clouds: number, more: Record<number, object> = {}) =>
  samplesOf(
    ...roofs.panels.map((panel, n) => ({
      powerW: dcPowerW(panel, underClouds(clear, morning, panel, clouds), 45),
      ...more[n],
    })),
  )
const at45 = () => 45

describe('irradiance over a site', () => {
  it('is told by panels that hang otherwise, by what each makes of the clouds', () => {
    for (const clouds of [0.2, 0.6, 1]) {
      const site = siteIrradiance(roofs, morning, under(clouds), at45)
      for (const panel of [east, west]) {
        const found = site.of(panel)!
        assert.equal(found.basis, 'siblings')
        near(found.irradianceWm2 / underClouds(clear, morning, panel, clouds), 1, 1e-3)
      }
    }
  })

  it('is told by a sensor in another plane, under clouds too', () => {
    const shown = underClouds(clear, morning, east, 0.3)
    const site = siteIrradiance(roofs, morning, under(0.3, { 0: { irradianceWm2: shown } }), at45)
    assert.equal(site.of(east)!.basis, 'measured')
    near(site.of(east)!.irradianceWm2, shown, 1e-9)
    assert.equal(site.of(west)!.basis, 'measured')
    near(site.of(west)!.irradianceWm2, underClouds(clear, morning, west, 0.3), 0.1)
  })

  it('is not told by a sensor that panels of all planes contradict', () => {
    const dead = { irradianceWm2: 3 }
    const site = siteIrradiance(roofs, morning, under(0.8, { 0: dead }), at45)
    assert.equal(site.of(west)!.basis, 'siblings')
  })

  it('is not told by what shows more than sun and clouds can give', () => {
    const bright = { powerW: 500 }
    const site = siteIrradiance(roofs, morning, under(0.3, { 2: bright, 3: bright }), at45)
    assert.equal(site.of(east)!.basis, 'clear-sky')
    const sensor = siteIrradiance(plant(1), morning, samplesOf({ powerW: null, irradianceWm2: 1600 }), at45)
    assert.equal(sensor.of(plant(1).panels[0]!)!.basis, 'clear-sky')
  })

  it('is not told by panels that the sun does not see', () => {
    const few = plant(6, { panel: (n) => ({ tiltDeg: 30, azimuthDeg: n < 2 ? 90 : 270 }) })
    const samples = samplesOf(...few.panels.map((panel) => ({ powerW: dcPowerW(panel, 90, 45) })))
    assert.equal(siteIrradiance(few, morning, samples, at45).of(few.panels[0]!)!.basis, 'clear-sky')
  })

  it('is that of the clear sky at dusk, and of nobody without sun and place', () => {
    const dusk = sunAt(Date.parse('2026-12-01T08:20:00Z'), place)
    const site = siteIrradiance(roofs, dusk, under(1), at45)
    assert.deepEqual(site.of(east), { irradianceWm2: site.clearSkyOf(east), basis: 'clear-sky' })
    const nowhere = siteIrradiance(roofs, null, samplesOf(), at45)
    assert.deepEqual([nowhere.of(east), nowhere.clearSkyOf(east)], [null, null])
  })
})
