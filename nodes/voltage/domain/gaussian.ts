/** Dense symmetric matrices by rows, as flat arrays: n × n numbers. */
export type Matrix = Float64Array

/** Σ a[i + k] · b[j + k], four sums side by side: none of them waits for another. Most of a forecast's time is spent here. */
export function dot(a: Float64Array, i: number, b: Float64Array, j: number, length: number): number {
  let one = 0
  let two = 0
  let three = 0
  let four = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    one += a[i + k]! * b[j + k]!
    two += a[i + k + 1]! * b[j + k + 1]!
    three += a[i + k + 2]! * b[j + k + 2]!
    four += a[i + k + 3]! * b[j + k + 3]!
  }
  for (; k < length; k++) one += a[i + k]! * b[j + k]!
  return one + two + (three + four)
}

/**
 * Lower Cholesky factor, in place; what is above the diagonal stays as it was.
 * @throws RangeError if the matrix is not positive definite
 */
export function cholesky(matrix: Matrix, n: number): Matrix {
  for (let row = 0; row < n; row++) {
    const ofRow = row * n
    for (let column = 0; column <= row; column++) {
      const ofColumn = column * n
      const sum = matrix[ofRow + column]! - dot(matrix, ofRow, matrix, ofColumn, column)
      if (column < row) matrix[ofRow + column] = sum / matrix[ofColumn + column]!
      else if (sum > 0) matrix[ofRow + row] = Math.sqrt(sum)
      else throw new RangeError(`not positive definite at row ${row}`)
    }
  }
  return matrix
}

/** Solves L x = b in place. */
export function forwards(factor: Matrix, n: number, b: Float64Array): Float64Array {
  for (let row = 0; row < n; row++) b[row] = (b[row]! - dot(factor, row * n, b, 0, row)) / factor[row * n + row]!
  return b
}

/** Solves Lᵀ x = b in place. */
export function backwards(factor: Matrix, n: number, b: Float64Array): Float64Array {
  for (let row = n - 1; row >= 0; row--) {
    let sum = b[row]!
    for (let k = row + 1; k < n; k++) sum -= factor[k * n + row]! * b[k]!
    b[row] = sum / factor[row * n + row]!
  }
  return b
}

/** Successes among trials, at a place `k` of a latent Gaussian vector. */
export interface Trials {
  readonly trials: number
  readonly successes: number
}

/** What observations leave of a latent Gaussian vector. */
export interface Posterior {
  /** Means at the observed places. */
  readonly mean: Float64Array
  /** Lower bound of the logarithm of the evidence, to compare priors by. */
  readonly evidence: number
  /** Of other places: means, and the lower Cholesky factor of their covariance. */
  readonly ahead: { readonly mean: Float64Array; readonly factor: Matrix }
}

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** Beyond it a logistic is one, and its exponential would overflow some day. */
const mostLogit = 500

/** Gauss–Hermite nodes and weights for the mean over a standard normal. */
const hermite: readonly (readonly [node: number, weight: number])[] = [
  [-3.750439717725742, 0.000548268855972217],
  [-2.366759410734541, 0.0307571239675865],
  [-1.154405394739968, 0.2401231786050127],
  [0, 0.4571428571428571],
  [1.154405394739968, 0.2401231786050127],
  [2.366759410734541, 0.0307571239675865],
  [3.750439717725742, 0.000548268855972217],
]

const mostRounds = 30
/** So far the first round goes towards where it would lead; shorter and shorter where that goes round in circles. */
const firstStride = 0.7
const leastStride = 0.3
const shorter = 0.6
/** A round that moves so much further than the one before goes in circles. */
const circling = 1.3
/** Latents whose means and deviations move less than this, logits, have arrived. */
const arrived = 0.15
const jitter = 1e-6
/** With less, what floating point loses in a difference would show. */
const leastPrecision = 1e-7

