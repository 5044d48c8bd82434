import { Type } from '@sinclair/typebox'
import { platformClock } from '../../platform/clock/clock.ts'
import { IdentifierParameter, Instant, InstantParameter, Name } from '../../platform/http/fields.ts'
import { badField } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { windowsOfUnit } from './window-repository.ts'

const dayMs = 86_400_000
const mostDays = 31
const nullable = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })
const band = Type.Union([Type.Literal('adequate'), Type.Literal('precarious'), Type.Literal('critical'), Type.Null()])

const UnitWindows = Type.Object(
  {
    unitId: Name('The consumer unit', 'unit-001'),
    windows: Type.Array(
      Type.Object({
        start: Instant('Beginning of the ten minutes'),
        va_v: nullable('RMS voltage of phase A, V'),
        vb_v: nullable('RMS voltage of phase B, V'),
        vc_v: nullable('RMS voltage of phase C, V'),
        coverage: Type.Number({ description: 'Share of the window that readings cover, 0 to 1' }),
        bandA: band,
        bandB: band,
        bandC: band,
        invalid: Type.Union([Type.String(), Type.Null()], { description: 'why it counts in no measurement' }),
      }),
    ),
  },
  { $id: 'UnitVoltageWindows' },
)

/** The 10-minute windows of a unit. */
export const windowRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/quality/voltage/units/{unitId}/windows',
    operationId: 'getUnitVoltageWindows',
    summary: 'The 10-minute voltages of a consumer unit',
    tag: 'voltage quality',
    right: 'read',
    params: Type.Object({ unitId: IdentifierParameter('The consumer unit', 'unit-001') }),
    query: Type.Object({
      from: Type.Optional(InstantParameter('First instant; 24 hours before `to` unless given')),
      to: Type.Optional(InstantParameter('Last instant; now unless given')),
    }),
    answers: { 200: { description: 'Windows, oldest first', schema: UnitWindows } },
    async handle({ params: { unitId }, query }) {
      const to = query.to ?? platformClock.now()
      const from = query.from ?? to - dayMs
      if (from > to) throw badField('query.from', new Date(from).toISOString(), 'must not be after to')
      if (to - from > mostDays * dayMs)
        throw badField('query.from', new Date(from).toISOString(), `must be ${mostDays} days before to at most`)
      const windows = await windowsOfUnit(database, unitId, from, to)
      return {
        body: {
          unitId,
          windows: windows.map(({ start, volts, coverage, bands, invalid }) => ({
            start: new Date(start).toISOString(),
            ...{ va_v: volts[0], vb_v: volts[1], vc_v: volts[2], coverage },
            ...{ bandA: bands[0], bandB: bands[1], bandC: bands[2], invalid: invalid?.reason ?? null },
          })),
        },
      }
    },
  }),
]
