import { civilDaysIn, type CivilDays } from '../../../platform/clock/civil-day.ts'
import { daySpan, monthSpan, shiftMonth } from '../domain/month.ts'
import type { CivilMonth, Stretch } from '../domain/outage-course.ts'

/** Months and days of a zone, as outages lie in them. */
export interface CivilCalendar {
  readonly days: CivilDays
  /** `YYYY-MM` */
  monthOf(instant: number): string
  dayAt(instant: number): Stretch
  /** From the month of one instant to the one after that of another. */
  monthsFrom(from: number, now: number): readonly CivilMonth[]
}

const known = new Map<string, CivilCalendar>()

/** @param timeZone  IANA zone */
export function calendarIn(timeZone: string): CivilCalendar {
  const found = known.get(timeZone)
  if (found) return found
  const days = civilDaysIn(timeZone)
  const monthOf = (instant: number): string => days.dayOf(instant).slice(0, 7)
  const calendar: CivilCalendar = {
    ...{ days, monthOf },
    dayAt: (instant) => daySpan(days.dayOf(instant), days)!,
    monthsFrom(from, now) {
      const months: CivilMonth[] = []
      const last = shiftMonth(monthOf(Math.max(from, now)), 1)
      for (let month = monthOf(from); month <= last; month = shiftMonth(month, 1))
        months.push({ month, ...monthSpan(month, days) })
      return months
    },
  }
  known.set(timeZone, calendar)
  return calendar
}
