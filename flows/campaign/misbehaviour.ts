import type { Draw } from '../../simulator/draw.ts'

/** How a line treats messages: shares of them, 0 to 1. */
export interface Misbehaviour {
  /** They never arrive; half of them are confirmed to their sender nevertheless. */
  readonly dropped: number
  /** They arrive a second time, up to `mostDelayMs` later. */
  readonly duplicated: number
  /** They arrive up to `mostDelayMs` late, others meanwhile: reordered. */
  readonly delayed: number
  readonly mostDelayMs: number
  /** Answers to requests over HTTP that never arrive: who asked asks again. */
  readonly unheard: number
}

/** What becomes of a message. */
export type Fate =
  | { readonly kind: 'passed' }
  | { readonly kind: 'dropped'; readonly confirmed: boolean }
  | { readonly kind: 'duplicated' | 'delayed'; readonly afterMs: number }

export const wellBehaved: Misbehaviour = { dropped: 0, duplicated: 0, delayed: 0, mostDelayMs: 0, unheard: 0 }

/** Draws what becomes of the next message. */
export function fateOf({ dropped, duplicated, delayed, mostDelayMs }: Misbehaviour, draw: Draw): Fate {
  const [lot, share] = [draw.uniform(), draw.uniform()]
  const afterMs = Math.round(share * mostDelayMs)
  if (lot < dropped) return { kind: 'dropped', confirmed: share < 0.5 }
  if (lot < dropped + duplicated) return { kind: 'duplicated', afterMs }
  if (lot < dropped + duplicated + delayed) return { kind: 'delayed', afterMs }
  return { kind: 'passed' }
}
