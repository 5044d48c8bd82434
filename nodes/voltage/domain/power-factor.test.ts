import assert from 'node:assert/strict'
import fc from 'fast-check'
import { powerFactorOf } from './power-factor.ts'

describe('the power factor', () => {
  for (const [active, reactive, ratio, kind] of [
    [4, 3, 0.8, 'inductive'],
    [4, -3, 0.8, 'capacitive'],
    [5, 0, 1, 'none'],
    [0, 2, 0, 'inductive'],
    // Exported power has one too.
    [-4, 3, 0.8, 'inductive'],
    [0.92, Math.sqrt(1 - 0.92 ** 2), 0.92, 'inductive'],
  ] as const)
    it(`of ${active} kW and ${reactive.toFixed(2)} kvar is ${ratio}, ${kind}`, () => {
      const factor = powerFactorOf(active, reactive)!
      assert.ok(Math.abs(factor.ratio - ratio) < 1e-12)
      assert.equal(factor.reactive, kind)
    })

  it('of no power at all is none', () => assert.equal(powerFactorOf(0, 0), undefined))

  it('is from 0 to 1, and the same of powers as of their energies (property)', () => {
    const power = fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((one) => Math.abs(one) > 1e-6)
    fc.assert(
      fc.property(power, power, fc.double({ min: 0.01, max: 100, noNaN: true }), (active, reactive, hours) => {
        const { ratio, reactive: kind } = powerFactorOf(active, reactive)!
        assert.ok(ratio >= 0 && ratio <= 1)
        const energies = powerFactorOf(active * hours, reactive * hours)!
        assert.ok(Math.abs(energies.ratio - ratio) < 1e-9)
        assert.equal(energies.reactive, kind)
      }),
    )
  })
})
