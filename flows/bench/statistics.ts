/**
 * Percentile of a sample, by the nearest rank: a value that was measured, never one in between.
 * @param share  0 to 1
 * @returns undefined where nothing was measured
 */
export function percentile(sample: readonly number[], share: number): number | undefined {
  const sorted = sample.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

/** Slope of the straight line that fits points best (least squares), in y a unit of x; 0 where there are fewer than two. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x0, y0] = [mean(({ x }) => x), mean(({ y }) => y)]
  const spread = mean(({ x }) => (x - x0) ** 2)
  return spread > 0 ? mean(({ x, y }) => (x - x0) * (y - y0)) / spread : 0
}
