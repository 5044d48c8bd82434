import { windowMs, windowStart } from './windows.ts'

/** What decides how far windows may be closed now; instants are UTC milliseconds. */
export interface ClosingState {
  /** Windows that end by then are over, and had time to settle. */
  readonly due: number
  readonly closedUntil: number
  readonly settleMs: number
  /** Oldest instant of what was stored and not yet looked at, and newest of what was stored lately; null where there is none. */
  readonly backlog: { readonly oldestUntakenAt: number | null; readonly newestStoredAt: number | null }
  /** Whether it was waited long enough. */
  readonly outOfPatience: boolean
}

/** Closing that is late by more than this comes from a standstill: the field has kept its readings meanwhile, and sends them now. */
const standstillMs = 2 * windowMs

/**
 * Up to where windows can be closed. After a standstill not before what the field has kept was stored and looked at: else each
 * window would be closed without its readings, and corrected when they come.
 */
export function closingTarget({ due, closedUntil, settleMs, backlog, outOfPatience }: ClosingState): number {
  if (due - closedUntil <= standstillMs || outOfPatience) return due
  const { oldestUntakenAt, newestStoredAt } = backlog
  return windowStart(
    Math.min(due, oldestUntakenAt ?? Infinity, newestStoredAt === null ? Infinity : newestStoredAt - settleMs),
  )
}
