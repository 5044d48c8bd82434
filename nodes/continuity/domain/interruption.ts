import type { ExclusionReason } from './exclusions.ts'

/** A piece of time in which one unit was without supply in at least one of its phases. Pieces of one unit do not overlap. */
export interface UnitOutage {
  readonly unitId: string
  readonly interruptionId: number
  /** UTC milliseconds. */
  readonly from: number
  /** UTC milliseconds; null: it lasts. */
  readonly until: number | null
}

/** Why an interruption does not count, of all its units or of one. */
export interface Exclusion {
  readonly reason: ExclusionReason
  /** Null: of all units in it. */
  readonly unitId: string | null
}

/** What is known of an interruption beside who was out and when. Instants are UTC milliseconds. */
export interface InterruptionFacts {
  readonly interruptionId: number
  /** Interruptions of one root (stepwise restoration, follow-up switching) have the same. */
  readonly eventId: number
  readonly startedAt: number
  readonly origin: 'internal' | 'external'
  readonly programmed: boolean
  /** Of which consumers were warned. */
  readonly announced: { readonly from: number; readonly until: number; readonly warnedAt: number } | null
  /** Approved ones only. */
  readonly exclusions: readonly Exclusion[]
}
