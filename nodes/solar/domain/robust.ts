/**
 * The middle of values; of an even number the mean of the two in the middle.
 * @throws RangeError without any
 */
export function medianOf(values: ArrayLike<number>): number {
  return quantileOf(values, 0.5)
}

/** The same, null without any. */
export const median = (values: ArrayLike<number>): number | null => (values.length === 0 ? null : medianOf(values))

/**
 * Quantile of values, between neighbours by their distance (Hyndman and Fan 1996, type 7).
 * @param share  0…1
 * @throws RangeError without values, or of a share that is none
 */
export function quantileOf(values: ArrayLike<number>, share: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), share)
}

/** The same of values in their order. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError('no values have no quantile')
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share out of range: ${share}`)
  const place = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
  // Equal neighbours need no way between them: of two infinite ones there is none.
  return below === above ? below : below + (above - below) * (place - Math.floor(place))
}

/** Of a normal distribution: standard deviation by median absolute deviation. */
const normalMad = 1.4826

/** Standard deviation by the median absolute deviation from the median, which half of the values cannot blow up; 0 without any. */
export function robustSd(values: ArrayLike<number>): number {
  if (values.length === 0) return 0
  const middle = medianOf(values)
  return normalMad * medianOf(Float64Array.from(values, (value) => Math.abs(value - middle)))
}
