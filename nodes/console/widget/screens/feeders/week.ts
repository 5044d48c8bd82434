import type { DemandEvent } from './demand-answers.ts'

/** A day of the calendar, by the clocks of whoever looks; instants in UTC milliseconds. */
export interface CalendarDay {
  readonly from: number
  /** Beginning of the next one: days on which clocks change are not 24 hours long. */
  readonly to: number
}

/** Midnights by the local clock, so many days after the first. */
const midnight = (at: number, days: number): number => {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime()
}

/** The week around an instant, from Monday, moved by whole weeks. */
export function weekOf(at: number, weeks = 0): CalendarDay[] {
  const sinceMonday = (new Date(at).getDay() + 6) % 7
  const first = weeks * 7 - sinceMonday
  return Array.from({ length: 7 }, (_, day) => ({ from: midnight(at, first + day), to: midnight(at, first + day + 1) }))
}

/** The part of an event that is on one day, where it stands in that day's column. */
export interface CalendarBar<Event> {
  readonly event: Event
  /** Place in the day, from its beginning to its end: 0 to 1. */
  readonly top: number
  readonly height: number
  /** Beside others of the same time: which, of how many. */
  readonly lane: number
  readonly lanes: number
}

type Timed = Pick<DemandEvent, 'tsStart' | 'endsAt' | 'eventId'>

/** Bars narrower than this could not be hit, nor read: a share of the day. */
const leastHeight = 1 / 40

/** The bars of a day, by their beginning. Those that overlap, as drawn, stand beside each other. */
export function barsOf<Event extends Timed>(events: readonly Event[], day: CalendarDay): CalendarBar<Event>[] {
  const length = day.to - day.from
  const drawn = events
    .map((event) => ({ event, from: Date.parse(event.tsStart), to: Date.parse(event.endsAt) }))
    .filter(({ from, to }) => from < day.to && (to > day.from || from >= day.from))
    .map(({ event, from, to }) => {
      const start = Math.min(1 - leastHeight, Math.max(0, (from - day.from) / length))
      return { event, top: start, bottom: Math.max(start + leastHeight, Math.min(1, (to - day.from) / length)) }
    })
    .toSorted((one, other) => one.top - other.top || one.event.eventId - other.event.eventId)

  const bars: CalendarBar<Event>[] = []
  let group: { event: Event; top: number; bottom: number; lane: number }[] = []
  const close = (): void => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1))
    bars.push(...group.map(({ event, top, bottom, lane }) => ({ event, top, height: bottom - top, lane, lanes })))
    group = []
  }
  for (const bar of drawn) {
    if (group.every(({ bottom }) => bottom <= bar.top)) close()
    const taken = new Set(group.filter(({ bottom }) => bottom > bar.top).map(({ lane }) => lane))
    let lane = 0
    while (taken.has(lane)) lane += 1
    group.push({ ...bar, lane })
  }
  close()
  return bars
}

/** A day as a head of its column: weekday, day and month. */
export const dayText = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { weekday: 'short', day: '2-digit', month: '2-digit' }).format(at)
