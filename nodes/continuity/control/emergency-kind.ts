import { Type, type Static } from '@sinclair/typebox'
import { approvalKindOf, type ApprovalKind } from '../../../platform/approval/approval.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, OneOf } from '../../../platform/http/fields.ts'
import { badField, conflict } from '../../../platform/http/problem.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { touchInterruptions } from '../interruptions/change-repository.ts'
import { eventChi, writeEmergencySituation, type EventChi } from '../registers/emergency-situations.ts'
import {
  eventsOf,
  findInterruptions,
  findSituation,
  insertExclusions,
  unitsOfInterruptions,
  zoneOfConjunto,
  type ReachedInterruption,
} from './control-repository.ts'
import { checkWithin } from './emergency-reach.ts'
import { serial } from './exclusion-kinds.ts'
import { interruptionsEffect } from './interruption-effect.ts'

const mostInterruptions = 2_000
const instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-03-14T18:00:00-03:00'] })

const Situation = Type.Object({
  situationId: IdentifierParameter('A name for it, that no other one has', 'ise-2026-01'),
  basis: OneOf(['decree', 'chi'], 'What it rests on: a decree, or the customer-hours of its event'),
  decree: Type.Optional(
    Type.String({ minLength: 1, maxLength: 300, pattern: '\\S', description: 'The decree; for the basis decree' }),
  ),
  eventId: Type.Optional(serial('The event whose customer-hours make it one; for the basis chi')),
  conjuntoIds: Type.Array(IdentifierParameter('A conjunto', '12345'), {
    maxItems: 1_000,
    uniqueItems: true,
    default: [],
  }),
  municipalityCodes: Type.Array(Type.Integer({ minimum: 1_000_000, maximum: 9_999_999 }), {
    ...{ maxItems: 6_000, uniqueItems: true, default: [] },
    description: 'Municipalities, by their codes of IBGE',
  }),
  startsAt: instant('When it begins'),
  endsAt: instant('When it ends'),
  description: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }),
  interruptionIds: Type.Array(serial('An interruption'), {
    ...{ maxItems: mostInterruptions, uniqueItems: true, default: [] },
    description: 'Interruptions that are of it, with all their units: they are excluded with it',
  }),
})
type Asked = Static<typeof Situation>

/** A situation of emergency, with the interruptions that are of it. */
export const emergencyKind: ApprovalKind = approvalKindOf({
  kind: 'continuity/emergency-situation',
  summary: 'A situation of emergency, by a decree or by customer-hours, and the interruptions that are of it',
  body: Situation,
  right: { propose: 'operate', decide: 'approve' },
  async effect(queries, body, asOf) {
    const { interruptions, chi } = await declarable(queries, body, asOf)
    const exclusions = interruptions.map(({ interruptionId }) => ({ interruptionId, unitId: null, reason }))
    const effect = await interruptionsEffect(queries, interruptions, { exclusions }, asOf)
    return { ...effect, interruptions: interruptions.length, ...(chi && { chi }) }
  },
  async apply(client, body, { approvalId, evidence }) {
    const queries = queriesOf(client)
    const now = platformClock.now()
    if (body.interruptionIds.length > 0) await touchInterruptions(client, body.interruptionIds, now)
    await declarable(queries, body, now)
    const { situationId, basis, decree = null, conjuntoIds, municipalityCodes, description } = body
    const period = { startsAt: parseInstant(body.startsAt)!, endsAt: parseInstant(body.endsAt)! }
    const situation = { situationId, basis, decree, conjuntoIds, municipalityCodes, ...period, description, evidence }
    await writeEmergencySituation(client, situation, approvalId)
    const exclusions = body.interruptionIds.map((interruptionId) => ({
      interruptionId,
      unitId: null,
      reason,
      situationId,
    }))
    await insertExclusions(queries, exclusions, { approvalId, evidence })
  },
})

const reason = 'emergency' as const

/** @throws Problem 400, 409 */
async function declarable(
  queries: Queries,
  body: Asked,
  now: number,
): Promise<{ interruptions: readonly ReachedInterruption[]; chi: EventChi | null }> {
  const { situationId, conjuntoIds, municipalityCodes, interruptionIds } = body
  const period = { startsAt: parseInstant(body.startsAt)!, endsAt: parseInstant(body.endsAt)! }
  if (period.endsAt <= period.startsAt) throw badField('body.body.endsAt', body.endsAt, 'must be after startsAt')
  if (conjuntoIds.length + municipalityCodes.length === 0)
    throw badField(
      'body.body.conjuntoIds',
      undefined,
      'must name a conjunto, unless municipalityCodes names a municipality',
    )
  for (const [index, conjuntoId] of conjuntoIds.entries())
    if ((await zoneOfConjunto(queries, conjuntoId)) === undefined)
      throw badField(`body.body.conjuntoIds.${index}`, conjuntoId, 'is no conjunto')
  if (await findSituation(queries, situationId)) throw conflict(`there is a situation ${situationId} already`)
  const chi = await basisOf(queries, body, now)
  const found = new Map((await findInterruptions(queries, interruptionIds)).map((each) => [each.interruptionId, each]))
  const interruptions: ReachedInterruption[] = []
  for (const [index, interruptionId] of interruptionIds.entries()) {
    const field = `body.body.interruptionIds.${index}`
    const interruption = found.get(interruptionId)
    if (!interruption) throw badField(field, interruptionId, 'is no interruption')
    const units = await unitsOfInterruptions(queries, [interruptionId])
    await checkWithin(queries, { conjuntoIds, municipalityCodes, ...period }, interruption, units, field)
    interruptions.push(interruption)
  }
  return { interruptions, chi }
}

/** @returns the customer-hours that it rests on; null: a decree @throws Problem 400, 409 */
async function basisOf(
  queries: Queries,
  { basis, decree, eventId, interruptionIds }: Asked,
  now: number,
): Promise<EventChi | null> {
  if ((basis === 'decree') !== (decree !== undefined))
    throw badField('body.body.decree', decree, basis === 'decree' ? 'is missing' : 'is for the basis decree only')
  if ((basis === 'chi') !== (eventId !== undefined))
    throw badField('body.body.eventId', eventId, basis === 'chi' ? 'is missing' : 'is for the basis chi only')
  if (eventId === undefined) return null
  const chi = await eventChi(queries, eventId, now)
  if (chi === undefined) throw badField('body.body.eventId', eventId, 'is no event')
  if (chi === null) throw conflict('no units are known in conjuntos: there is nothing to hold customer-hours against')
  if (!chi.reached)
    throw conflict(
      `event ${eventId} has ${chi.chiH.toFixed(2)} customer-hours: a situation of emergency takes ${chi.limitH.toFixed(2)}`,
    )
  const others = (await eventsOf(queries, interruptionIds)).filter((each) => each.eventId !== eventId)
  if (others.length > 0)
    throw badField('body.body.interruptionIds', others[0]!.interruptionId, `is of another event than ${eventId}`)
  return chi
}
