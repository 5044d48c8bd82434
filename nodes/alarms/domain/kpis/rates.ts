import type { MinuteCount } from './floods.ts'

export const tenMinutesMs = 600_000

/** How many alarms came in a stretch of time that begins then, UTC milliseconds. */
export interface PeriodCount {
  readonly at: number
  readonly alarms: number
}

/**
 * Alarms by ten minutes of the clock: only those that had any, ascending.
 * @param minutes  ascending
 */
export function byTenMinutes(minutes: readonly MinuteCount[]): PeriodCount[] {
  const periods: { at: number; alarms: number }[] = []
  for (const { minute, alarms } of minutes) {
    const at = Math.floor(minute / tenMinutesMs) * tenMinutesMs
    const last = periods.at(-1)
    if (last?.at === at) last.alarms += alarms
    else periods.push({ at, alarms })
  }
  return periods
}

/**
 * Alarms by day, the days without any too.
 * @param minutes  ascending
 * @param starts   when each day begins, and at last where the period ends: ascending, UTC milliseconds
 */
export function byDay(minutes: readonly MinuteCount[], starts: readonly number[]): PeriodCount[] {
  const days = starts.slice(0, -1).map((at) => ({ at, alarms: 0 }))
  let day = 0
  for (const { minute, alarms } of minutes) {
    while (day + 1 < days.length && minute >= starts[day + 1]!) day++
    if (days[day] && minute >= starts[day]! && minute < starts[day + 1]!) days[day]!.alarms += alarms
  }
  return days
}

/** The part of a period that lies in these stretches, 0 to 1. @param spans  that do not overlap; null: until the end */
export function shareOfTime(
  spans: readonly { readonly begin: number; readonly end: number | null }[],
  from: number,
  until: number,
): number {
  const within = spans.map(({ begin, end }) => Math.min(end ?? until, until) - Math.max(begin, from))
  return within.reduce((sum, ms) => sum + Math.max(0, ms), 0) / (until - from)
}
