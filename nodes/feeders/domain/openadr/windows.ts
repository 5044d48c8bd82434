import { parseInstant } from '../../../../platform/wire/instant.ts'
import { durationMs } from './duration.ts'
import { BadObject, type VtnEvent, type VtnInterval } from './objects.ts'

/** An interval of an event as it falls on the clock; instants are UTC milliseconds, `to` may be Infinity. */
export interface IntervalWindow {
  readonly interval: VtnInterval
  /** Its place among the intervals of the event, and which time they come round, from 0. */
  readonly index: number
  readonly loop: number
  readonly from: number
  readonly to: number
}

/** What of the time-line is looked at, and what is not the event's own. UTC milliseconds. */
export interface Looking {
  /** What is over by then is left out, and what begins later than `until`. */
  readonly at: number
  readonly until: number
  /** What "now" means for an event that is to be followed as it comes: when it was first seen. */
  readonly firstSeenAt: number
  /** −1 to 1, the same for the same event: where within its bounds a random start falls. */
  readonly chance: number
}

/** More windows than this in the time that is looked at are no schedule any more. */
const mostWindows = 2_000

/**
 * When the intervals of an event are (OpenADR 3.1.0, User Guide 7.3 and 7.4): each after the one before unless it says when, as long as
 * it says or the event; "the beginning of time" is now; the event's own duration cuts them off or has them come round again.
 * @throws BadObject for intervals without a beginning or a length, or more than can be followed
 */
export function windowsOf(event: VtnEvent, looking: Looking): IntervalWindow[] {
  const once = firstRound(event, looking)
  const start = once.reduce((least, { from }) => Math.min(least, from), Infinity)
  const end = once.reduce((most, { to }) => Math.max(most, to), -Infinity)
  const whole = event.duration == null ? undefined : durationMs(event.duration)
  if (whole === undefined || once.length === 0) return once.filter((window) => isLookedAt(window, looking))
  const last = whole <= 0 ? end : start + whole
  const roundMs = end - start
  const windows: IntervalWindow[] = []
  const first = roundMs === Infinity ? 0 : Math.max(0, Math.floor((looking.at - start) / roundMs))
  for (let loop = first; ; loop++) {
    const shift = loop === 0 ? 0 : loop * roundMs
    if (start + shift >= Math.min(last, looking.until)) return windows
    for (const window of once) {
      const [from, to] = [window.from + shift, Math.min(window.to + shift, last)]
      if (from < last && isLookedAt({ from, to }, looking)) windows.push({ ...window, loop, from, to })
    }
    if (windows.length > mostWindows)
      throw new BadObject(`duration is "${event.duration}": its intervals come round more than ${mostWindows} times`)
    if (roundMs === Infinity) return windows
  }
}

const isLookedAt = ({ from, to }: Pick<IntervalWindow, 'from' | 'to'>, { at, until }: Looking): boolean =>
  to > at && from < until

function firstRound(event: VtnEvent, { firstSeenAt, chance }: Looking): IntervalWindow[] {
  let next: number | undefined
  let offset = randomOf(event.intervalPeriod?.randomizeStart) * chance
  return (event.intervals ?? []).map((interval, index) => {
    const { intervalPeriod: own } = interval
    const place = `intervals.${index}`
    if (own?.randomizeStart != null) offset = randomOf(own.randomizeStart) * chance
    const said = startOf(own?.start, `${place}.intervalPeriod.start`)
    const general = startOf(event.intervalPeriod?.start, 'intervalPeriod.start')
    const from = absolute(said, offset) ?? next ?? absolute(general, offset) ?? nowOf([said, general], firstSeenAt)
    if (from === undefined) throw new BadObject(`${place} has no start, nor has the event`)
    const length = durationMs(own?.duration ?? event.intervalPeriod?.duration ?? '')
    if (length === undefined || length <= 0)
      throw new BadObject(`${place} has no duration, nor has the event: it takes one above nothing`)
    next = from + length
    return { interval, index, loop: 0, from, to: next }
  })
}

const beginningOfTime = Symbol('the beginning of time')
type Start = number | typeof beginningOfTime | undefined

/** @throws BadObject for a start that is no instant */
function startOf(text: string | null | undefined, field: string): Start {
  if (text == null) return undefined
  if (/^000[01]-01-01/.test(text)) return beginningOfTime
  const instant = parseInstant(text)
  if (instant === undefined) throw new BadObject(`${field} is "${text}": it takes an instant with offset (RFC 3339)`)
  return instant
}

const absolute = (start: Start, offset: number): number | undefined =>
  typeof start === 'number' ? Math.round(start + offset) : undefined

const nowOf = (starts: readonly Start[], firstSeenAt: number): number | undefined =>
  starts.includes(beginningOfTime) ? firstSeenAt : undefined

const randomOf = (text: string | null | undefined): number => {
  const ms = text == null ? 0 : Math.abs(durationMs(text) ?? 0)
  return ms === Infinity ? 0 : ms
}
