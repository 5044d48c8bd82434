import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  bandLimitsOf,
  classify,
  lowVoltageBands,
  relativeBands,
  UnknownVoltage,
  type BandLimits,
  type VoltageBand,
} from './bands.ts'
import { voltageClassOf } from '../../../platform/regulation/voltage-class.ts'

const day = '2026-11-21'
const letters = { A: 'adequate', P: 'precarious', C: 'critical' } as const

/** A voltage and the letter of its band: `202 A`. */
function states(referenceV: number, cases: string): void {
  for (const one of cases.split(', ')) {
    const [volts, letter] = one.split(' ') as [string, keyof typeof letters]
    it(`${volts} V is ${letters[letter]} at ${referenceV} V`, () =>
      assert.equal(classify(Number(volts), bandLimitsOf(referenceV, day)), letters[letter]))
  }
}

describe('the band of a voltage', () => {
  describe('in low voltage, at both sides of every bound', () => {
    states(110, '95.9 C, 96 P, 100.9 P, 101 A, 116 A, 116.1 P, 117 P, 117.1 C')
    states(115, '99.9 C, 100 P, 105.9 P, 106 A, 121 A, 121.1 P, 122 P, 122.1 C')
    states(120, '103.9 C, 104 P, 109.9 P, 110 A, 126 A, 126.1 P, 127 P, 127.1 C')
    states(127, '109.9 C, 110 P, 116.9 P, 117 A, 133 A, 133.1 P, 133.5 P, 135 P, 135.1 C')
    states(208, '180.9 C, 181 P, 190.9 P, 191 A, 218 A, 218.1 P, 220 P, 220.1 C')
    states(220, '190.9 C, 191 P, 201.9 P, 202 A, 231 A, 231.1 P, 233 P, 233.1 C')
    states(230, '199.9 C, 200 P, 211.9 P, 212 A, 242 A, 242.1 P, 244 P, 244.1 C')
    states(240, '208.9 C, 209 P, 220.9 P, 221 A, 252 A, 252.1 P, 254 P, 254.1 C')
    states(254, '220.9 C, 221 P, 233.9 P, 234 A, 267 A, 267.1 P, 269 P, 269.1 C')
    states(380, '330.9 C, 331 P, 349.9 P, 350 A, 399 A, 399.1 P, 403 P, 403.1 C, 403.5 C')
    states(440, '382.9 C, 383 P, 404.9 P, 405 A, 462 A, 462.1 P, 466 P, 466.1 C')

    it('has each row of the norm stated above', () => {
      const stated = [110, 115, 120, 127, 208, 220, 230, 240, 254, 380, 440]
      for (const { value } of lowVoltageBands) assert.deepEqual(Object.keys(value).map(Number), stated)
    })

    it('goes by the element that is measured, where a supply has two voltages', () => {
      for (const [phaseToPhase, phaseToNeutral] of [
        [220, 127],
        [380, 220],
        [254, 127],
        [440, 220],
        [208, 120],
        [230, 115],
        [240, 120],
        [220, 110],
      ] as const) {
        const [wide, narrow] = [bandLimitsOf(phaseToPhase, day), bandLimitsOf(phaseToNeutral, day)]
        assert.equal(classify(phaseToPhase, wide), 'adequate')
        assert.equal(classify(phaseToNeutral, narrow), 'adequate')
        assert.equal(classify(phaseToNeutral, wide), 'critical')
        assert.equal(classify(phaseToPhase, narrow), 'critical')
      }
    })
  })

  describe('in medium voltage, which has no upper precarious band', () => {
    states(13_800, '12419.9 C, 12420 P, 12833.9 P, 12834 A, 14490 A, 14490.1 C')
    // A contracted voltage whose bounds are no whole volts.
    states(13_530, '12176.9 C, 12177 P, 12582.8 P, 12582.9 A, 14206.5 A, 14206.6 C')
    states(34_500, '31049.9 C, 31050 P, 32084.9 P, 32085 A, 36225 A, 36225.1 C')
    states(2_301, '2070.8 C, 2070.9 P, 2139.92 P, 2139.93 A, 2416.05 A, 2416.06 C')
  })

  describe('from 69 kV', () => {
    states(69_000, '62099.9 C, 62100 P, 65549.9 P, 65550 A, 72450 A, 72450.1 P, 73830 P, 73830.1 C')
    states(138_000, '124199.9 C, 124200 P, 131099.9 P, 131100 A, 144900 A, 144900.1 P, 147660 P, 147660.1 C')
  })

  describe('from 230 kV', () => {
    states(230_000, '213899.9 C, 213900 P, 218499.9 P, 218500 A, 241500 A, 241500.1 P, 246100 P, 246100.1 C')
  })

  it('belongs to the class that the reference voltage has, edges included', () => {
    for (const [volts, expected] of [
      [127, 'BT'],
      [2_300, 'BT'],
      [2_300.1, 'MT'],
      [13_800, 'MT'],
      [68_999, 'MT'],
      [69_000, 'AT'],
      [229_999, 'AT'],
      [230_000, 'AT'],
    ] as const)
      assert.equal(voltageClassOf(volts), expected, `${volts} V`)
    // Each edge changes the bounds where it changes the class.
    const lowest = (volts: number): number => Math.round((bandLimitsOf(volts, day).criticalLow / volts) * 100) / 100
    assert.deepEqual([68_999, 69_000, 229_999, 230_000].map(lowest), [0.9, 0.9, 0.9, 0.93])
    assert.throws(() => bandLimitsOf(2_300, day), UnknownVoltage)
    assert.equal(lowest(2_300.1), 0.9)
  })

  it('is not known for a voltage without a row: what is near it and could be meant is named', () => {
    for (const [volts, message] of [
      [
        133,
        'no bands are known for 133 V: the norm has rows for 110, 115, 120, 127, 208, 220, 230, 240, 254, 380 and 440 V; the nearest is 127 V',
      ],
      [2_300, /the nearest is 440 V$/],
      [215, /the nearest is 220 V$/],
      [0, 'the reference voltage is 0 V: it takes one above 0'],
      [-220, /takes one above 0/],
      [NaN, /takes one above 0/],
      [Infinity, /takes one above 0/],
    ] as const)
      assert.throws(
        () => bandLimitsOf(volts, day),
        (error) =>
          error instanceof UnknownVoltage &&
          (typeof message === 'string' ? error.message === message : message.test(error.message)),
        `${volts} V`,
      )
  })

  it('is not known for what is no voltage', () => {
    for (const volts of [-1, NaN, Infinity]) assert.throws(() => classify(volts, bandLimitsOf(220, day)), RangeError)
  })

  const references = fc.oneof(
    fc.constantFrom(...Object.keys(lowVoltageBands[0]!.value).map(Number)),
    fc.double({ min: 2_301, max: 800_000, noNaN: true }),
  )
  const order = ['critical', 'precarious', 'adequate', 'precarious', 'critical'] as const

  it('never skips a band as the voltage rises, but the one that medium voltage lacks (property)', () => {
    fc.assert(
      fc.property(references, (referenceV) => {
        const limits = bandLimitsOf(referenceV, day)
        const expected = order.filter((_, index) => index !== 3 || limits.adequateHigh < limits.criticalHigh)
        assert.deepEqual(bandsUpwards(limits), expected)
        assert.equal(expected.length, voltageClassOf(referenceV) === 'MT' ? 4 : 5)
      }),
    )
  })

  it('is adequate at the reference voltage itself (property)', () => {
    fc.assert(
      fc.property(references, (referenceV) => {
        assert.equal(classify(referenceV, bandLimitsOf(referenceV, day)), 'adequate')
      }),
    )
  })

  it('has classes that follow one another from the highest down', () => {
    for (const { value } of relativeBands)
      assert.deepEqual(
        value.map(({ fromV }) => fromV),
        value.map(({ fromV }) => fromV).toSorted((one, other) => other - one),
      )
  })
})

/** The bands from 0 V up to far above, in a thousand steps and at every bound, each where it begins. */
function bandsUpwards(limits: BandLimits): VoltageBand[] {
  const top = 2 * limits.criticalHigh
  const bounds = Object.values(limits) as number[]
  const steps = [...Array.from({ length: 1_001 }, (_, step) => (step / 1_000) * top), ...bounds].toSorted(
    (one, other) => one - other,
  )
  const bands = steps.map((volts) => classify(volts, limits))
  return bands.filter((band, index) => band !== bands[index - 1])
}
