import assert from 'node:assert/strict'
import fc from 'fast-check'
import { dcPowerW, irradianceOf, nominalCellC } from './pvwatts.ts'

const module400 = { ratedW: 400, gammaPerC: -0.0035, noctC: 45 }
const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)

describe('PVWatts', () => {
  it('makes 88.65 W of 100 W at 900 W/m² and 30 °C with −0.3 %/°C, as in the tests of pvlib', () => {
    near(dcPowerW({ ...module400, ratedW: 100, gammaPerC: -0.003 }, 900, 30), 88.65, 1e-9)
  })

  it('makes the rating at standard test conditions, and less where cells are hot', () => {
    assert.equal(dcPowerW(module400, 1000, 25), 400)
    near(dcPowerW(module400, 800, 65), 320 * 0.86, 1e-9)
    assert.equal(dcPowerW(module400, 0, 25), 0)
  })

  it('heats a module of NOCT 45 °C to 45 °C at 800 W/m² and 20 °C of air, and warms it over the air by irradiance', () => {
    assert.equal(nominalCellC(45, 800, 20), 45)
    assert.equal(nominalCellC(48, 1000, 30), 65)
    assert.equal(nominalCellC(45, 0), 25)
  })

  it('is undone by the irradiance of a power, with and without a sensor on the module (property)', () => {
    const irradiance = fc.double({ min: 0, max: 1400, noNaN: true })
    fc.assert(
      fc.property(irradiance, fc.double({ min: -10, max: 90, noNaN: true }), (wm2, cellC) => {
        near(irradianceOf(module400, dcPowerW(module400, wm2, cellC), cellC), wm2, 1e-6)
        const nominal = dcPowerW(module400, wm2, nominalCellC(45, wm2))
        near(irradianceOf(module400, nominal, null), wm2, 0.01)
      }),
    )
  })
})
