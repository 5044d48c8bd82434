import type { PoolClient } from 'pg'
import { notFound } from '../../../platform/http/problem.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { addAudit } from './audit-repository.ts'
import { logChange, nextChange } from './change-repository.ts'
import { computeInterruptions } from './computation.ts'
import { factsOf, insertCorrection, type Facts } from './entry-repository.ts'
import { refreshInterruptions } from './interruption-repository.ts'
import { findInterruption } from './list-repository.ts'
import { sayFacts } from './person-entries.ts'
import { ensurePieces } from './piece-repository.ts'

/** What two persons decided of an interruption, against what evidence or somebody else says. Instants are UTC milliseconds. */
export interface InterruptionCorrection extends Partial<Facts> {
  readonly interruptionId: number
  /** Times of units: with supply, or without, and then by this interruption. Later ones hold. */
  readonly times: readonly {
    readonly unitIds: readonly string[]
    readonly from: number
    /** Null: from then on. */
    readonly until: number | null
    readonly supplied: boolean
  }[]
}

/** By whom it was decided. */
export interface DecidedBy {
  readonly approvalId: number
  readonly evidence: string
  readonly proposedBy: string
  readonly decidedBy: string | null
}

/**
 * Does what was decided, in the transaction that decides it: times of units hold against all evidence, also what comes later.
 * To make an interruption void, its units had supply all the time.
 * @throws Problem 404
 */
export async function applyCorrection(
  client: PoolClient,
  { interruptionId, times, ...said }: InterruptionCorrection,
  { approvalId, evidence, proposedBy, decidedBy }: DecidedBy,
): Promise<void> {
  const acting = { by: decidedBy ?? proposedBy, now: platformClock.now() }
  // Before the progress is taken: a partition is made by nobody who waits for us.
  for (const { from } of times) await ensurePieces(queriesOf(client), from)
  const writing = { changed: await nextChange(client), now: acting.now }
  if (!(await findInterruption(queriesOf(client), interruptionId)))
    throw notFound('interruption', 'body.interruptionId', interruptionId)
  for (const time of times) await insertCorrection(client, { approvalId, interruptionId, ...time })
  if (times.length > 0) {
    const after = times.map(({ unitIds, from, until, supplied }) => ({
      ...{ units: unitIds.length, from: iso(from), until: until === null ? null : iso(until), supplied },
    }))
    await addAudit(client, {
      ...{ at: acting.now, by: acting.by, act: 'corrected', interruptionId, subject: `interruption ${interruptionId}` },
      ...{ before: null, after: { times: after }, evidence, approvalId },
    })
    const units = times.flatMap(({ unitIds, from }) => unitIds.map((unitId) => ({ unitId, from })))
    await computeInterruptions(client, { networkFrom: null, units }, writing)
  }
  const before = await factsOf(queriesOf(client), interruptionId)
  const facts = Object.values(said).some((fact) => fact !== undefined)
  if (facts) await sayFacts(client, acting, interruptionId, { before, said, evidence, approvalId, act: 'corrected' })
  await refreshInterruptions(client, [interruptionId], writing.changed)
  await logChange(client, writing.changed, writing.now)
}

const iso = (instant: number): string => new Date(instant).toISOString()
