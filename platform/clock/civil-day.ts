const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** The days of a zone, and where they lie on the line of time. */
export interface CivilDays {
  /** First instant of a day `YYYY-MM-DD`, UTC milliseconds; undefined if the zone has no such day. */
  startOf(day: string): number | undefined
  /** The day `YYYY-MM-DD` that an instant (UTC milliseconds) is of. */
  dayOf(instant: number): string
  /** The day that comes after one: a zone that crosses the date line leaves one out. */
  next(day: string): string
  /** The day so many days after one, by the calendar. */
  shift(day: string, days: number): string
  /** The Monday of a day's week, be it that day. */
  mondayOf(day: string): string
}

/** Whether it is a zone of the IANA by its name: of an offset PostgreSQL takes the opposite, and its history is none. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** @param timeZone  IANA zone */
export function civilDaysIn(timeZone: string): CivilDays {
  const startOf = dayStartsIn(timeZone)
  return {
    startOf,
    shift: shiftDay,
    dayOf(instant) {
      // No zone is a day away from UTC: of three days it is the last one that has begun.
      for (const ahead of [1, 0]) {
        const day = shiftDay(new Date(instant).toISOString().slice(0, 10), ahead)
        const start = startOf(day)
        if (start !== undefined && start <= instant) return day
      }
      return shiftDay(new Date(instant).toISOString().slice(0, 10), -1)
    },
    mondayOf: (day) => shiftDay(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7)),
    next(day) {
      const next = shiftDay(day, 1)
      return startOf(next) === undefined ? shiftDay(day, 2) : next
    },
  }
}

/** The day so many days after one, by the calendar: both `YYYY-MM-DD`. */
export const shiftDay = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/**
 * Finds when civil days begin in a zone. Where summer time skips midnight, as it did in Brazil until 2018, a day begins
 * at one o'clock.
 * @param timeZone  IANA zone
 * @returns for a day `YYYY-MM-DD` its first instant, UTC milliseconds; undefined if there is no such day
 */
export function dayStartsIn(timeZone: string): (day: string) => number | undefined {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  /** What the clocks of the zone show, as if it were UTC. */
  function wallAt(instant: number): number {
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN } = part
    return Date.UTC(year, month - 1, day, hour, minute, second)
  }
  const known = new Map<string, number | undefined>()

  function find(day: string): number | undefined {
    const midnight = midnightOf(day)
    if (midnight === undefined) return undefined
    // The offset before the night and the one after it: of two instants of the day the earlier one is its beginning.
    const instants = [midnight - 26 * hourMs, midnight + 26 * hourMs]
      .map((nearby) => midnight - (wallAt(nearby) - nearby))
      .filter((instant) => {
        const wall = wallAt(instant)
        return wall >= midnight && wall < midnight + 24 * hourMs
      })
    return instants.length === 0 ? undefined : Math.min(...instants)
  }

  return (day) => {
    if (!known.has(day)) known.set(day, find(day))
    return known.get(day)
  }
}

/** The day's midnight in UTC, if the calendar has that day. */
function midnightOf(day: string): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!parts) return undefined
  const midnight = Date.parse(`${day}T00:00:00Z`)
  return Number.isFinite(midnight) && new Date(midnight).toISOString().startsWith(day) ? midnight : undefined
}
