import { Type } from '@sinclair/typebox'
import { platformClock } from '../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../platform/http/csv.ts'
import { IdentifierParameter, InstantParameter } from '../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badField, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { findUnit } from './unit-repository.ts'
import { windowsOfUnit } from './unit-window-repository.ts'
import { shownWindow, Window } from './window-fields.ts'

const dayMs = 86_400_000
const mostDays = 31

/** A unit has one meter at a time, and so one window. */
const windowKeys = new Keyset(Type.Object({ start: instantKey }))

/** The 10-minute windows of a unit. */
export const windowRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/quality/voltage/units/{unitId}/windows',
    operationId: 'listUnitVoltageWindows',
    summary: 'The 10-minute voltages of a consumer unit, oldest first',
    description:
      'Of the meters that it had, each while it had it. A window is closed some minutes after its end, and computed again when readings come later: what is told is what the readings of today make of it. Ten minutes without any reading have no window; in a measurement they count as not covered.',
    tag: 'voltage quality',
    right: 'read',
    params: Type.Object({ unitId: IdentifierParameter('The consumer unit', 'unit-001') }),
    query: Type.Object({
      from: Type.Optional(
        InstantParameter('Windows that begin at this instant or later; 24 hours before `to` unless given'),
      ),
      to: Type.Optional(
        InstantParameter('Windows that begin before this instant; now unless given. 31 days at a time'),
      ),
      ...pageQuery(1_008, 5_000),
    }),
    answers: { 200: { description: 'Windows, oldest first', schema: pageOf(Window) } },
    csv: csvColumnsOf(Window),
    async handle({ params: { unitId }, query }) {
      const { cursor, limit } = query
      const now = platformClock.now()
      const to = query.to ?? Math.max(now, query.from ?? now)
      const from = query.from ?? to - dayMs
      if (from > to) throw badField('query.from', new Date(from).toISOString(), 'must not be after to')
      if (to - from > mostDays * dayMs)
        throw badField('query.from', new Date(from).toISOString(), `must be ${mostDays} days before to at most`)
      if (!(await findUnit(database, unitId, now))) throw notFound('unit', 'path.unitId', unitId)
      const after = windowKeys.after(cursor)?.start ?? -Infinity
      const rows = await windowsOfUnit(database, unitId, Math.max(from, after + 1), to, limit + 1)
      const { items, nextCursor } = windowKeys.page(rows, limit, ({ start }) => ({ start }))
      return { body: { items: items.map(shownWindow), nextCursor } }
    },
  }),
]
