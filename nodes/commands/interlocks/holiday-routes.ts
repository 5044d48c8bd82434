import { Type } from '@sinclair/typebox'
import { wallClock } from '../../../platform/clock/clock.ts'
import { integerKey, Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { Text } from '../../../platform/wire/fields.ts'
import { deleteHoliday, listHolidays, putHoliday } from './holiday-repository.ts'

const tag = 'tags'
const day = Type.String({ format: 'date', pattern: '^(19|20|21)', description: 'Civil day', examples: ['2026-07-09'] })
const placeCode = Type.Integer({
  ...{ minimum: 11, maximum: 9_999_999, examples: [35] },
  description: 'IBGE code: two digits of a state, seven of a municipality',
})
const content = {
  name: Type.String({ ...Text(100, 'As people call it'), minLength: 1, examples: ['Revolução Constitucionalista'] }),
  source: Type.String({ ...Text(200, 'The law that says so'), minLength: 1, examples: ['Lei estadual 9.497/1997'] }),
}
const Holiday = Type.Object(
  { day: Type.String(), placeCode: Type.Integer(), ...content, enteredBy: Type.String() },
  { $id: 'LocalHoliday' },
)
const params = Type.Object({ day, placeCode })
const path = '/api/holidays/{day}/{placeCode}' as const
const keys = new Keyset(Type.Object({ day: Type.String(), placeCode: integerKey }))

/** Holidays of states and municipalities, on which and before which nobody is disconnected for non-payment. */
export const holidayRoutes = ({ database }: Pick<Services, 'database'>): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/holidays',
    operationId: 'listLocalHolidays',
    summary: 'Holidays of states and municipalities',
    description: 'Those of the nation need not be entered.',
    ...{ tag, right: 'read' as const },
    query: Type.Object({ from: Type.Optional(day), placeCode: Type.Optional(placeCode), ...pageQuery() }),
    answers: { 200: { description: 'By day and place', schema: pageOf(Holiday) } },
    async handle({ query: { cursor, limit, ...filter } }) {
      const rows = await listHolidays(database, filter, { after: keys.after(cursor), limit: limit + 1 })
      return { body: keys.page(rows, limit, ({ day, placeCode }) => ({ day, placeCode })) }
    },
  }),
  defineRoute({
    method: 'PUT',
    path,
    operationId: 'putLocalHoliday',
    summary: 'Enter or correct a holiday of a place',
    ...{ tag, right: 'administer' as const, params },
    body: Type.Object(content),
    answers: { 200: { description: 'The holiday', schema: Holiday } },
    async handle({ params, body, identity }) {
      checkPlace(params.placeCode)
      const holiday = { ...params, ...body, enteredBy: identity!.username }
      await putHoliday(database, holiday, wallClock.now())
      return { body: holiday }
    },
  }),
  defineRoute({
    method: 'DELETE',
    path,
    operationId: 'deleteLocalHoliday',
    summary: 'Strike out a holiday of a place',
    ...{ tag, right: 'administer' as const, params },
    answers: { 204: { description: 'It is none' } },
    async handle({ params }) {
      if (!(await deleteHoliday(database, params)))
        throw notFound('holiday', 'path.day', `${params.day} of ${params.placeCode}`)
      return {}
    },
  }),
]

/** @throws Problem 400 for a code of three to six digits */
function checkPlace(code: number): void {
  if (code > 99 && code < 1_000_000) throw badField('path.placeCode', code, 'must have two digits or seven')
}
