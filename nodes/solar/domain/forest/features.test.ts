import assert from 'node:assert/strict'
import fc from 'fast-check'
import { featureRows, forestFeatures, powerPerVoltAmpere } from './features.ts'

const sample = { temperatureC: 45, voltageV: 40, currentA: 8, powerW: 304 }

describe('features of a panel', () => {
  it('are temperature, voltage, current, power, and what the power is of voltage times current', () => {
    assert.deepEqual([...featureRows([sample]).values], [45, 40, 8, 304, 0.95])
    assert.equal(featureRows([sample]).width, forestFeatures.length)
  })

  for (const [what, measures, present] of [
    ['no voltage', { voltageV: null }, 0b01101],
    ['no current and no temperature', { currentA: null, temperatureC: null }, 0b01010],
    ['no power', { powerW: null }, 0b00111],
    ['no voltage at all, 0 V', { voltageV: 0 }, 0b01111],
    ['nothing generated, 0 A and 0 W', { currentA: 0, powerW: 0 }, 0b01111],
  ] as const)
    it(`lack the last one with ${what}`, () => {
      const { present: bits, values } = featureRows([{ ...sample, ...measures }])
      assert.equal(bits[0], present)
      assert.ok(values.every(Number.isFinite))
    })

  it('refuse what is no number, by the name of its measure', () =>
    assert.throws(() => featureRows([{ ...sample, currentA: NaN }]), {
      name: 'RangeError',
      message: 'currentA of a sample is NaN',
    }))

  it('are never NaN, whatever is measured (property)', () => {
    const measure = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }))
    fc.assert(
      fc.property(
        fc.record({ temperatureC: measure, voltageV: measure, currentA: measure, powerW: measure }),
        (one) => {
          assert.ok(featureRows([one]).values.every(Number.isFinite))
          const ratio = powerPerVoltAmpere(one)
          assert.ok(ratio === null || Number.isFinite(ratio))
        },
      ),
    )
  })
})
