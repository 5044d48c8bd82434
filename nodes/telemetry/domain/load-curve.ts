const hourMs = 3_600_000

/** What a feeder carried in one interval: the mean powers of its devices, added up. */
export interface IntervalLoad {
  /** Number of the interval: from edge `interval` up to edge `interval + 1`. */
  readonly interval: number
  readonly totalKw: number
}

/** A stretch of a load curve. Where nothing reported, nothing is known: null, not zero. */
export interface LoadFigures {
  /** Energy of the intervals that are known; consumption positive. */
  readonly energyKwh: number
  /** Highest interval. */
  readonly peakKw: number | null
  /** Beginning of the highest interval, UTC milliseconds. */
  readonly peakAt: number | null
  readonly meanKw: number | null
  /** Mean by peak; null where there is no peak above zero. */
  readonly loadFactor: number | null
  /** Time of the intervals that are known. */
  readonly knownHours: number
}

/**
 * Figures of a load curve over some intervals.
 * @param loads  those with readings, in the order of time
 * @param edges  where intervals meet, UTC milliseconds
 * @param now    the running interval counts up to here
 */
export function figuresOf(loads: readonly IntervalLoad[], edges: readonly number[], now: number): LoadFigures {
  let energyKwh = 0
  let knownHours = 0
  let peak: IntervalLoad | undefined
  for (const load of loads) {
    const hours = Math.max(0, Math.min(edges[load.interval + 1]!, now) - edges[load.interval]!) / hourMs
    energyKwh += load.totalKw * hours
    knownHours += hours
    if (!peak || load.totalKw > peak.totalKw) peak = load
  }
  const meanKw = knownHours > 0 ? energyKwh / knownHours : null
  const peakKw = peak?.totalKw ?? null
  return {
    energyKwh,
    peakKw,
    peakAt: peak ? edges[peak.interval]! : null,
    meanKw,
    loadFactor: meanKw !== null && peakKw !== null && peakKw > 0 ? meanKw / peakKw : null,
    knownHours,
  }
}

/**
 * How long a demand lasts: peaks are means over so many minutes. A quarter of an hour, as demand is contracted and
 * metered (ANEEL REN 1000/2021, art. 2º); an hour where longer periods are told by whole hours.
 * @returns undefined where there would be too many: weeks and months take buckets of whole hours
 */
export function demandMinutes(window: Window, bucketMinutes: number): number | undefined {
  if (window === 'hour') return Math.min(15, bucketMinutes)
  if (bucketMinutes % 60 === 0) return 60
  return window === 'day' ? Math.min(15, bucketMinutes) : undefined
}

/** Divides buckets into intervals of one width, the last one of a bucket shorter where it does not go into it. */
export function intervalEdges(buckets: readonly number[], widthMs: number, now: number): number[] {
  const edges: number[] = []
  for (let index = 0; index + 1 < buckets.length; index++)
    for (let at = buckets[index]!; at < buckets[index + 1]! && at <= now; at += widthMs) edges.push(at)
  return [...edges, Math.min(edges.at(-1)! + widthMs, buckets.at(-1)!)]
}

/**
 * Figures of a load curve as a whole, and of each bucket with readings, oldest first.
 * @param loads    by interval, any number for each: they add up
 * @param edges    where intervals meet
 * @param buckets  where buckets meet; each is one of the edges
 */
export function curveFigures(
  loads: readonly IntervalLoad[],
  edges: readonly number[],
  buckets: readonly number[],
  now: number,
): { whole: LoadFigures; parts: (LoadFigures & { at: number })[] } {
  const totals = [...Map.groupBy(loads, ({ interval }) => interval)].map(([interval, parts]) => ({
    ...{ interval, totalKw: parts.reduce((sum, { totalKw }) => sum + totalKw, 0) },
  }))
  const curve = totals.toSorted((one, other) => one.interval - other.interval)
  const bucketOf = ({ interval }: IntervalLoad): number => buckets.findLastIndex((at) => at <= edges[interval]!)
  return {
    whole: figuresOf(curve, edges, now),
    parts: [...Map.groupBy(curve, bucketOf)].map(([bucket, part]) => ({
      ...{ at: buckets[bucket]!, ...figuresOf(part, edges, now) },
    })),
  }
}

/** Calendar periods that end now. */
export const windows = ['hour', 'day', 'week', 'month'] as const
export type Window = (typeof windows)[number]

/**
 * Since when a calendar period runs: the hour of the clock, the civil day, the week from Monday, the month.
 * @param now  UTC milliseconds
 * @returns UTC milliseconds
 */
export function windowStart(
  window: Window,
  now: number,
  days: {
    startOf(day: string): number | undefined
    dayOf(instant: number): string
    mondayOf(day: string): string
  },
): number {
  const today = days.dayOf(now)
  const dayStart = days.startOf(today)!
  switch (window) {
    case 'hour':
      return dayStart + Math.floor((now - dayStart) / hourMs) * hourMs
    case 'day':
      return dayStart
    case 'week':
      return days.startOf(days.mondayOf(today)) ?? dayStart
    case 'month':
      return days.startOf(`${today.slice(0, 7)}-01`) ?? dayStart
  }
}
