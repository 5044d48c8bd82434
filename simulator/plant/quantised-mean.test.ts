import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawOf } from '../draw.ts'
import { quantisedMean } from './quantised-mean.ts'

/** The same, reading by reading. */
function oneByOne(value: number, noise: number, readings: number, seed: number): number {
  const draw = drawOf(seed, 'readings')
  let sum = 0
  for (let n = 0; n < readings; n++) sum += Math.round((value + noise * draw.normal()) / 0.1) * 0.1
  return sum / readings
}

describe('the mean of rounded readings', () => {
  it('is exactly the rounded value where nothing else is ever read', () => {
    assert.equal(quantisedMean(1.02, 0.004, 0.1, 60, drawOf(1, 'a')), 1)
    assert.equal(quantisedMean(0, 0, 0.1, 60, drawOf(1, 'a')), 0)
  })

  it('is as if readings were taken one by one (property)', () => {
    const value = fc.double({ min: -5, max: 50, noNaN: true })
    const noise = fc.double({ min: 0.001, max: 0.15, noNaN: true })
    fc.assert(
      fc.property(value, noise, fc.integer({ min: 0, max: 1e6 }), (x, sigma, seed) => {
        const slow = oneByOne(x, sigma, 2_000, seed)
        const fast = quantisedMean(x, sigma, 0.1, 2_000, drawOf(seed, 'mean'))
        assert.ok(Math.abs(slow - fast) < 0.03, `${slow} and ${fast}`)
      }),
      { numRuns: 60 },
    )
  })

  it('is a sum of readings: a whole number of resolutions, divided by how many they are', () => {
    const mean = quantisedMean(38.94, 0.039, 0.1, 60, drawOf(3, 'b'))
    assert.ok(Math.abs((mean / 0.1) * 60 - Math.round((mean / 0.1) * 60)) < 1e-6)
  })
})
