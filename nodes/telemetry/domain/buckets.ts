const minuteMs = 60_000
const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** One answer has so many buckets at most. */
export const mostBuckets = 1_500

/** What the calendar of a zone says of days, `YYYY-MM-DD`; instants are UTC milliseconds. */
export interface Days {
  startOf(day: string): number | undefined
  dayOf(instant: number): string
  next(day: string): string
}

/**
 * Divides time into buckets of one width. They begin anew with each civil day, so the last one of a day may be shorter,
 * and a bucket of a day is a civil day, be it of 23 or 25 hours.
 * @param from     first instant that some bucket holds
 * @param to       last one, included
 * @param widthMs  at most a day
 * @returns where buckets meet: bucket `n` reaches from edge `n` up to, and without, edge `n + 1`
 */
export function bucketEdges(from: number, to: number, widthMs: number, days: Days): number[] {
  const edges: number[] = []
  let day = days.dayOf(from)
  let start = days.startOf(day)!
  for (;;) {
    const next = days.next(day)
    const end = days.startOf(next)!
    const width = widthMs >= dayMs ? end - start : widthMs
    for (let at = start + Math.floor(Math.max(0, from - start) / width) * width; at < end; at += width) {
      edges.push(at)
      if (at > to) return edges
    }
    day = next
    start = end
  }
}

/**
 * From where each part of a period is taken: readings themselves where a minute is cut, minutes where an hour is cut,
 * hours in between. In this order, each up to and without the next one:
 * readings [from, minuteFrom), minutes [minuteFrom, hourFrom), hours [hourFrom, hourTo), minutes [hourTo, minuteTo),
 * readings [minuteTo, end).
 */
export interface Grains {
  readonly from: number
  readonly minuteFrom: number
  readonly hourFrom: number
  readonly hourTo: number
  readonly minuteTo: number
  readonly end: number
}

/**
 * @param from   UTC milliseconds
 * @param to     the last instant, included
 * @param edges  of the buckets, whole minutes: hours are of use only where no bucket divides one
 */
export function grainsOf(from: number, to: number, edges: readonly number[]): Grains {
  const end = to + 1
  const none = (at: number): Grains => ({ from, minuteFrom: at, hourFrom: at, hourTo: at, minuteTo: at, end })
  const minuteFrom = Math.ceil(from / minuteMs) * minuteMs
  const minuteTo = Math.floor(end / minuteMs) * minuteMs
  if (minuteTo <= minuteFrom) return none(end)
  const hourFrom = Math.ceil(minuteFrom / hourMs) * hourMs
  const hourTo = Math.floor(minuteTo / hourMs) * hourMs
  const hourly = edges.every((edge) => edge % hourMs === 0) && hourTo > hourFrom
  return hourly
    ? { from, minuteFrom, hourFrom, hourTo, minuteTo, end }
    : { from, minuteFrom, hourFrom: minuteTo, hourTo: minuteTo, minuteTo, end }
}
