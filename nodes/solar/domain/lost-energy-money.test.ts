import assert from 'node:assert/strict'
import { lostEnergyMoney } from './lost-energy-money.ts'

const site = { siteId: 'roof', tariffBrlPerKwh: 0.856 }

describe('money of lost energy', () => {
  it('is the energy at the tariff of the site, truncated only where it is shown', () => {
    assert.deepEqual(lostEnergyMoney(12.5, site, '2026-12-01'), {
      ...{ amountBrl: 10.7, exactBrl: 10.7, formula: 'lostKwh · tariffBrlPerKwh' },
      inputs: { lostKwh: 12.5, tariffBrlPerKwh: 0.856 },
      rule: { validFrom: '2026-12-01', source: 'tariff of site roof in the registry' },
    })
    const { amountBrl, exactBrl } = lostEnergyMoney(0.023, site, '2026-12-01')
    assert.equal(amountBrl, 0.01)
    assert.ok(Math.abs(exactBrl - 0.019688) < 1e-12)
    assert.equal(lostEnergyMoney(0, site, '2026-12-01').amountBrl, 0)
  })

  for (const lost of [-1, Number.NaN, Infinity])
    it(`has none of ${lost} kWh`, () =>
      assert.throws(
        () => lostEnergyMoney(lost, site, '2026-12-01'),
        new RangeError(`lost energy out of range: ${lost} kWh`),
      ))
})
