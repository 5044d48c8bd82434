/** Alarms that came in a period, from its begin on. */
export interface RateCount {
  /** ISO 8601. */
  readonly at: string
  readonly alarms: number
}

/** A bar of a chart, in shares of its width and height. */
export interface RateBar {
  readonly x: number
  readonly width: number
  readonly height: number
  readonly alarms: number
  /** Beyond the highest of the targets. */
  readonly isBeyond: boolean
}

export interface RateChart {
  readonly bars: readonly RateBar[]
  /** Where the target lines are, in shares of the height, from below. */
  readonly targets: readonly number[]
  /** Most alarms of one bar. */
  readonly most: number
}

/**
 * Bars of alarms over time, with the lines that they are held against; where nothing came there is no bar.
 * @param from, until  what the chart is wide, UTC milliseconds
 * @param stepMs       what a bar is wide at most
 */
export function rateChart(
  counts: readonly RateCount[],
  { from, until, stepMs }: { readonly from: number; readonly until: number; readonly stepMs: number },
  targets: readonly number[],
): RateChart {
  const most = counts.reduce((highest, { alarms }) => Math.max(highest, alarms), 0)
  // A line at the very top would not be seen.
  const top = Math.max(most, ...targets.map((target) => target * 1.1), 1)
  const span = Math.max(until - from, 1)
  const bars = counts.flatMap(({ at, alarms }): RateBar[] => {
    const begin = Math.max(Date.parse(at), from)
    const end = Math.min(Date.parse(at) + stepMs, until)
    if (end <= begin || alarms === 0) return []
    const place = { x: (begin - from) / span, width: (end - begin) / span, height: alarms / top }
    return [{ ...place, alarms, isBeyond: alarms > Math.max(...targets) }]
  })
  return { bars, targets: targets.map((target) => target / top), most }
}
