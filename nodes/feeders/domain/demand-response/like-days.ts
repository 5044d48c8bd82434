import { weekdayOf, type Civil } from './program-window.ts'

/** Days whose load is alike: PRODIST, Módulo 2, characterises load by working days, Saturdays and Sundays. */
export type DayKind = 'working' | 'saturday' | 'sunday'

/** Days that a baseline is the mean of, and the fewest that make one. */
export const baselineDays = 10
export const fewestBaselineDays = 3
/** How far they are sought back, and among how many: days that were not measured have others in their place. */
const baselineReachDays = 110
const mostCandidates = 15

export function kindOfDay(day: string, civil: Pick<Civil, 'shift' | 'mondayOf'>): DayKind {
  const weekday = weekdayOf(day, civil)
  return weekday === 'sat' ? 'saturday' : weekday === 'sun' ? 'sunday' : 'working'
}

/**
 * Days like one, before another, on which nobody gave way: the newest first.
 * @param day     `YYYY-MM-DD`, whose kind they are of
 * @param before  only days before this one
 * @param called  days on which something was called for
 */
export function likeDays(
  day: string,
  before: string,
  called: ReadonlySet<string>,
  civil: Pick<Civil, 'shift' | 'mondayOf'>,
): string[] {
  const kind = kindOfDay(day, civil)
  const days: string[] = []
  for (let back = 1; back <= baselineReachDays && days.length < mostCandidates; back++) {
    const other = civil.shift(before, -back)
    if (!called.has(other) && kindOfDay(other, civil) === kind) days.push(other)
  }
  return days
}
