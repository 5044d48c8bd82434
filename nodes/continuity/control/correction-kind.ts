import { Type, type Static } from '@sinclair/typebox'
import { approvalKindOf, type ApprovalEffect, type ApprovalKind } from '../../../platform/approval/approval.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter, OneOf } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { causeCodes } from '../domain/causes.ts'
import { correctedOutages, type CorrectedTime } from '../domain/corrected-outages.ts'
import type { UnitOutage } from '../domain/interruption.ts'
import { applyCorrection } from '../interruptions/correction.ts'
import { outagesOfUnits, unitsKnown, unitsOfInterruptions, type ReachedInterruption } from './control-repository.ts'
import { serial } from './exclusion-kinds.ts'
import { hypothesisEffect } from './hypothesis-effect.ts'
import { interruptionNamed } from './interruption-effect.ts'
import { monthsAround } from './months-around.ts'

const instant = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-03-14T18:00:00-03:00'] })

const Correction = Type.Object({
  interruptionId: serial('The interruption'),
  times: Type.Array(
    Type.Object({
      unitIds: Type.Optional(
        Type.Array(IdentifierParameter('A unit', 'unit-001'), {
          ...{ minItems: 1, maxItems: 10_000, uniqueItems: true },
          description: 'Whose; all in the interruption unless given',
        }),
      ),
      from: instant('From when on'),
      until: instant('Until when'),
      supplied: Type.Boolean({ description: 'true: they had supply; false: they had none, by this interruption' }),
    }),
    {
      maxItems: 100,
      default: [],
      description: 'Times of units, against what meters, switches and persons told; a later one holds',
    },
  ),
  origin: Type.Optional(OneOf(['internal', 'external'], 'Where it came from')),
  programmed: Type.Optional(Type.Boolean({ description: 'Whether it was programmed' })),
  cause: Type.Optional(OneOf(causeCodes, 'What it came from')),
})

/** Times, origin, cause or nature of an interruption are corrected after the fact. */
export const correctionKind: ApprovalKind = approvalKindOf({
  kind: 'continuity/correction',
  summary: 'Times, origin, cause or nature of an interruption are corrected after the fact',
  body: Correction,
  right: { propose: 'operate', decide: 'approve' },
  async effect(queries, body, asOf) {
    const { interruption, correction, unitIds } = await correctable(queries, body, asOf)
    return correctionEffect(queries, interruption, correction, unitIds, asOf)
  },
  async apply(client, body, approval) {
    const { correction } = await correctable(queriesOf(client), body, platformClock.now())
    await applyCorrection(client, correction, approval)
  },
})

/** What this kind makes of a body. Instants are UTC milliseconds. */
type DecidedCorrection = Omit<Static<typeof Correction>, 'times'> & {
  readonly times: readonly (CorrectedTime & { readonly unitIds: readonly string[] })[]
}

interface Correctable {
  readonly interruption: ReachedInterruption
  readonly correction: DecidedCorrection
  /** All that it touches. */
  readonly unitIds: readonly string[]
}

const dayMs = 86_400_000
/** What is further off is an outage of its own, to be entered as such. */
const farMs = 31 * dayMs
const tooFar = 'must be within 31 days of the interruption'

/** @throws Problem 400 */
async function correctable(queries: Queries, body: Static<typeof Correction>, now: number): Promise<Correctable> {
  const { interruptionId, times, ...facts } = body
  if (times.length === 0 && Object.keys(facts).length === 0)
    throw badField('body.body', undefined, 'must correct something: times, origin, programmed or cause')
  const interruption = await interruptionNamed(queries, interruptionId, 'body.body.interruptionId')
  const own = await unitsOfInterruptions(queries, [interruptionId])
  const corrected = times.map((time, index) => {
    const field = `body.body.times.${index}`
    const [from, until] = [parseInstant(time.from)!, parseInstant(time.until)!]
    if (until <= from) throw badField(`${field}.until`, time.until, 'must be after from')
    if (until > now) throw badField(`${field}.until`, time.until, 'must not be ahead')
    if (from < interruption.rootFrom - farMs) throw badField(`${field}.from`, time.from, tooFar)
    if (until > (interruption.rootUntil ?? now) + farMs) throw badField(`${field}.until`, time.until, tooFar)
    return { from, until, supplied: time.supplied, unitIds: time.unitIds ?? own }
  })
  const known = await unitsKnown(queries, [...new Set(corrected.flatMap(({ unitIds }) => unitIds))])
  const ofIt = new Set(own)
  for (const [index, { unitIds, supplied }] of corrected.entries())
    for (const [at, unitId] of unitIds.entries())
      if (!known.has(unitId) || (supplied && !ofIt.has(unitId)))
        throw badField(
          `body.body.times.${index}.unitIds.${at}`,
          unitId,
          supplied ? `is no unit of interruption ${interruptionId}` : 'is no unit',
        )
  const correction = { interruptionId, times: corrected, ...facts }
  return { interruption, correction, unitIds: [...new Set([...own, ...known])].toSorted() }
}

/** Outages that a correction may reach began no longer before it, or after it. */
const reachMs = 400 * dayMs

async function correctionEffect(
  queries: Queries,
  { rootFrom, rootUntil }: ReachedInterruption,
  { interruptionId, times, origin, programmed }: DecidedCorrection,
  unitIds: readonly string[],
  now: number,
): Promise<ApprovalEffect> {
  const from = times.reduce((first, time) => Math.min(first, time.from), rootFrom)
  const until = times.reduce((last, time) => Math.max(last, time.until), rootUntil ?? now)
  const outages = new Map<string, UnitOutage[]>()
  if (times.length > 0) {
    const stored = Map.groupBy(
      await outagesOfUnits(queries, unitIds, from - reachMs, until + reachMs),
      (outage) => outage.unitId,
    )
    const timesOf = new Map<string, CorrectedTime[]>()
    for (const time of times)
      for (const unitId of time.unitIds) timesOf.set(unitId, [...(timesOf.get(unitId) ?? []), time])
    for (const [unitId, corrected] of timesOf)
      outages.set(unitId, correctedOutages(unitId, stored.get(unitId) ?? [], interruptionId, corrected))
  }
  const facts = { ...(origin !== undefined && { origin }), ...(programmed !== undefined && { programmed }) }
  const hypothesis = {
    ...(Object.keys(facts).length > 0 && { facts: new Map([[interruptionId, facts]]) }),
    ...(outages.size > 0 && { outages }),
  }
  return hypothesisEffect(queries, { months: monthsAround(from, until), unitIds }, hypothesis, now)
}
