import { Type } from '@sinclair/typebox'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { IdentifierParameter, Name, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { recordPersonal } from '../../../platform/network/personal-access.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import { NoRule } from '../../../platform/regulation/regulated.ts'
import { voltageClasses } from '../../../platform/regulation/voltage-class.ts'
import { compensationRuleIn } from '../domain/compensation-rules.ts'
import { areas } from '../domain/limit-tables.ts'
import { monthPattern, shiftMonth } from '../domain/month.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import { unitsDue } from './due-repository.ts'
import { ContinuityCompensationSchema, IndividualLimitsSchema } from './money-fields.ts'
import { closedVersion, paidTotals, paidUnits } from './paid-totals.ts'

const tag = 'continuity'
const base = '/api/quality/continuity/compensations'
const patienceMs = 300_000

const monthField = (description: string) => Type.String({ pattern: monthPattern, description, examples: ['2026-03'] })
const brl = (description: string) => Type.Number({ description: `${description}, R$` })
const version = Nullable(
  Type.Integer({ description: 'The version in which the month was closed last; null: it was not' }),
)
const unitKind = {
  conjuntoId: Nullable(Type.String({ description: 'Its conjunto' })),
  voltageClass: OneOf(voltageClasses, 'Its voltage class'),
  area: Nullable(OneOf(areas, 'Its area')),
}

const Line = Type.Object(
  {
    unitId: Name('The consumer unit', 'unit-001'),
    ...unitKind,
    month: monthField('The month'),
    amountBrl: Nullable(brl('What is due as it is known now; null: it waits')),
    pending: Nullable(Type.String({ description: 'What it waits for' })),
    bookedBrl: Nullable(brl('What was due when the month was closed last; null: it was not')),
    deltaBrl: Nullable(brl('What is due now, less what was booked: a further version of the month would bring it')),
    closedVersion: version,
    creditUntil: monthField('The last month in which it is credited (option `continuity-credit-months`)'),
    limits: Nullable(IndividualLimitsSchema),
    compensation: Nullable(ContinuityCompensationSchema),
  },
  { $id: 'ContinuityCompensationLine' },
)

const Total = Type.Object(
  {
    month: monthField('The month'),
    ...unitKind,
    for: OneOf(['month', 'dicri', 'dise'], 'What it is paid for: limits of the month, events of DICRI, events of DISE'),
    amountBrl: brl('What is due'),
    payments: Type.Integer({ description: 'Units; of DICRI and DISE events of units' }),
    closedVersion: version,
    formula: Type.String({ description: 'How it comes about' }),
  },
  { $id: 'ContinuityCompensationTotal' },
)

const query = {
  month: monthField('The month, YYYY-MM'),
  conjunto: Type.Optional(IdentifierParameter('Of one conjunto', '12345')),
}
const keys = new Keyset(Type.Object({ unitId: Type.String() }))

/** What is due to units for interruptions. Every amount explains itself. */
export const compensationRoutes = ({ access, database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: base,
    operationId: 'listContinuityCompensations',
    summary: 'What is due to units for interruptions in a month, unit by unit',
    description:
      'Those to which something is due, that wait for something, or to which something was due when the month was closed.',
    ...{ tag, right: 'personal' },
    query: Type.Object({
      ...query,
      unitId: Type.Optional(IdentifierParameter('Of one unit', 'unit-001')),
      pending: Type.Optional(Type.Boolean({ description: 'Only units that wait; false: only those that do not' })),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Units by name', schema: pageOf(Line) } },
    csv: csvColumnsOf(Line),
    async handle(request) {
      const { month, conjunto, unitId, pending, cursor, limit } = request.query
      checkMonth(month)
      const closed = await closedVersion(database, month)
      const filter = { month, conjuntoId: conjunto, unitId, pending }
      const rows = await unitsDue(database, filter, closed, { after: keys.after(cursor)?.unitId, limit: limit + 1 })
      const { items, nextCursor } = keys.page(rows, limit, (row) => ({ unitId: row.unitId }))
      const { 'continuity-credit-months': months } = await regulationChoices(database)
      const unitIds = items.map((row) => row.unitId)
      // The monetary base among the inputs tells of consumption.
      await recordPersonal(access, request, 'consumption_read', unitIds)
      const computed = unitIds.length === 0 ? [] : await unitMonths(database, { month, unitIds })
      const byUnit = new Map(computed.map((unit) => [unit.unitId, unit]))
      const shown = items.map(({ unitId: id, bookedBrl }) => {
        const { conjuntoId, voltageClass, area, compensation, limits, pending: waits } = byUnit.get(id)!
        const amountBrl = waits === null ? (compensation?.amountBrl ?? 0) : null
        const deltaBrl =
          amountBrl === null || bookedBrl === null ? null : Math.round((amountBrl - bookedBrl) * 100) / 100
        return {
          ...{ unitId: id, conjuntoId, voltageClass, area, month, amountBrl, pending: waits, bookedBrl, deltaBrl },
          ...{ closedVersion: closed, creditUntil: shiftMonth(month, months), limits, compensation },
        }
      })
      return { body: { items: shown, nextCursor } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${base}/totals`,
    operationId: 'listContinuityCompensationTotals',
    summary: 'What is due for interruptions in a month, by conjunto, voltage class, area and what it is paid for',
    description:
      'As the month was closed last, else as it is now: what the codes PG and QT of the regulator are made of.',
    ...{ tag, right: 'read', patienceMs },
    query: Type.Object(query),
    answers: { 200: { description: 'Those of which anything is due', schema: Type.Array(Total) } },
    csv: csvColumnsOf(Total),
    async handle({ query: { month, conjunto } }) {
      checkMonth(month)
      const closed = await closedVersion(database, month)
      const totals = await paidTotals(paidUnits(database, month, closed, conjunto))
      const formula = `sum of what is paid of ${base}?month=${month}, each unit truncated to cents`
      return {
        body: totals.map(({ cents, ...total }) => ({
          ...{ month, ...total, amountBrl: cents / 100, closedVersion: closed, formula },
        })),
      }
    },
  }),
]

/** @throws Problem 400 where no rule is known for the month */
function checkMonth(month: string): void {
  try {
    compensationRuleIn(month)
  } catch (error) {
    if (error instanceof NoRule) throw badField('query.month', month, error.message)
    throw error
  }
}
