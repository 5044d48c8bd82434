import type { Static, TSchema } from '@sinclair/typebox'
import type { PoolClient } from 'pg'
import type { Right } from '../access/roles.ts'
import type { Queries } from '../storage/queries.ts'

export const approvalStatuses = ['proposed', 'approved', 'rejected', 'withdrawn', 'expired'] as const
export type ApprovalStatus = (typeof approvalStatuses)[number]

/** What a proposal would change, computed before anybody decides. Beside the money, whatever its kind has to show: plain JSON. */
export interface ApprovalEffect {
  /** What is due to consumers afterwards, less what is due now, R$. Null: it cannot be computed, and `notComputable` says why. */
  readonly deltaBrl: number | null
  readonly notComputable?: string
  readonly [shown: string]: unknown
}

/** As it is kept: until which instant of the platform (ISO 8601) what lasts was counted. */
export interface KeptEffect extends ApprovalEffect {
  readonly asOf: string
}

/** A proposal, and what became of it. Instants are UTC milliseconds of the wall's clock. */
export interface Approval {
  readonly approvalId: number
  readonly kind: string
  readonly body: unknown
  readonly bodyHash: string
  readonly evidence: string
  /** As it was when it was proposed. */
  readonly effect: KeptEffect
  /** As it was when it was approved. */
  readonly decidedEffect: KeptEffect | null
  readonly proposedBy: string
  readonly proposedAt: number
  readonly expiresAt: number
  readonly status: ApprovalStatus
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly reason: string | null
}

/** Something that one person proposes and another one approves. */
export interface ApprovalKind<B extends TSchema = TSchema> {
  /** As `continuity/exclusion`: the area, and what is done. Never changes. */
  readonly kind: string
  readonly summary: string
  readonly body: B
  /** What whoever proposes it, and whoever decides on it, must be allowed. */
  readonly right: { readonly propose: Right; readonly decide: Right }
  /**
   * What reads much and must see all of it as of one instant: its transaction then is refused (409) where it would write a row
   * that somebody else has changed meanwhile.
   */
  readonly atOneInstant?: true
  /**
   * What it would change if it were approved now. Writes nothing.
   * @param asOf  until when what lasts is counted, UTC milliseconds of the platform: when it is computed again it is the same,
   *   so that only what has come to be otherwise moves the amount
   * @throws Problem where the body stands against what is there
   */
  effect(queries: Queries, body: Static<B>, asOf: number): Promise<ApprovalEffect>
  /**
   * Does it, in the transaction that approves it: both are done, or neither.
   * @throws Problem where it cannot be done (any more)
   */
  apply(client: PoolClient, body: Static<B>, approval: Approval): Promise<void>
  /** It is not to be done: it was rejected or withdrawn, in the transaction that says so. */
  decline?(client: PoolClient, body: Static<B>, approval: Approval): Promise<void>
}

/** A kind with the type of its body taken from its schema. */
export const approvalKindOf = <B extends TSchema>(kind: ApprovalKind<B>): ApprovalKind =>
  kind as unknown as ApprovalKind

const centBrl = 0.01
/** Less than this is what binary fractions lost. */
const lostBrl = 1e-8

/** Whether an effect is another one than was shown: by more than a cent, or computable no longer or only now. */
export function hasMoved(shown: number | null, now: number | null): boolean {
  if (shown === null || now === null) return shown !== now
  return Math.abs(shown - now) > centBrl + lostBrl
}
