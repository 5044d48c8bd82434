/** Dense symmetric matrices by rows, as flat arrays: n × n numbers. */
export type Matrix = Float64Array

/**
 * Lower Cholesky factor, in place; what is above the diagonal stays as it was.
 * @throws RangeError if the matrix is not positive definite
 */
export function cholesky(matrix: Matrix, n: number): Matrix {
  for (let row = 0; row < n; row++) {
    const ofRow = row * n
    for (let column = 0; column <= row; column++) {
      const ofColumn = column * n
      let sum = matrix[ofRow + column]!
      for (let k = 0; k < column; k++) sum -= matrix[ofRow + k]! * matrix[ofColumn + k]!
      if (column < row) matrix[ofRow + column] = sum / matrix[ofColumn + column]!
      else if (sum > 0) matrix[ofRow + row] = Math.sqrt(sum)
      else throw new RangeError(`not positive definite at row ${row}`)
    }
  }
  return matrix
}

/** Solves L x = b in place. */
export function forwards(factor: Matrix, n: number, b: Float64Array): Float64Array {
  for (let row = 0; row < n; row++) {
    let sum = b[row]!
    for (let k = 0; k < row; k++) sum -= factor[row * n + k]! * b[k]!
    b[row] = sum / factor[row * n + row]!
  }
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
  readonly mode: Float64Array
  /** Logarithm of the evidence (Laplace), to compare priors by. */
  readonly evidence: number
  /** Of other places: means, and the lower Cholesky factor of their covariance. */
  readonly ahead: { readonly mean: Float64Array; readonly factor: Matrix }
}

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** log(1 + eˣ) without overflow. */
const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)))

const mostSteps = 25
/** A Newton step is halved so often before it is taken as the end. */
const mostHalvings = 8
const jitter = 1e-6

/**
 * Binomial counts with logistic link on a latent Gaussian vector, by Laplace's approximation: the mode by Newton's
 * method, the curvature there as covariance (Rasmussen and Williams 2006, algorithms 3.1 and 3.2).
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

  const times = (vector: Float64Array): Float64Array => {
    const out = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += prior[i * n + j]! * vector[j]!
      out[i] = sum
    }
    return out
  }
  const fitOf = (f: Float64Array, a: Float64Array): number => {
    let fit = 0
    for (let i = 0; i < n; i++) {
      const { trials, successes } = observed[i]!
      const latent = mean[i]! + f[i]!
      fit += successes * latent - trials * softplus(latent) - 0.5 * a[i]! * f[i]!
    }
    return fit
  }

  let f: Float64Array = new Float64Array(n)
  let a: Float64Array = new Float64Array(n)
  let fit = fitOf(f, a)
  const root = new Float64Array(n)
  let factor: Matrix = new Float64Array(n * n)
  const curve = (): void => {
    for (let i = 0; i < n; i++) {
      const p = logistic(mean[i]! + f[i]!)
      root[i] = Math.sqrt(observed[i]!.trials * p * (1 - p))
    }
    factor = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) factor[i * n + j] = root[i]! * root[j]! * prior[i * n + j]!
      factor[i * n + i]! += 1
    }
    cholesky(factor, n)
  }
  for (let step = 0; step < mostSteps; step++) {
    curve()
    const b = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      const { trials, successes } = observed[i]!
      b[i] = root[i]! * root[i]! * f[i]! + successes - trials * logistic(mean[i]! + f[i]!)
    }
    const c = times(b)
    for (let i = 0; i < n; i++) c[i]! *= root[i]!
    backwards(factor, n, forwards(factor, n, c))
    const full = new Float64Array(n)
    for (let i = 0; i < n; i++) full[i] = b[i]! - root[i]! * c[i]!
    let share = 1
    let better: { a: Float64Array; f: Float64Array; fit: number } | undefined
    for (let halving = 0; halving < mostHalvings && !better; halving++, share /= 2) {
      const nextA = full.map((value, i) => a[i]! + share * (value - a[i]!))
      const nextF = times(nextA)
      const next = fitOf(nextF, nextA)
      if (next > fit) better = { a: nextA, f: nextF, fit: next }
    }
    if (!better) break
    const gain = better.fit - fit
    ;({ a, f, fit } = better)
    if (gain < 1e-5) break
  }
  curve()
  let evidence = fit
  for (let i = 0; i < n; i++) evidence -= Math.log(factor[i * n + i]!)

  const slope = new Float64Array(n)
  for (let i = 0; i < n; i++) slope[i] = observed[i]!.successes - observed[i]!.trials * logistic(mean[i]! + f[i]!)
  return {
    mode: f.map((value, i) => mean[i]! + value),
    evidence,
    ahead: aheadOf(mean, covariance, slope, root, factor, n),
  }
}

function aheadOf(
  mean: Float64Array,
  covariance: (i: number, j: number) => number,
  slope: Float64Array,
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
      sum += c * slope[i]!
      across[i] = c * root[i]!
    }
    means[k] = sum
    spread.push(forwards(factor, n, across))
  }
  const left = new Float64Array(m * m)
  for (let k = 0; k < m; k++)
    for (let l = 0; l <= k; l++) {
      let sum = covariance(n + k, n + l)
      const one = spread[k]!
      const other = spread[l]!
      for (let i = 0; i < n; i++) sum -= one[i]! * other[i]!
      left[k * m + l] = sum + (k === l ? jitter : 0)
    }
  return { mean: means, factor: cholesky(left, m) }
}
