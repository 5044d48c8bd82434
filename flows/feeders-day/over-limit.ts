/** What flowed on a line of a feeder, kW, consumption positive, from an instant on, UTC ms. */
export interface Sample {
  readonly at: number
  readonly kw: number
}

/** A limit of a line of a feeder while it was in force, UTC ms. */
export interface LimitPeriod {
  readonly from: number
  /** Not included; none: until the end. */
  readonly to?: number
  readonly limitKw: number
}

/** The feeder was over its limit all the time from `from` to `to`, UTC ms. */
export interface Excess {
  readonly from: number
  readonly to: number
  /** The most that it was above, kW. */
  readonly mostKw: number
  /** It was over when the limit changed, or within a step of the field of that. */
  readonly afterStep: boolean
}

/** A meter of class 1 does not see less, as a part of the limit. */
export const tolerance = 0.01

/** The smallest of the limits in force, kW. */
export const limitAt = (periods: readonly LimitPeriod[], at: number): number =>
  periods
    .filter(({ from, to = Infinity }) => from <= at && at < to)
    .reduce((least, { limitKw }) => Math.min(least, limitKw), Infinity)

/**
 * When a line was over its limit, by the field's own truth. A sample holds until the next one.
 * @param samples     by their instants
 * @param intervalMs  between two samples
 */
export function excesses(samples: readonly Sample[], periods: readonly LimitPeriod[], intervalMs: number): Excess[] {
  const steps = periods.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to]))
  const found: Excess[] = []
  let open: { from: number; mostKw: number } | undefined
  const close = (to: number) => {
    if (!open) return
    const { from, mostKw } = open
    const afterStep = steps.some((step) => step <= from && from - step <= intervalMs)
    found.push({ from, to, mostKw, afterStep })
    open = undefined
  }
  for (const { at, kw } of samples) {
    const limitKw = limitAt(periods, at)
    if (kw <= limitKw * (1 + tolerance)) {
      close(at)
      continue
    }
    open ??= { from: at, mostKw: 0 }
    open.mostKw = Math.max(open.mostKw, kw - limitKw)
  }
  const last = samples.at(-1)
  if (last) close(last.at + intervalMs)
  return found
}

/**
 * How long after a step a line has settled: it is within its limit, and stays so.
 * @param forMs  so long it has to stay
 * @returns ms; undefined: it never has, as far as was seen
 */
export function settledAfter(
  samples: readonly Sample[],
  periods: readonly LimitPeriod[],
  step: number,
  forMs: number,
): number | undefined {
  let since: number | undefined
  for (const { at, kw } of samples) {
    if (at < step) continue
    if (kw > limitAt(periods, at) * (1 + tolerance)) since = undefined
    else since ??= at
    if (since !== undefined && at - since >= forMs) return since - step
  }
  return undefined
}

/**
 * How often a course turned round: a rise of more than `bandKw` followed by such a fall, or the other way. What is smaller is noise.
 */
export function turns(course: readonly number[], bandKw: number): number {
  let [low, high] = [Infinity, -Infinity]
  let direction = 0
  let count = 0
  for (const kw of course) {
    low = Math.min(low, kw)
    high = Math.max(high, kw)
    if (direction <= 0 && kw - low > bandKw) {
      if (direction < 0) count++
      direction = 1
      high = kw
    } else if (direction >= 0 && high - kw > bandKw) {
      if (direction > 0) count++
      direction = -1
      low = kw
    }
    if (direction > 0) low = Math.min(kw, high)
    else if (direction < 0) high = Math.max(kw, low)
  }
  return count
}
