import assert from 'node:assert/strict'
import fc from 'fast-check'
import { unbalanceOf } from './unbalance.ts'

/** Voltages as complex numbers. */
type Phasor = readonly [re: number, im: number]
const plus = ([a, b]: Phasor, [c, d]: Phasor): Phasor => [a + c, b + d]
const minus = ([a, b]: Phasor, [c, d]: Phasor): Phasor => [a - c, b - d]
const times = ([a, b]: Phasor, [c, d]: Phasor): Phasor => [a * c - b * d, a * d + b * c]
const polar = (size: number, degrees: number): Phasor => [
  ...([size * Math.cos((degrees * Math.PI) / 180), size * Math.sin((degrees * Math.PI) / 180)] as const),
]
const size = ([re, im]: Phasor): number => Math.hypot(re, im)
const turn = polar(1, 120)

/** Phase voltages from symmetrical components. */
const phasesOf = (zero: Phasor, positive: Phasor, negative: Phasor): readonly [Phasor, Phasor, Phasor] => [
  plus(zero, plus(positive, negative)),
  plus(zero, plus(times(times(turn, turn), positive), times(turn, negative))),
  plus(zero, plus(times(turn, positive), times(times(turn, turn), negative))),
]
const betweenPhases = ([a, b, c]: readonly [Phasor, Phasor, Phasor]): [number, number, number] => [
  ...([size(minus(a, b)), size(minus(b, c)), size(minus(c, a))] as const),
]

describe('unbalance from the voltages between phases', () => {
  for (const [volts, pct] of [
    [[220, 220, 220], 0],
    // β is 0.333 792 for these, and 0.333 598.
    [[220, 215, 225], 2.6253],
    [[380, 372, 385], 1.9944],
    // Two of them are one line: as much negative as positive sequence.
    [[100, 100, 200], 100],
  ] as const)
    it(`${volts.join(', ')} V is ${pct} %`, () =>
      assert.ok(Math.abs(unbalanceOf(volts)! - pct) < 5e-4, `${unbalanceOf(volts)}`))

  it('is none of three voltages that close no triangle, nor of nothing', () => {
    assert.equal(unbalanceOf([100, 100, 201]), undefined)
    assert.equal(unbalanceOf([220, 0, 0]), undefined)
    assert.equal(unbalanceOf([0, 0, 0]), undefined)
  })

  const angle = fc.double({ min: 0, max: 360, noNaN: true })
  const share = fc.double({ min: 0.001, max: 0.9, noNaN: true })

  it('is negative over positive sequence, whatever the zero sequence (property)', () => {
    fc.assert(
      fc.property(
        share,
        angle,
        fc.double({ min: 0, max: 1, noNaN: true }),
        angle,
        (part, degrees, zero, zeroDegrees) => {
          const network = phasesOf(polar(127 * zero, zeroDegrees), polar(127, 0), polar(127 * part, degrees))
          assert.ok(Math.abs(unbalanceOf(betweenPhases(network))! - 100 * part) < 1e-4)
        },
      ),
    )
  })

  it('does not depend on the order of the phases, nor on the size of all (property)', () => {
    const volts = fc.double({ min: 100, max: 150, noNaN: true })
    fc.assert(
      fc.property(volts, volts, volts, fc.double({ min: 0.1, max: 1_000, noNaN: true }), (ab, bc, ca, scale) => {
        const pct = unbalanceOf([ab, bc, ca])!
        assert.ok(Math.abs(unbalanceOf([ca * scale, ab * scale, bc * scale])! - pct) < 1e-4)
      }),
    )
  })

  it('cannot be had from voltages to neutral: the same three belong to a balanced network and to an unbalanced one', () => {
    const balanced = phasesOf([0, 0], polar(127, 0), [0, 0])
    const skewed = [polar(127, 0), polar(127, -110), polar(127, 125)] as const
    for (const network of [balanced, skewed])
      assert.deepEqual(
        network.map((phasor) => Math.round(size(phasor) * 1e9) / 1e9),
        [127, 127, 127],
      )
    assert.ok(unbalanceOf(betweenPhases(balanced))! < 1e-4)
    assert.ok(unbalanceOf(betweenPhases(skewed))! > 5)
  })
})
