const quarterMs = 15 * 60_000
/** Quarters of an hour that are remembered: a year of them. */
const mostKnown = 40_000

/**
 * How far a zone's clocks are from UTC.
 * @param timeZone  IANA zone
 * @returns for an instant (UTC milliseconds) the offset, ms: −3 h in São Paulo
 */
export function offsetsIn(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'iso8601', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const known = new Map<number, number>()
  return (instant) => {
    // No zone has changed its clocks but at a quarter of an hour.
    const quarter = Math.floor(instant / quarterMs)
    let offset = known.get(quarter)
    if (offset === undefined) {
      if (known.size >= mostKnown) known.clear()
      known.set(quarter, (offset = wallAt(format, quarter * quarterMs) - quarter * quarterMs))
    }
    return offset
  }
}

/** What the clocks show, as if it were UTC. */
function wallAt(format: Intl.DateTimeFormat, instant: number): number {
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
