import assert from 'node:assert/strict'
import { drawsOf } from './draws.ts'

const many = 20_000
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('seeded draws', () => {
  it('are the same for the same seed, and others for another', () => {
    const take = (seed: number) => Array.from({ length: 5 }, drawsOf(seed).uniform)
    assert.deepEqual(take(3), take(3))
    assert.notDeepEqual(take(3), take(4))
  })

  it('are normal with mean 0 and deviation 1', () => {
    const values = Array.from({ length: many }, drawsOf(1).normal)
    assert.ok(Math.abs(meanOf(values)) < 0.03)
    assert.ok(Math.abs(meanOf(values.map((value) => value ** 2)) - 1) < 0.05)
  })

  for (const [shape, rate] of [
    [0.5, 60],
    [3, 2],
  ] as const)
    it(`have the mean and the variance of a gamma distribution of shape ${shape} and rate ${rate}`, () => {
      const draws = drawsOf(2)
      const values = Array.from({ length: many }, () => draws.gamma(shape, rate) * rate)
      assert.ok(Math.abs(meanOf(values) / shape - 1) < 0.05)
      assert.ok(Math.abs(meanOf(values.map((value) => (value - shape) ** 2)) / shape - 1) < 0.1)
    })

  it('refuse what they cannot draw from', () => {
    assert.throws(() => drawsOf(1).oneOf([]), /nothing to draw from/)
    assert.throws(() => drawsOf(1).gamma(0, 1), /gamma distribution of shape 0 and rate 1/)
  })
})
