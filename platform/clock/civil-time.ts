import { offsetsIn } from './zone-offset.ts'

const hourMs = 3_600_000

/** What the clocks of a zone show, and when. */
export interface CivilTimes {
  /** What they show at an instant (UTC milliseconds), as `YYYY-MM-DD HH:MM:SS`: what is less than a second is cut. */
  textOf(instant: number): string
  /** The first instant at which they show a text, UTC milliseconds; undefined where they never do. */
  instantOf(text: string): number | undefined
}

/** @param timeZone  IANA zone */
export function civilTimesIn(timeZone: string): CivilTimes {
  const offsetAt = offsetsIn(timeZone)
  return {
    textOf: (instant) => new Date(instant + offsetAt(instant)).toISOString().slice(0, 19).replace('T', ' '),
    instantOf(text) {
      const wall = wallOf(text)
      if (wall === undefined) return undefined
      // The offset before a change of the clocks and the one after it: where both fit, the hour comes twice.
      return [wall - 26 * hourMs, wall + 26 * hourMs]
        .map((nearby) => wall - offsetAt(nearby))
        .toSorted((one, other) => one - other)
        .find((instant) => instant + offsetAt(instant) === wall)
    },
  }
}

/** What is shown, as if it were UTC; undefined where the calendar has no such moment. */
function wallOf(text: string): number | undefined {
  const iso = text.replace(' ', 'T')
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(iso) ? Date.parse(`${iso}Z`) : NaN
  return Number.isFinite(wall) && new Date(wall).toISOString().startsWith(iso) ? wall : undefined
}
