export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** When a program calls by itself: on some days of the week, between two minutes of the civil day. */
export interface ProgramWindow {
  readonly days: readonly Weekday[]
  /** 0 … 1439. */
  readonly fromMinute: number
  /** 1 … 1440; not over `fromMinute`: of the next day. */
  readonly untilMinute: number
  /** First and last civil day `YYYY-MM-DD` on which it begins; null: without bound. */
  readonly validFrom: string | null
  readonly validUntil: string | null
}

/** Days and clocks of the window's zone, as `platform/clock` has them. */
export interface Civil {
  dayOf(instant: number): string
  shift(day: string, days: number): string
  mondayOf(day: string): string
  /** The first instant at which the clocks show `YYYY-MM-DD HH:MM:SS`; undefined where they never do. */
  instantOf(text: string): number | undefined
  /** What they show at an instant (UTC milliseconds): `YYYY-MM-DD HH:MM:SS`. */
  textOf(instant: number): string
}

/** One time that a window is open, UTC milliseconds. */
export interface Occurrence {
  readonly startsAt: number
  readonly endsAt: number
}

/** A week and a day: every window opens within them if it ever does again, but for one that is valid later only. */
const daysAhead = 8

export const weekdayOf = (day: string, { shift, mondayOf }: Pick<Civil, 'shift' | 'mondayOf'>): Weekday => {
  const monday = mondayOf(day)
  return weekdays.find((_, index) => shift(monday, index) === day)!
}

/** The time that a window is open at an instant, if it is. @param at  UTC milliseconds */
export const occurrenceAt = (window: ProgramWindow, at: number, civil: Civil): Occurrence | undefined => {
  const today = civil.dayOf(at)
  return [civil.shift(today, -1), today]
    .flatMap((day) => occurrenceOn(window, day, civil))
    .find(({ startsAt, endsAt }) => startsAt <= at && at < endsAt)
}

/** The next instant behind `at` at which a window opens, within about a week; undefined: none. */
export function nextOpening(window: ProgramWindow, at: number, civil: Civil): number | undefined {
  const today = civil.dayOf(at)
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const [occurrence] = occurrenceOn(window, civil.shift(today, ahead), civil)
    if (occurrence && occurrence.startsAt > at) return occurrence.startsAt
  }
  return undefined
}

function occurrenceOn(window: ProgramWindow, day: string, civil: Civil): Occurrence[] {
  const { days, fromMinute, untilMinute, validFrom, validUntil } = window
  if (!days.includes(weekdayOf(day, civil))) return []
  if ((validFrom !== null && day < validFrom) || (validUntil !== null && day > validUntil)) return []
  const startsAt = instantAt(day, fromMinute, civil)
  const endsAt = instantAt(untilMinute > fromMinute ? day : civil.shift(day, 1), untilMinute, civil)
  // A night in which the clocks leave out the whole window has none.
  return startsAt === undefined || endsAt === undefined || startsAt >= endsAt ? [] : [{ startsAt, endsAt }]
}

/** When the clocks show a minute of a day; where summer time leaves it out, when they show the hour after it. */
function instantAt(day: string, minute: number, civil: Civil): number | undefined {
  const textOf = (of: number): string => {
    const [on, within] = of >= 1_440 ? [civil.shift(day, 1), of - 1_440] : [day, of]
    return `${on} ${twoDigits(Math.floor(within / 60))}:${twoDigits(within % 60)}:00`
  }
  return civil.instantOf(textOf(minute)) ?? civil.instantOf(textOf(minute + 60))
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')
