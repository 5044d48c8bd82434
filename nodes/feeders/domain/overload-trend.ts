/** A power at an instant, UTC milliseconds; kW, consumption positive. */
export interface TrendPoint {
  readonly at: number
  readonly powerKw: number
}

/** Where a load is by its trend, and when it reaches a limit. */
export interface Reaching {
  /** Minutes until the limit is reached, > 0. */
  readonly inMinutes: number
  /** By the trend, now. */
  readonly nowKw: number
  readonly kwPerMinute: number
}

const minuteMs = 60_000
/** Fewer say nothing of where a load is going. */
const leastPoints = 5
/** What it has changed in the time that was looked at stands out of its own unrest by this factor. */
const standsOut = 2

/**
 * When a load that goes on as it did reaches a limit, by the straight line through its last points.
 * @param points   of the last minutes, in any order
 * @param limitKw  ≥ 0: towards consumption; the other way give the negative of every power
 * @param now      UTC milliseconds
 * @returns undefined where it does not within `horizonMinutes`, is there already, or its trend is lost in its unrest
 */
export function reachesLimit(
  points: readonly TrendPoint[],
  limitKw: number,
  now: number,
  horizonMinutes: number,
): Reaching | undefined {
  const count = points.length
  if (count < leastPoints) return undefined
  const minutes = points.map(({ at }) => (at - now) / minuteMs)
  const meanMinute = sumOf(minutes) / count
  const meanKw = sumOf(points.map(({ powerKw }) => powerKw)) / count
  const spread = sumOf(minutes.map((minute) => (minute - meanMinute) ** 2))
  if (spread === 0) return undefined
  const together = sumOf(points.map(({ powerKw }, index) => (minutes[index]! - meanMinute) * (powerKw - meanKw)))
  const kwPerMinute = together / spread
  const lineAt = (minute: number): number => meanKw + kwPerMinute * (minute - meanMinute)
  const unrestKw = Math.sqrt(
    sumOf(points.map(({ powerKw }, index) => (powerKw - lineAt(minutes[index]!)) ** 2)) / count,
  )
  const span = Math.max(...minutes) - Math.min(...minutes)
  const nowKw = lineAt(0)
  if (kwPerMinute <= 0 || nowKw >= limitKw || kwPerMinute * span < standsOut * unrestKw) return undefined
  const inMinutes = (limitKw - nowKw) / kwPerMinute
  return inMinutes <= horizonMinutes ? { inMinutes, nowKw, kwPerMinute } : undefined
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
