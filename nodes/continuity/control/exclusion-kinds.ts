import { Type, type Static } from '@sinclair/typebox'
import { approvalKindOf, type ApprovalKind } from '../../../platform/approval/approval.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, OneOf } from '../../../platform/http/fields.ts'
import { badField, conflict } from '../../../platform/http/problem.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { exclusionRules, type ExclusionReason } from '../domain/exclusions.ts'
import { touchInterruptions } from '../interruptions/change-repository.ts'
import {
  exclusionsOf,
  findExclusion,
  findSituation,
  insertExclusions,
  takeBackExclusion,
  unitsOfInterruptions,
  type KeptExclusion,
  type ReachedInterruption,
} from './control-repository.ts'
import { checkWithin } from './emergency-reach.ts'
import { interruptionNamed, interruptionsEffect } from './interruption-effect.ts'

const right = { propose: 'operate', decide: 'approve' } as const
export const serial = (description: string) =>
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description })

const Exclusion = Type.Object({
  interruptionId: serial('The interruption'),
  unitId: Type.Optional(
    IdentifierParameter('The one unit for which it does not count; all in it unless given', 'unit-001'),
  ),
  reason: OneOf(Object.keys(exclusionRules) as ExclusionReason[], 'Why it does not count (items 178 to 181)'),
  situationId: Type.Optional(
    IdentifierParameter('The situation of emergency; for the reason emergency, and only for it', 'ise-2026-01'),
  ),
})

/** That an interruption does not count, for all its units or for one; and that it does after all. */
export const exclusionKinds: readonly ApprovalKind[] = [
  approvalKindOf({
    kind: 'continuity/exclusion',
    summary: 'An interruption does not count in DIC, FIC and DMIC, for a reason of items 178 to 181',
    body: Exclusion,
    right,
    async effect(queries, body, asOf) {
      const { interruption, unitId } = await excludable(queries, body)
      const { interruptionId, reason } = body
      const hypothesis = { exclusions: [{ interruptionId, unitId, reason }] }
      const units = unitId === null ? undefined : [unitId]
      return interruptionsEffect(queries, [interruption], hypothesis, asOf, units)
    },
    async apply(client, body, { approvalId, evidence }) {
      const queries = queriesOf(client)
      await touchInterruptions(client, [body.interruptionId], platformClock.now())
      const { unitId } = await excludable(queries, body)
      const { interruptionId, reason, situationId = null } = body
      await insertExclusions(queries, [{ interruptionId, unitId, reason, situationId }], { approvalId, evidence })
    },
  }),
  approvalKindOf({
    kind: 'continuity/exclusion-taken-back',
    summary: 'An exclusion is taken back: the interruption counts after all',
    body: Type.Object({ exclusionId: serial('The exclusion') }),
    right,
    async effect(queries, { exclusionId }, asOf) {
      const { interruptionId, unitId } = await standing(queries, exclusionId)
      const interruption = await interruptionNamed(queries, interruptionId, 'body.body.exclusionId')
      const hypothesis = { withoutExclusions: [exclusionId] }
      const units = unitId === null ? undefined : [unitId]
      return interruptionsEffect(queries, [interruption], hypothesis, asOf, units)
    },
    async apply(client, { exclusionId }, { approvalId }) {
      const queries = queriesOf(client)
      const { interruptionId } = await standing(queries, exclusionId)
      await touchInterruptions(client, [interruptionId], platformClock.now())
      if (!(await takeBackExclusion(queries, exclusionId, approvalId)))
        throw conflict(`exclusion ${exclusionId} has been taken back already`)
    },
  }),
]

/**
 * What is to be excluded. A reason that is of one user is of its unit, also where it has not been named: others may turn out to
 * have been in the interruption.
 * @throws Problem 400, 409
 */
async function excludable(
  queries: Queries,
  body: Static<typeof Exclusion>,
): Promise<{ interruption: ReachedInterruption; unitId: string | null }> {
  const { interruptionId, reason, situationId } = body
  const interruption = await interruptionNamed(queries, interruptionId, 'body.body.interruptionId')
  const units = await unitsOfInterruptions(queries, [interruptionId])
  const ofOneUser = exclusionRules[reason].parcel === 'none'
  const unitId = body.unitId ?? (ofOneUser && units.length === 1 ? units[0]! : null)
  if (unitId !== null && !units.includes(unitId))
    throw badField('body.body.unitId', unitId, `is no unit of interruption ${interruptionId}`)
  if (ofOneUser && unitId === null)
    throw badField(
      'body.body.reason',
      reason,
      `is of one user: name its unit, for the interruption has ${units.length}`,
    )
  if (reason === 'emergency' && situationId === undefined)
    throw badField('body.body.reason', reason, 'takes a situationId')
  if (situationId !== undefined) {
    if (reason !== 'emergency') throw badField('body.body.situationId', situationId, 'is for the reason emergency only')
    const situation = await findSituation(queries, situationId)
    if (!situation) throw badField('body.body.situationId', situationId, 'is no situation of emergency')
    const field = 'body.body.situationId'
    await checkWithin(queries, situation, interruption, unitId === null ? units : [unitId], field)
  }
  const same = (await exclusionsOf(queries, interruptionId)).find(
    (each) => each.reason === reason && (each.unitId === null || each.unitId === unitId),
  )
  if (same) throw conflict(`that is so already: exclusion ${same.exclusionId}`)
  return { interruption, unitId }
}

/** @throws Problem 400, 409 */
async function standing(queries: Queries, exclusionId: number): Promise<KeptExclusion> {
  const exclusion = await findExclusion(queries, exclusionId)
  if (!exclusion) throw badField('body.body.exclusionId', exclusionId, 'is no exclusion')
  if (exclusion.takenBackBy !== null)
    throw conflict(`exclusion ${exclusionId} has been taken back already: approval ${exclusion.takenBackBy}`)
  return exclusion
}
