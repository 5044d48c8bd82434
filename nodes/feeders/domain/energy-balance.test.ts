import assert from 'node:assert/strict'
import fc from 'fast-check'
import { energyBalance } from './energy-balance.ts'

describe('the energy balance of a feeder', () => {
  for (const [about, flows, expected] of [
    [
      'with sun for a part of it',
      { netKw: 30, generatedKw: 20, dischargedKw: 0, chargedKw: 5 },
      { importKw: 30, exportKw: 0, consumedKw: 50, selfConsumedKw: 20, selfConsumption: 1, selfSufficiency: 0.4 },
    ],
    [
      'with more sun than it uses',
      { netKw: -10, generatedKw: 40, dischargedKw: 0, chargedKw: 0 },
      { importKw: 0, exportKw: 10, consumedKw: 30, selfConsumedKw: 30, selfConsumption: 0.75, selfSufficiency: 1 },
    ],
    [
      'at night, from a battery',
      { netKw: 6, generatedKw: 0, dischargedKw: 4, chargedKw: 0 },
      { importKw: 6, exportKw: 0, consumedKw: 10, selfConsumedKw: 0, selfConsumption: null, selfSufficiency: 0.4 },
    ],
    [
      'of nothing',
      { netKw: 0, generatedKw: 0, dischargedKw: 0, chargedKw: 0 },
      { importKw: 0, exportKw: 0, consumedKw: 0, selfConsumedKw: 0, selfConsumption: null, selfSufficiency: null },
    ],
  ] as const)
    it(about, () => {
      const found = energyBalance(flows) as unknown as Record<string, number | null>
      for (const [name, value] of Object.entries(expected))
        assert.ok(
          value === null ? found[name] === null : Math.abs(found[name]! - value) < 1e-9,
          `${name} ${found[name]}`,
        )
    })

  it('refuses what cannot be', () => {
    const flows = { netKw: 1, generatedKw: 1, dischargedKw: 0, chargedKw: 0 }
    assert.throws(() => energyBalance({ ...flows, generatedKw: -1 }), /generatedKw out of range: -1/)
    assert.throws(() => energyBalance({ ...flows, netKw: NaN }), /netKw out of range: NaN/)
  })

  it('has parts between nothing and all, and what comes in goes somewhere (property)', () => {
    const kw = fc.double({ min: 0, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        kw,
        kw,
        kw,
        (netKw, generatedKw, dischargedKw, chargedKw) => {
          const found = energyBalance({ netKw, generatedKw, dischargedKw, chargedKw })
          for (const part of [found.selfConsumption, found.selfSufficiency])
            assert.ok(part === null || (part >= 0 && part <= 1), `${part}`)
          assert.ok(found.consumedKw >= 0 && found.selfConsumedKw <= generatedKw)
          assert.ok(found.consumedKw + found.exportKw >= found.importKw + generatedKw + dischargedKw - 1e-6)
        },
      ),
    )
  })
})
