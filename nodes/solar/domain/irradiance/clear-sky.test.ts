import assert from 'node:assert/strict'
import fc from 'fast-check'
import { airMass, clearSky, irradianceThrough } from './clear-sky.ts'

const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)
const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180)

describe('the clear sky', () => {
  // Zenith, air mass, turbidity, irradiance outside → global, beam, diffuse; of the tests of pvlib's `ineichen` at sea level.
  for (const [zenith, mass, turbidity, outside, ...expected] of [
    [10, 1, 3, 1364, 1038.159219, 942.2081860378344, 110.26529293612793],
    [10, 1, 3, 1370, 1042.72590228, 946.35279683, 110.75033088],
    [0, 1, 2, 1364, 1095.77074798, 1014.38807396, 81.38267402],
    [40, 5.5, 3, 1364, 478.92699901, 419.14891162, 157.84030442],
    [80, 10, 4, 1364, 43.72365587, 75.80970012, 30.5594396],
    [82.85457044, 6.97935524, 3, 1364, 65.49426624, 321.16092181, 25.54562017],
  ] as const)
    it(`is that of Ineichen and Perez: sun ${zenith}° from the zenith, air mass ${mass}, turbidity ${turbidity}, ${outside} W/m² outside`, () => {
      const sky = irradianceThrough(mass, sine(90 - zenith), outside, turbidity)
      const found = [sky.globalWm2, sky.beamWm2, sky.diffuseWm2]
      found.forEach((wm2, index) => near(wm2, expected[index]!, 0.001))
    })

  // Kasten and Young 1989, Table: apparent elevation, relative optical air mass.
  for (const [elevation, mass] of [
    [90, 1],
    [30, 1.9943],
    [10, 5.5841],
    [5, 10.3164],
  ] as const)
    it(`crosses ${mass} atmospheres at ${elevation}°`, () => near(airMass(elevation), mass, mass * 0.003))

  it('is dark at night', () => {
    const night = { elevationDeg: -0.1, up: sine(-0.1), extraterrestrialWm2: 1361 }
    assert.deepEqual(clearSky(night), { globalWm2: 0, beamWm2: 0, diffuseWm2: 0 })
  })

  it('grows with the height of the sun, and its parts make the whole (property)', () => {
    const at = (elevationDeg: number) => clearSky({ elevationDeg, up: sine(elevationDeg), extraterrestrialWm2: 1361 })
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 89, noNaN: true }), (elevation) => {
        const [low, high] = [at(elevation), at(elevation + 1)]
        assert.ok(high.globalWm2 > low.globalWm2)
        near(low.globalWm2, low.beamWm2 * sine(elevation) + low.diffuseWm2, 1e-9)
        for (const part of [low.beamWm2, low.diffuseWm2]) assert.ok(part >= 0 && part < 1361)
      }),
    )
  })
})
