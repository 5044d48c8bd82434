import type { ApprovalEffect } from '../../../platform/approval/approval.ts'
import { badField } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Hypothesis } from '../domain/hypothesis.ts'
import { findInterruptions, unitsOfInterruptions, type ReachedInterruption } from './control-repository.ts'
import { hypothesisEffect } from './hypothesis-effect.ts'
import { monthsAround } from './months-around.ts'

/** What would change of the units in these interruptions. @param now  UTC milliseconds */
export async function interruptionsEffect(
  queries: Queries,
  interruptions: readonly ReachedInterruption[],
  hypothesis: Hypothesis,
  now: number,
  unitIds?: readonly string[],
): Promise<ApprovalEffect> {
  const ids = interruptions.map(({ interruptionId }) => interruptionId)
  const months = interruptions.flatMap(({ rootFrom, rootUntil }) => monthsAround(rootFrom, rootUntil ?? now))
  return hypothesisEffect(
    queries,
    { months: [...new Set(months)].toSorted(), unitIds: unitIds ?? (await unitsOfInterruptions(queries, ids)) },
    hypothesis,
    now,
  )
}

/** @param field  where the number stands, as `body.body.interruptionId` @throws Problem 400 where it is none, or none any more */
export async function interruptionNamed(
  queries: Queries,
  interruptionId: number,
  field: string,
): Promise<ReachedInterruption> {
  const [interruption] = await findInterruptions(queries, [interruptionId])
  if (!interruption) throw badField(field, interruptionId, 'is no interruption')
  return interruption
}
