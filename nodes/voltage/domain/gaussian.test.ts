import assert from 'node:assert/strict'
import fc from 'fast-check'
import { backwards, cholesky, dot, forwards, logistic, posteriorOf } from './gaussian.ts'

describe('Cholesky’s factor', () => {
  it('solves what it was made of (property)', () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 9, maxLength: 9 }), (values) => {
        const entry = (i: number, j: number): number =>
          [0, 1, 2].reduce((sum, k) => sum + values[3 * i + k]! * values[3 * j + k]!, i === j ? 1 : 0)
        const matrix = Float64Array.from({ length: 9 }, (_, at) => entry(Math.floor(at / 3), at % 3))
        const factor = cholesky(matrix.slice(), 3)
        const x = backwards(factor, 3, forwards(factor, 3, Float64Array.of(1, -2, 3)))
        const back = [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, j) => sum + entry(i, j) * x[j]!, 0))
        for (const [index, wanted] of [1, -2, 3].entries()) assert.ok(Math.abs(back[index]! - wanted) < 1e-6)
      }),
    ))

  it('refuses what has none', () =>
    assert.throws(() => cholesky(Float64Array.of(1, 2, 2, 1), 2), /not positive definite at row 1/))
})

describe('the sum of products', () => {
  it('is of as many as are asked for, from where it is asked (property)', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99, max: 99 }), { maxLength: 13 }), fc.nat(3), fc.nat(3), (of, i, j) => {
        const around = (skipped: number): Float64Array => Float64Array.from([...Array(skipped).fill(7), ...of, 7, 7])
        const wanted = of.reduce((sum, value) => sum + value * value, 0)
        assert.equal(dot(around(i), i, around(j), j, of.length), wanted)
      }),
    ))
})

describe('what counts leave of a latent vector', () => {
  const alone = (variance: number) => (i: number, j: number) => (i === j ? variance : 0)

  it('is the prior where nothing is counted', () => {
    const { mean, ahead } = posteriorOf(Float64Array.of(-1, 2), (i, j) => (i === j ? 4 : 1), [])
    assert.equal(mean.length, 0)
    assert.deepEqual([...ahead.mean], [-1, 2])
    assert.ok(Math.abs(ahead.factor[0]! - 2) < 1e-6)
  })

  it('is near the share of many trials', () => {
    const { mean } = posteriorOf(Float64Array.of(0), alone(9), [{ trials: 1_000, successes: 300 }])
    assert.ok(Math.abs(logistic(mean[0]!) - 0.3) < 0.01)
  })

  it('agrees with the integral over one latent', () => {
    for (const successes of [0, 2, 12]) {
      const { mean, ahead } = posteriorOf(Float64Array.of(-3, -3), () => 9, [{ trials: 12, successes }])
      const [exactMean, exactVariance] = integrated(-3, 9, 12, successes)
      assert.ok(Math.abs(mean[0]! - exactMean) < 0.35, `mean ${mean[0]} for ${exactMean}`)
      // Of a skewed posterior the closest Gaussian is narrower.
      const ratio = ahead.factor[0]! ** 2 / exactVariance
      assert.ok(ratio > 0.6 && ratio < 1.25, `variance is ${ratio} of ${exactVariance}`)
    }
  })

  it('carries what was counted to what is like it, and not to what is not', () => {
    const like = (i: number, j: number): number => (i === j ? 4 : i + j === 1 ? 3.6 : 0)
    const { ahead } = posteriorOf(Float64Array.of(-2, -2, -2), like, [{ trials: 12, successes: 11 }])
    assert.ok(ahead.mean[0]! > 0)
    assert.equal(ahead.mean[1], -2)
  })

  it('has more evidence under a prior that fits', () => {
    const evidence = (mean: number): number =>
      posteriorOf(Float64Array.of(mean, mean), alone(1), [
        { trials: 12, successes: 1 },
        { trials: 12, successes: 2 },
      ]).evidence
    assert.ok(evidence(-2) > evidence(2))
    assert.ok(evidence(-2) > evidence(-8))
  })
})

/** Mean and variance of a latent, by adding up. */
function integrated(mean: number, variance: number, trials: number, successes: number): [number, number] {
  let [weight, first, second] = [0, 0, 0]
  for (let x = mean - 30; x < mean + 30; x += 0.01) {
    const p = Math.exp(successes * x - trials * Math.log1p(Math.exp(x)) - (x - mean) ** 2 / (2 * variance))
    weight += p
    first += p * x
    second += p * x * x
  }
  return [first / weight, second / weight - (first / weight) ** 2]
}
