import assert from 'node:assert/strict'
import fc from 'fast-check'
import { windowQualities, type QualitySample } from './power-quality.ts'
import { windowMs } from './windows.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const minute = 60_000
const rules = { betweenPhases: false, leastCoverage: 0.9 }

/** A reading of `minutes` that ends so many minutes after noon. */
const sample = (end: number, minutes: number, more: Partial<QualitySample>): QualitySample => ({
  ...{ at: noon + end * minute, intervalMs: minutes * minute, volts: [127, 127, 127] },
  ...{ activeKw: null, reactiveKvar: null, frequencyHz: null },
  ...more,
})
const first = (samples: readonly QualitySample[], more: Partial<typeof rules> = {}) =>
  windowQualities(samples, { ...rules, ...more }, noon, noon + windowMs)[0]!
const close = (value: number | null | undefined, expected: number): void =>
  assert.ok(Math.abs(value! - expected) < 1e-8, `${value} is not ${expected}`)

describe('the quality of supply in a window', () => {
  it("is the instrument's, where it gives a value for the ten minutes", () => {
    const byPhase = { dtt: [3.1, null, 3.4], pst: [0.4, null, 0.5] } as const
    const quality = first([sample(10, 10, { unbalancePct: 0.8, byPhase })])
    close(quality.unbalancePct, 0.8)
    close(quality.byPhase.dtt[0], 3.1)
    close(quality.byPhase.dtt[2], 3.4)
    close(quality.byPhase.pst[2], 0.5)
    assert.deepEqual([quality.byPhase.dtt[1], quality.byPhase.dttp], [null, [null, null, null]])
    assert.deepEqual([quality.powerFactor, quality.frequencyHz], [null, null])
  })

  it('is the quadratic mean of shorter ones, weighted by time', () => {
    const part = (end: number, minutes: number, value: number) =>
      sample(end, minutes, { unbalancePct: value, byPhase: { dtti: [value, null, null] } })
    const quality = first([part(4, 4, 1), part(10, 6, 2)])
    close(quality.unbalancePct, Math.sqrt(0.4 * 1 + 0.6 * 4))
    close(quality.byPhase.dtti[0], Math.sqrt(0.4 * 1 + 0.6 * 4))
  })

  it('has the Pst of ten minutes, however short the reading; where two reach into it their cubic mean', () => {
    const pst = (end: number, value: number) => sample(end, 1, { byPhase: { pst: [value, null, null] } })
    close(first([pst(10, 0.4)]).byPhase.pst[0], 0.4)
    close(first([pst(4, 1), pst(14, 2)]).byPhase.pst[0], Math.cbrt(0.4 * 1 + 0.6 * 8))
    assert.equal(first([pst(4, 1)]).byPhase.pst[0], null)
  })

  it('is to the digit what the instrument gave, so that a limit is not passed by rounding (property)', () => {
    const given = fc.integer({ min: 0, max: 100_000 }).map((thousandths) => thousandths / 1_000)
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 10 }), (value, minutes) => {
        const samples = Array.from({ length: Math.ceil(10 / minutes) }, (_, n) =>
          sample((n + 1) * minutes, minutes, { unbalancePct: value, byPhase: { pst: [value, null, null] } }),
        )
        const quality = first(samples)
        assert.deepEqual([quality.unbalancePct, quality.byPhase.pst[0]], [value, value])
      }),
    )
  })

  it('divides an interval that crosses the end of a window', () => {
    const [before, after] = windowQualities(
      [sample(-5, 5, { frequencyHz: 60 }), sample(5, 10, { frequencyHz: 61 }), sample(10, 5, { frequencyHz: 59 })],
      rules,
      noon - windowMs,
      noon + windowMs,
    )
    assert.deepEqual(before!.frequencyHz, { min: 60, mean: 60.5, max: 61 })
    assert.deepEqual(after!.frequencyHz, { min: 59, mean: 60, max: 61 })
  })

  it('has a power factor of its energies, and of whole readings only', () => {
    const quality = first([
      sample(5, 5, { activeKw: 8, reactiveKvar: 6 }),
      sample(10, 5, { activeKw: 0, reactiveKvar: 0 }),
      sample(9, 1, { activeKw: 100 }),
    ])
    assert.deepEqual(quality.power, { activeKw: 4, reactiveKvar: 3 })
    assert.deepEqual(quality.powerFactor, { ratio: 0.8, reactive: 'inductive' })
    assert.equal(first([sample(10, 10, { activeKw: 0, reactiveKvar: 0 })]).powerFactor, null)
  })

  it('is not told of a quantity that readings cover too little', () => {
    const samples = [sample(8, 8, { unbalancePct: 1, frequencyHz: 60 }), sample(10, 2, { frequencyHz: 60 })]
    assert.equal(first(samples).unbalancePct, null)
    assert.ok(first(samples).frequencyHz)
    close(first(samples, { leastCoverage: 0.8 }).unbalancePct, 1)
  })

  describe('has the unbalance', () => {
    const volts = [220, 215, 225] as const
    it('of voltages between phases', () =>
      assert.ok(Math.abs(first([sample(10, 10, { volts })], { betweenPhases: true }).unbalancePct! - 2.6253) < 1e-4))
    it('of the instrument before that', () =>
      close(first([sample(10, 10, { volts, unbalancePct: 1 })], { betweenPhases: true }).unbalancePct, 1))
    it('of nothing where voltages are to neutral, or a phase is missing', () => {
      assert.equal(first([sample(10, 10, { volts })]).unbalancePct, null)
      const two = [220, 215, null] as const
      assert.equal(first([sample(10, 10, { volts: two })], { betweenPhases: true }).unbalancePct, null)
    })
  })

  it('neither depends on the order of readings, nor on how the time is divided among equal ones (property)', () => {
    const value = fc.double({ min: 0, max: 100, noNaN: true })
    const readings = fc.array(value, { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(readings, fc.integer({ min: 1, max: 60 }), (values, parts) => {
        const minutes = values.map((one, n) => sample(n + 1, 1, { unbalancePct: one, frequencyHz: one }))
        const finer = minutes.flatMap((one) =>
          Array.from({ length: parts }, (_, n) => ({
            ...{ ...one, at: one.at - (n * minute) / parts, intervalMs: minute / parts },
          })),
        )
        const [whole, turned, divided] = [minutes, minutes.toReversed(), finer].map((some) => first(some))
        for (const other of [turned!, divided!]) {
          assert.ok(Math.abs(other.unbalancePct! - whole!.unbalancePct!) < 1e-6)
          assert.ok(Math.abs(other.frequencyHz!.mean - whole!.frequencyHz!.mean) < 1e-6)
        }
      }),
    )
  })
})
