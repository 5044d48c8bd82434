import type { Condition } from '../../platform/wire/condition.ts'

/** An interruption as it travels, when it begins, changes or ends: instants are UTC milliseconds. */
export interface InterruptionMessage {
  interruptionId: number
  eventId: number
  elementKind: 'source' | 'switch' | 'section' | 'transformer' | 'unit'
  elementId: string
  feederId: string | null
  startedAt: number
  /** Null: it lasts. */
  endedAt: number | null
  /** Units that it concerns. */
  units: number
  cause: string | null
  programmed: boolean
  origin: 'internal' | 'external'
  /** Nothing of it is left. */
  void: boolean
}

/** Interruptions that were written, for the first time or again, in the order of their commits. */
export interface InterruptionBatch {
  topic: 'continuity/interruptions'
  payload: readonly InterruptionMessage[]
}

/** What outages and indicators mean for limits, when it changes. */
export interface ContinuityConditions {
  topic: 'continuity/conditions'
  payload: readonly Condition[]
}
