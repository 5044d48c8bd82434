import type { CommandInFull, Step } from './answers.ts'

/** What a command waits for, and until when: beyond that it goes on without. */
export interface Awaited {
  readonly what: 'approval' | 'sending' | 'armed' | 'answer' | 'effect'
  /** UTC milliseconds by the wall's clock, also where the platform lives by a simulated one. */
  readonly from: number
  readonly until: number
}

type Waiting = Pick<CommandInFull, 'state' | 'isQuarantined' | 'expiresAt' | 'plan' | 'timeline' | 'attempts'>

/** An answer is awaited a quarter of an hour at most, however often it was asked. */
const mostWaitMs = 900_000

/** @returns undefined where time alone changes nothing: it is over, in doubt, or comes from a backup */
export function awaitedOf({ state, isQuarantined, expiresAt, plan, timeline, attempts }: Waiting): Awaited | undefined {
  const last = timeline.findLast(({ toState }) => toState === state)
  if (!last || isQuarantined) return undefined
  const from = Date.parse(last.recordedAt)
  const expiry = Date.parse(expiresAt) + aheadOfClock(last)
  switch (state) {
    case 'pending_approval':
      return { what: 'approval', from, until: expiry }
    case 'approved':
    case 'queued':
      return { what: 'sending', from, until: expiry }
    case 'selected':
      return { what: 'armed', from, until: Math.min(from + plan.answerWithinMs, expiry) }
    case 'dispatched':
    case 'delivered':
    case 'accepted':
      return { what: 'answer', ...answerBy(timeline, plan.answerWithinMs, attempts) }
    case 'executed':
      return { what: 'effect', from, until: from + plan.verifyWithinMs }
    default:
      return undefined
  }
}

/** From the last time it was told to act, or said that it will, each time twice as long. */
function answerBy(timeline: readonly Step[], withinMs: number, attempts: number): Pick<Awaited, 'from' | 'until'> {
  const told = timeline.findLast(
    ({ cause }) => cause === 'dispatching' || cause === 'sent-again' || cause === 'accepted',
  )!
  const from = Date.parse(told.recordedAt)
  return { from, until: from + Math.min(withinMs * 2 ** Math.max(0, attempts - 1), Math.max(withinMs, mostWaitMs)) }
}

/** How far the wall is ahead of the platform's clock, ms. */
const aheadOfClock = ({ at, recordedAt }: Step): number => Date.parse(recordedAt) - Date.parse(at)
