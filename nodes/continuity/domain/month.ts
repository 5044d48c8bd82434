import type { CivilDays } from '../../../platform/clock/civil-day.ts'
import type { Span } from './outage-parts.ts'

/** A civil month: `2026-03`. */
export const monthPattern = '^(19|20)\\d{2}-(0[1-9]|1[0-2])$'

/** The month so many months after one. */
export function shiftMonth(month: string, months: number): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))]
  const count = year * 12 + number - 1 + months
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

/**
 * A civil month on the line of time.
 * @param days  of the zone
 * @throws RangeError for what is no month
 */
export function monthSpan(month: string, days: CivilDays): Span {
  const [from, until] = [days.startOf(`${month}-01`), days.startOf(`${shiftMonth(month, 1)}-01`)]
  if (from === undefined || until === undefined) throw new RangeError(`${month} is no month YYYY-MM`)
  return { from, until }
}

/** A civil day on the line of time; undefined where the zone has no such day. */
export function daySpan(day: string, days: CivilDays): Span | undefined {
  const from = days.startOf(day)
  return from === undefined ? undefined : { from, until: days.startOf(days.next(day))! }
}
