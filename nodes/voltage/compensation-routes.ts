import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../platform/http/csv.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badField } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { compensationMonths, listCompensation } from './compensation-repository.ts'
import { monthOf } from './domain/regularisation.ts'
import { count, month, serial, unitId } from './measurement-fields.ts'
import { CompensationSchema, shownLine } from './money-fields.ts'

const base = '/api/quality/voltage/compensation'
const tag = 'voltage quality'
const number = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const keys = new Keyset(
  Type.Object({
    month: month('Of the last one'),
    caseId: number,
    unitId: Type.String(),
    revision: Type.Integer({ minimum: 1, maximum: 32_767 }),
  }),
)

const MonthSchema = Type.Object(
  {
    month: Type.String({ description: 'Month of reference, YYYY-MM' }),
    units: count('Units to which something is due, or waits'),
    amountBrl: Type.Number({
      description: 'What is due in all: the sum of `deltaBrl` over the lines of the month, R$',
    }),
    correctedBrl: Type.Number({ description: 'Of it, what corrections changed after it had been booked, R$' }),
    pending: count('Lines that wait, as for an EUSD'),
    formula: Type.String({ description: 'How it comes about' }),
  },
  { $id: 'VoltageCompensationMonth' },
)

/** What is due for voltage that violates its limits, month by month. Every amount explains itself. */
export const compensationRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)
  return [
    defineRoute({
      method: 'GET',
      path: base,
      operationId: 'listVoltageCompensation',
      summary: 'What is due to units for voltage, line by line',
      description:
        'A line once booked stands; what changes it later is a line of its own with the difference. The sum of `deltaBrl` is what is due.',
      ...{ tag, right: 'read' },
      query: Type.Object({
        caseId: Type.Optional(serial('The case')),
        unitId: Type.Optional(unitId),
        month: Type.Optional(month('Month of reference')),
        pending: Type.Optional(Type.Boolean({ description: 'Only lines that wait; false: only those that do not' })),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'By month, the newest first', schema: pageOf(CompensationSchema) } },
      csv: csvColumnsOf(CompensationSchema),
      async handle({ query: { cursor, limit, ...filter } }) {
        const rows = await listCompensation(database, filter, { after: keys.after(cursor), limit: limit + 1 })
        const { items, nextCursor } = keys.page(rows, limit, ({ month, caseId, unitId, revision }) => ({
          ...{ month, caseId, unitId, revision },
        }))
        return { body: { items: items.map(shownLine), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/months`,
      operationId: 'listVoltageCompensationMonths',
      summary: 'What is due for voltage, summed by month',
      ...{ tag, right: 'read' },
      query: Type.Object({
        from: Type.Optional(month('First month; twelve months with `to` unless given')),
        to: Type.Optional(month('Last month; the present one unless given')),
      }),
      answers: { 200: { description: 'Months with anything, the newest first', schema: Type.Array(MonthSchema) } },
      csv: csvColumnsOf(Type.Omit(MonthSchema, ['formula'])),
      async handle({ query }) {
        const to = query.to ?? monthOf(days.dayOf(platformClock.now()))
        const from = query.from ?? `${Number(to.slice(0, 4)) - (to.endsWith('-12') ? 0 : 1)}${monthAfter(to)}`
        if (from > to) throw badField('query.from', from, `must not be after ${to}`)
        const months = await compensationMonths(database, from, to)
        return {
          body: months.map((each) => ({ ...each, formula: `sum of deltaBrl of ${base}?month=${each.month}` })),
        }
      },
    }),
  ]
}

/** `-12` is followed by `-01`. */
const monthAfter = (month: string): string => `-${String((Number(month.slice(5)) % 12) + 1).padStart(2, '0')}`
