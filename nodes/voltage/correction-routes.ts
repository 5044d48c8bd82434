import { Type, type Static } from '@sinclair/typebox'
import { platformClock } from '../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, InstantParameter, Name, Nullable } from '../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery, serialKey } from '../../platform/http/pages.ts'
import { badField, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { correctionsOfUnit, type WindowCorrection, type WindowState } from './correction-repository.ts'
import { findUnit } from './unit-repository.ts'
import { shownFigures, Window } from './window-fields.ts'

const dayMs = 86_400_000
const mostDays = 31

const State = Type.Omit(Window, ['start', 'meterId'])
const Correction = Type.Object(
  {
    start: Instant('Beginning of the ten minutes'),
    meterId: Name('The meter that the unit had then', 'meter-001'),
    correctedAt: Instant('When the window was computed again'),
    lateBatch: Nullable(
      Type.Integer({
        description:
          'Newest commit that brought readings or events for it late; null where the registry was changed, or the clock set back',
      }),
    ),
    before: Nullable(State),
    after: State,
  },
  { $id: 'VoltageWindowCorrection' },
)

const keys = new Keyset(Type.Object({ start: instantKey, changed: serialKey }))

/** What became of the windows of a unit after they were closed. */
export const correctionRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/quality/voltage/units/{unitId}/corrections',
    operationId: 'listUnitVoltageCorrections',
    summary: 'Corrections of the 10-minute voltages of a consumer unit',
    description:
      'What readings and events that came after a window was closed, or a change of the registry, made of it: before and after. By window, and of one window in their order. Kept as long as windows are.',
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
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Corrections', schema: pageOf(Correction) } },
    async handle({ params: { unitId }, query }) {
      const { cursor, limit } = query
      const now = platformClock.now()
      const until = query.to ?? Math.max(now, query.from ?? now)
      const from = query.from ?? until - dayMs
      if (from > until) throw badField('query.from', new Date(from).toISOString(), 'must not be after to')
      if (until - from > mostDays * dayMs)
        throw badField('query.from', new Date(from).toISOString(), `must be ${mostDays} days before to at most`)
      if (!(await findUnit(database, unitId, now))) throw notFound('unit', 'path.unitId', unitId)
      const page = { from, until, after: keys.after(cursor), limit: limit + 1 }
      const rows = await correctionsOfUnit(database, unitId, page)
      const { items, nextCursor } = keys.page(rows, limit, ({ start, changed }) => ({ start, changed }))
      return { body: { items: items.map(shown), nextCursor } }
    },
  }),
]

function shown({ deviceId, start, correctedAt, batchId, before, after }: WindowCorrection): Static<typeof Correction> {
  return {
    ...{ start: new Date(start).toISOString(), meterId: deviceId, correctedAt: new Date(correctedAt).toISOString() },
    ...{ lateBatch: batchId, before: before && shownState(before), after: shownState(after) },
  }
}

const shownState = ({ invalid: reason, evidence, ...state }: WindowState): Static<typeof State> =>
  shownFigures({ ...state, ...(reason && { invalid: { reason, evidence: evidence ?? {} } }) })