/**
 * Binomial counts with logistic link on a latent Gaussian vector, by the Gaussian that comes closest in the sense of
 * Kullback and Leibler (Opper and Archambeau 2009), found in its natural parameters (Khan and Lin 2017). Laplace's
 * approximation would not do: where no success was counted, its symmetric curve at the mode promises far too many.
 * @param mean        prior means of all places, the observed ones first
 * @param covariance  prior covariance of places `i` and `j`
 * @param observed    counts of the first places
 */
export function posteriorOf(
  mean: Float64Array,
  covariance: (i: number, j: number) => number,
  observed: readonly Trials[],
): Posterior {
  const n = observed.length
  const prior = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) prior[i * n + j] = prior[j * n + i] = covariance(i, j)
  const fit = new Fit(mean, prior, observed)
  for (let round = 0, stride = firstStride, last = Infinity; round < mostRounds && last > arrived; round++) {
    const moved = fit.step(stride) / stride
    if (moved > circling * last) stride = Math.max(leastStride, stride * shorter)
    last = moved
  }
  return {
    mean: fit.latent.map((value, i) => mean[i]! + value),
    evidence: fit.evidence(),
    ahead: aheadOf(mean, covariance, fit.weight, fit.root, fit.factor, n),
  }
}

/** The search for the closest Gaussian: that of one Gaussian observation a place, with precision `root²`. */
class Fit {
  readonly #n: number
  readonly #mean: Float64Array
  readonly #prior: Matrix
  readonly #observed: readonly Trials[]
  /** Latent minus prior mean, and its variance. */
  latent: Float64Array
  readonly #variance: Float64Array
  /** Precision times value of the observations that stand for the counts. */
  readonly #pull: Float64Array
  readonly #scratch: Float64Array
  readonly root: Float64Array
  /** `latent = K weight`. */
  weight: Float64Array
  /** Of 1 + √W K √W. */
  readonly factor: Matrix

  constructor(mean: Float64Array, prior: Matrix, observed: readonly Trials[]) {
    const n = observed.length
    this.#n = n
    this.#mean = mean
    this.#prior = prior
    this.#observed = observed
    this.latent = new Float64Array(n)
    this.weight = new Float64Array(n)
    this.#variance = Float64Array.from({ length: n }, (_, i) => prior[i * n + i]!)
    this.#pull = new Float64Array(n)
    this.#scratch = new Float64Array(n)
    this.root = new Float64Array(n)
    this.factor = new Float64Array(n * n)
    this.#begin()
  }

