import type { ExclusionReason } from './exclusions.ts'
import type { InterruptionFacts, UnitOutage } from './interruption.ts'

/** A day that would count as critical in a conjunto, or would not. */
export interface SupposedDay {
  readonly conjuntoId: string
  /** Civil day of the conjunto, `YYYY-MM-DD`. */
  readonly day: string
  readonly critical: boolean
}

/** An exclusion that would be there. */
export interface SupposedExclusion {
  readonly interruptionId: number
  readonly unitId: string | null
  readonly reason: ExclusionReason
}

/** What is supposed in the stead of what is stored, to see what it would change before anybody decides. */
export interface Hypothesis {
  readonly days?: readonly SupposedDay[]
  readonly exclusions?: readonly SupposedExclusion[]
  /** Numbers of exclusions that would be taken back. */
  readonly withoutExclusions?: readonly number[]
  /** What would be known of interruptions. */
  readonly facts?: ReadonlyMap<number, Partial<Omit<InterruptionFacts, 'interruptionId' | 'exclusions'>>>
  /** All outages that units would have had in the month, by unit. */
  readonly outages?: ReadonlyMap<string, readonly UnitOutage[]>
}
