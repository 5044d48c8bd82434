import { shiftDay, type CivilDays } from './civil-day.ts'
import type { CivilTimes } from './civil-time.ts'

/** Windows that come back by the week, in civil time. */
export interface WeeklyWindow {
  /** The days on which it begins: 1 Monday to 7 Sunday. */
  readonly days: readonly number[]
  /** `HH:MM`. */
  readonly from: string
  /** `HH:MM`, or `24:00` for the end of the day; what ends before it begins ends the day after. */
  readonly until: string
}

/** From an instant on and before another, UTC milliseconds. */
interface Window {
  readonly from: number
  readonly until: number
}

/**
 * The window that an instant is in, or the first one after it. Where summer time skips an edge, the edge is when the clocks go on;
 * where it comes twice, the first time counts.
 * @param at  UTC milliseconds
 * @returns undefined where the zone leaves none within two weeks
 */
export function windowFrom(
  { days, from, until }: WeeklyWindow,
  at: number,
  civilDays: CivilDays,
  civilTimes: CivilTimes,
): Window | undefined {
  // One that began yesterday may go on.
  for (let day = civilDays.shift(civilDays.dayOf(at), -1), ahead = 0; ahead < 16; ahead++) {
    if (days.includes(weekdayOf(day, civilDays))) {
      const last = until === '24:00' || until <= from ? civilDays.shift(day, 1) : day
      const window = {
        from: edgeAt(day, from, civilTimes),
        until: edgeAt(last, until === '24:00' ? '00:00' : until, civilTimes),
      }
      if (window.from < window.until && window.until > at) return window
    }
    day = civilDays.shift(day, 1)
  }
  return undefined
}

/** 1 Monday to 7 Sunday. */
function weekdayOf(day: string, civilDays: CivilDays): number {
  const monday = civilDays.mondayOf(day)
  for (let weekday = 1; weekday < 7; weekday++) if (civilDays.shift(monday, weekday - 1) === day) return weekday
  return 7
}

const quarterMinutes = 15
/** Zones that crossed the date line left a day out. */
const quarters = 26 * 4

/** When the clocks show this, or, where they skip it, what comes next. */
function edgeAt(day: string, time: string, civilTimes: CivilTimes): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  for (let quarter = 0; quarter < quarters; quarter++) {
    const minute = hours * 60 + minutes + quarter * quarterMinutes
    const instant = civilTimes.instantOf(textOf(day, minute - (quarter > 0 ? minute % quarterMinutes : 0)))
    if (instant !== undefined) return instant
  }
  return NaN
}

const textOf = (day: string, minute: number): string =>
  `${shiftDay(day, Math.floor(minute / 1440))} ${two(Math.floor((minute % 1440) / 60))}:${two(minute % 60)}:00`

const two = (value: number): string => String(value).padStart(2, '0')