  /** Near the counts where something was counted; elsewhere the prior is nearer than any share that one could make up. */
  #begin(): void {
    this.#observed.forEach(({ trials, successes }, i) => {
      if (successes === 0) return
      const share = successes / (trials + 1)
      const curvature = trials * share * (1 - share)
      this.root[i] = Math.sqrt(curvature)
      this.#pull[i] = curvature * (Math.log(share / (1 - share)) - this.#mean[i]!)
    })
    this.#settle()
  }

  /** One round, `stride` of the way. @returns by how much a mean or a deviation has moved at most, logits */
  step(stride: number): number {
    const n = this.#n
    for (let i = 0; i < n; i++) {
      const { slope, curvature } = this.#expected(i)
      const precision = this.root[i]! ** 2
      this.root[i] = Math.sqrt(precision + stride * (curvature - precision))
      this.#pull[i]! += stride * (curvature * this.latent[i]! + slope - this.#pull[i]!)
    }
    return this.#settle()
  }

  /** Takes the Gaussian that the observations make. @returns by how much it has moved */
  #settle(): number {
    const n = this.#n
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) this.factor[i * n + j] = this.root[i]! * this.root[j]! * this.#prior[i * n + j]!
      this.factor[i * n + i]! += 1
    }
    cholesky(this.factor, n)
    const across = this.#times(this.#pull)
    for (let i = 0; i < n; i++) across[i]! *= this.root[i]!
    backwards(this.factor, n, forwards(this.factor, n, across))
    this.weight = this.#pull.map((value, i) => value - this.root[i]! * across[i]!)
    const latent = this.#times(this.weight)
    let moved = this.#spread()
    for (let i = 0; i < n; i++) moved = Math.max(moved, Math.abs(latent[i]! - this.latent[i]!))
    this.latent = latent
    return moved
  }

  evidence(): number {
    let evidence = 0
    for (let i = 0; i < this.#n; i++)
      evidence +=
        this.#expected(i).likelihood +
        0.5 * this.root[i]! ** 2 * this.#variance[i]! -
        0.5 * this.weight[i]! * this.latent[i]! -
        Math.log(this.factor[i * this.#n + i]!)
    return evidence
  }

  #times(vector: Float64Array): Float64Array {
    const n = this.#n
    const out = new Float64Array(n)
    for (let i = 0; i < n; i++) out[i] = dot(this.#prior, i * n, vector, 0, n)
    return out
  }

  /** Of the log likelihood of a count, under the Gaussian as it is. */
  #expected(i: number): { slope: number; curvature: number; likelihood: number } {
    const { trials, successes } = this.#observed[i]!
    const deviation = Math.sqrt(this.#variance[i]!)
    const latent = this.#mean[i]! + this.latent[i]!
    let p = 0
    let curvature = 0
    let lost = 0
    for (const [node, weight] of hermite) {
      const grown = Math.exp(Math.min(latent + node * deviation, mostLogit))
      const at = grown / (1 + grown)
      p += weight * at
      curvature += (weight * at) / (1 + grown)
      lost += weight * Math.log1p(grown)
    }
    return {
      slope: successes - trials * p,
      curvature: trials * curvature,
      likelihood: successes * latent - trials * lost,
    }
  }

  /** Variances that go with the precisions. @returns by how much a deviation has moved at most */
  #spread(): number {
    let moved = 0
    for (let i = 0; i < this.#n; i++) {
      const precision = this.root[i]! ** 2
      // (K⁻¹ + W)⁻¹ = W⁻¹ − (√W B √W)⁻¹, as long as there is a W to speak of.
      const variance = precision > leastPrecision ? (1 - this.#inverseAt(i)) / precision : this.#varianceAt(i)
      moved = Math.max(moved, Math.abs(Math.sqrt(variance) - Math.sqrt(this.#variance[i]!)))
      this.#variance[i] = Math.max(variance, jitter)
    }
    return moved
  }

  /** A diagonal entry of the inverse of what `factor` is the factor of. */
  #inverseAt(i: number): number {
    const n = this.#n
    const { factor } = this
    const column = this.#scratch
    let sum = (column[i] = 1 / factor[i * n + i]!) ** 2
    for (let row = i + 1; row < n; row++) {
      const entry = -dot(factor, row * n + i, column, i, row - i) / factor[row * n + row]!
      column[row] = entry
      sum += entry * entry
    }
    return sum
  }

  #varianceAt(i: number): number {
    const n = this.#n
    const across = this.#scratch
    for (let j = 0; j < n; j++) across[j] = this.root[j]! * this.#prior[i * n + j]!
    forwards(this.factor, n, across)
    return this.#prior[i * n + i]! - dot(across, 0, across, 0, n)
  }
}

function aheadOf(
  mean: Float64Array,
  covariance: (i: number, j: number) => number,
  weight: Float64Array,
  root: Float64Array,
  factor: Matrix,
  n: number,
): Posterior['ahead'] {
  const m = mean.length - n
  const means = new Float64Array(m)
  const spread: Float64Array[] = []
  for (let k = 0; k < m; k++) {
    const across = new Float64Array(n)
    let sum = mean[n + k]!
    for (let i = 0; i < n; i++) {
      const c = covariance(n + k, i)
      sum += c * weight[i]!
      across[i] = c * root[i]!
    }
    means[k] = sum
    spread.push(forwards(factor, n, across))
  }
  const left = new Float64Array(m * m)
  for (let k = 0; k < m; k++)
    for (let l = 0; l <= k; l++) {
      const sum = covariance(n + k, n + l) - dot(spread[k]!, 0, spread[l]!, 0, n)
      left[k * m + l] = sum + (k === l ? jitter : 0)
    }
  return { mean: means, factor: cholesky(left, m) }
}
