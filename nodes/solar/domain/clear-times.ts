/** What the panels of a site together make of the sky over 5 minutes. */
export interface SkyIndex {
  /** Beginning of the 5 minutes, UTC milliseconds. */
  readonly at: number
  /** Irradiance that their power stands for, by that of a sky without clouds. */
  readonly index: number
  readonly sunElevationDeg: number
}

/** Half of the time that is looked at around an instant: clouds show within it, ms. */
const halfWindowMs = 30 * 60_000
/** Less of the window is not enough to tell, of its thirteen 5 minutes. */
const leastInWindow = 9
/** Without clouds the index moves slowly: from one 5 minutes to the next on average, and from least to most. */
const mostMean = 0.012
const mostRange = 0.08
/** An overcast sky is calm too, but not this light, even over dirty panels. */
const leastIndex = 0.6
/** Below it air mass and reflection matter more than clouds, degrees. */
const leastElevationDeg = 20

/**
 * The times without clouds, by how calm the power of the site is: only then is the irradiance known where no sensor tells it, since then
 * it is that of the clear sky.
 * Source: the idea of Reno and Hansen, Identification of periods of clear sky irradiance in time series of GHI measurements,
 * Renewable Energy 90 (2016), with the index in place of the irradiance.
 * @param indexes  in the order of time
 * @returns beginnings of the 5 minutes
 */
export function clearTimes(indexes: readonly SkyIndex[]): ReadonlySet<number> {
  const clear = new Set<number>()
  let first = 0
  let end = 0
  for (const { at, index, sunElevationDeg } of indexes) {
    while (indexes[first]!.at < at - halfWindowMs) first += 1
    while (end < indexes.length && indexes[end]!.at <= at + halfWindowMs) end += 1
    if (index < leastIndex || sunElevationDeg < leastElevationDeg || end - first < leastInWindow) continue
    if (isCalm(indexes.slice(first, end).map((one) => one.index))) clear.add(at)
  }
  return clear
}

function isCalm(window: readonly number[]): boolean {
  const level = window.reduce((sum, index) => sum + index, 0) / window.length
  const steps = window.slice(1).map((index, n) => Math.abs(index - window[n]!))
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
  return mean <= mostMean * level && Math.max(...window) - Math.min(...window) <= mostRange * level
}
