import type { Session } from './sessions.ts'

/** A session and the control intervals that lie wholly within it: a controller learns of a car at its next tick. */
export interface Stay {
  readonly session: Session
  /** First interval it can charge in, and the first it cannot any more. */
  readonly from: number
  readonly until: number
}

/** Stays on a time-line of equal intervals. */
export interface TimeLine {
  /** Beginning of interval 0, UTC milliseconds: a whole multiple of the interval. */
  readonly start: number
  readonly intervalMs: number
  readonly intervals: number
  /** By arrival; those too short for one interval have `from` = `until` and get nothing from anybody. */
  readonly stays: readonly Stay[]
}

export function timeLineOf(sessions: readonly Session[], intervalMs: number): TimeLine {
  const first = sessions.reduce((least, { arrival }) => Math.min(least, arrival), Infinity)
  const start = Math.floor(first / intervalMs) * intervalMs
  const stays = sessions
    .toSorted((one, other) => one.arrival - other.arrival || (one.id < other.id ? -1 : 1))
    .map((session) => {
      const from = Math.ceil((session.arrival - start) / intervalMs)
      return { session, from, until: Math.max(from, Math.floor((session.departure - start) / intervalMs)) }
    })
  return { start, intervalMs, stays, intervals: stays.reduce((most, { until }) => Math.max(most, until), 0) }
}
