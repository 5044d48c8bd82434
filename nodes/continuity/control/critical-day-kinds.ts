import { Type, type Static } from '@sinclair/typebox'
import { approvalKindOf, type ApprovalEffect, type ApprovalKind } from '../../../platform/approval/approval.ts'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { IdentifierParameter } from '../../../platform/http/fields.ts'
import { badField, conflict } from '../../../platform/http/problem.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { daySpan } from '../domain/month.ts'
import { judgeDay, removeCriticalDay, writeCriticalDay, type CriticalDayOutlook } from '../registers/critical-days.ts'
import { lastEndIn, zoneOfConjunto } from './control-repository.ts'
import { hypothesisEffect } from './hypothesis-effect.ts'
import { monthsAround } from './months-around.ts'

const right = { propose: 'operate', decide: 'approve' } as const
const Day = Type.Object({
  conjuntoId: IdentifierParameter('The conjunto', '12345'),
  day: Type.String({ format: 'date', description: 'The civil day of the conjunto', examples: ['2026-03-14'] }),
})

/**
 * That a day of a conjunto counts as critical, and that it does not after all.
 * @param timeZone  of conjuntos that have none of their own
 */
export const criticalDayKinds = (timeZone: string): readonly ApprovalKind[] => [
  approvalKindOf({
    kind: 'continuity/critical-day',
    summary: 'A day of a conjunto counts as critical: its emergency occurrences exceed mean + 3 σ',
    body: Day,
    right,
    async effect(queries, body, asOf) {
      const { occurrences, threshold } = await qualifying(queries, body, timeZone)
      return { ...(await dayEffect(queries, body, true, timeZone, asOf)), occurrences, threshold }
    },
    async apply(client, { conjuntoId, day }, { approvalId }) {
      const { occurrences, threshold } = await qualifying(queriesOf(client), { conjuntoId, day }, timeZone)
      const found = { conjuntoId, day, occurrences, threshold: threshold.perDay, basis: threshold }
      await writeCriticalDay(client, found, approvalId)
    },
  }),
  approvalKindOf({
    kind: 'continuity/critical-day-taken-back',
    summary: 'A day of a conjunto counts as critical no longer',
    body: Day,
    right,
    async effect(queries, body, asOf) {
      const { approved } = await judged(queries, body, timeZone)
      if (!approved) throw conflict(`${body.day} is no critical day of ${body.conjuntoId}`)
      return dayEffect(queries, body, false, timeZone, asOf)
    },
    async apply(client, { conjuntoId, day }, { approvalId }) {
      if (!(await removeCriticalDay(client, { conjuntoId, day }, approvalId)))
        throw conflict(`${day} is no critical day of ${conjuntoId}`)
    },
  }),
]

type Asked = Static<typeof Day>

/** @throws Problem 400 for no conjunto, or no day of it */
async function judged(queries: Queries, { conjuntoId, day }: Asked, timeZone: string): Promise<CriticalDayOutlook> {
  await spanOf(queries, { conjuntoId, day }, timeZone)
  const [outlook] = await judgeDay(queries, [conjuntoId], day)
  return outlook!
}

/** A day with more occurrences than its threshold that is not critical yet. @throws Problem 400, 409 */
async function qualifying(queries: Queries, body: Asked, timeZone: string) {
  const { conjuntoId, day } = body
  const { occurrences, threshold, stillNeeded, approved } = await judged(queries, body, timeZone)
  if (approved) throw conflict(`${day} is a critical day of ${conjuntoId} already`)
  if (threshold === null)
    throw conflict(`nothing is known of the occurrences of ${conjuntoId} before ${day.slice(0, 4)}`)
  if (stillNeeded !== 0)
    throw conflict(
      `${day} had ${occurrences} occurrences in ${conjuntoId}: a critical day has more than ${threshold.perDay.toFixed(2)}`,
    )
  return { occurrences, threshold }
}

async function spanOf(queries: Queries, { conjuntoId, day }: Asked, timeZone: string) {
  const zone = await zoneOfConjunto(queries, conjuntoId)
  if (zone === undefined) throw badField('body.body.conjuntoId', conjuntoId, 'is no conjunto')
  const span = daySpan(day, civilDaysIn(zone ?? timeZone))
  if (!span) throw badField('body.body.day', day, `is no day in ${zone ?? timeZone}`)
  return span
}

/** What begins on the day may last into other months, and count there. */
async function dayEffect(
  queries: Queries,
  body: Asked,
  critical: boolean,
  timeZone: string,
  asOf: number,
): Promise<ApprovalEffect> {
  const { from, until } = await spanOf(queries, body, timeZone)
  const { lastEnd, lasts } = await lastEndIn(queries, body.conjuntoId, from, until)
  const end = Math.max(until, lasts ? asOf : (lastEnd ?? until))
  const touched = { months: monthsAround(from, end), conjuntoIds: [body.conjuntoId] }
  return hypothesisEffect(queries, touched, { days: [{ ...body, critical }] }, asOf)
}
