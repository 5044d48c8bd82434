import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { Instant, InstantParameter, instantOrNull, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { badField, notFound, Problem, titleOf } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiAnswer, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { mapEveryMs, slotOf } from './map-keeper.ts'
import { snapshotAt, snapshotsBetween, type MapSnapshot } from './map-repository.ts'
import { insertEstimate } from './out-repository.ts'

const tag = 'outage map'
const mostListed = 1_500
/** What is expected later than that is a slip of the pen. */
const farthestMs = 366 * 86_400_000

const units = (description: string) => Type.Integer({ minimum: 0, description })
const Area = Type.Object({
  municipalityCode: Nullable(Type.Integer({ description: 'IBGE code' })),
  conjuntoId: Nullable(Type.String()),
  conjuntoName: Nullable(Type.String()),
  unitsOut: Nullable(units('Units without supply; null: fewer than `leastUnits`, and then nothing else is said')),
  since: Nullable(Instant('Since when the first of them is')),
  causes: Type.Array(
    Type.Object({
      programmed: Type.Boolean(),
      origin: OneOf(['internal', 'external'], 'Of the distribution system, or of another'),
      cause: Nullable(Type.String({ description: 'In official words; null: not known yet', examples: ['Vento'] })),
    }),
    { description: 'Those of the most units first' },
  ),
  restoredBy: Nullable(Instant('When the last of them is expected to have supply again; null: nobody has said')),
})
const Map = Type.Object(
  {
    slotAt: Instant('The half hour that the map is of'),
    takenAt: Instant('When it was made'),
    nextAt: Instant('When the next one is made'),
    leastUnits: units('Fewer units of an area are not told by number'),
    unitsOut: units('Units without supply in areas whose number is told'),
    areas: Type.Array(Area, { description: 'By municipality and conjunto' }),
  },
  { $id: 'OutageMap' },
)

/** The outage map: for users, for everybody where the installation says so, and what it foretells. */
export const mapRoutes = ({ database, environment, access }: Services): readonly ApiRoute[] => {
  const found = async (at: number): Promise<MapSnapshot> => {
    const snapshot = await snapshotAt(database, at)
    if (!snapshot) throw new Problem(404, titleOf(404), { detail: 'there is no map of that time' })
    return snapshot
  }
  const open: readonly ApiRoute[] = [
    defineRoute({
      method: 'GET',
      path: '/api/public/outage-map',
      operationId: 'getPublicOutageMap',
      summary: 'The outage map, for everybody',
      description:
        'Made every 30 minutes, without personal data; small numbers are held back. Only where OUTAGE_MAP_PUBLIC is on.',
      ...{ tag, right: 'open' as const },
      answers: { 200: { description: 'The newest map', schema: Map }, 404: { description: 'None was made yet' } },
      async handle(): Promise<ApiAnswer> {
        const now = platformClock.now()
        const snapshot = await found(now)
        const seconds = Math.max(1, Math.ceil((slotOf(now) + mapEveryMs - now) / 1_000))
        return { body: shown(snapshot), headers: cachedBy(snapshot, `public, max-age=${Math.min(seconds, 1_800)}`) }
      },
    }),
  ]
  return [
    ...(environment.OUTAGE_MAP_PUBLIC === 'on' ? open : []),
    defineRoute({
      method: 'GET',
      path: '/api/quality/continuity/outage-map',
      operationId: 'getOutageMap',
      summary: 'The outage map as it was at an instant',
      description: `Made every 30 minutes and kept for ${environment.OUTAGE_MAP_RETENTION_DAYS} days.`,
      ...{ tag, right: 'read' as const },
      query: Type.Object({ at: Type.Optional(InstantParameter('The newest unless given')) }),
      answers: { 200: { description: 'The map', schema: Map }, 404: { description: 'None of that time is kept' } },
      async handle({ query: { at = platformClock.now() } }): Promise<ApiAnswer> {
        const snapshot = await found(at)
        return { body: shown(snapshot), headers: cachedBy(snapshot, 'private, no-cache') }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/continuity/outage-maps',
      operationId: 'listOutageMaps',
      summary: 'Which outage maps are kept, oldest first',
      ...{ tag, right: 'read' as const },
      query: Type.Object({
        from: InstantParameter('From'),
        until: InstantParameter('Until, itself left out', '2026-11-21T13:00:00Z'),
      }),
      answers: {
        200: {
          description: `${mostListed} at most: a month has fewer`,
          schema: Type.Object({
            items: Type.Array(
              Type.Object({
                ...{ slotAt: Instant('The half hour'), takenAt: Instant('When it was made') },
                ...{ unitsOut: units('Units in areas whose number is told'), areas: units('Areas') },
              }),
            ),
          }),
        },
      },
      async handle({ query: { from, until } }) {
        if (until <= from) throw badField('query.until', new Date(until).toISOString(), 'must be after from')
        if (until - from > mostListed * mapEveryMs)
          throw badField('query.until', new Date(until).toISOString(), 'must be 31 days after from at most')
        const rows = await snapshotsBetween(database, from, until, mostListed)
        return {
          body: {
            items: rows.map(({ slotAt, takenAt, ...rest }) => ({
              ...{ slotAt: new Date(slotAt).toISOString(), takenAt: new Date(takenAt).toISOString(), ...rest },
            })),
          },
        }
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/api/quality/continuity/interruptions/{interruptionId}/estimate',
      operationId: 'estimateRestoration',
      summary: 'Say when the units of an interruption will have supply again',
      description: 'It stands on the outage map and in what the regulator reads. Null takes it back.',
      ...{ tag, right: 'operate' as const },
      params: Type.Object({ interruptionId: Type.Integer({ minimum: 1, examples: [4711] }) }),
      body: Type.Object(
        {
          restoredBy: Nullable(
            Type.Unsafe<string>(
              Type.String({ format: 'date-time', description: 'When the last of them will have supply' }),
            ),
          ),
        },
        { examples: [{ restoredBy: '2026-11-21T18:00:00-03:00' }] },
      ),
      answers: { 204: { description: 'It is said' }, 404: { description: 'No interruption of this number lasts' } },
      async handle({ params: { interruptionId }, body, identity, address }) {
        const enteredAt = platformClock.now()
        const restoredBy = body.restoredBy === null ? null : parseInstant(body.restoredBy)!
        if (restoredBy !== null && restoredBy <= enteredAt)
          throw badField('body.restoredBy', body.restoredBy, 'must be in the future')
        if (restoredBy !== null && restoredBy > enteredAt + farthestMs)
          throw badField('body.restoredBy', body.restoredBy, 'must be within a year')
        const enteredBy = identity!.username
        if (!(await insertEstimate(database, { interruptionId, restoredBy, enteredBy, enteredAt })))
          throw notFound('interruption under way', 'path.interruptionId', interruptionId)
        const subject = `interruption ${interruptionId}`
        const detail = instantOrNull(restoredBy) ?? 'taken back'
        await access.recordAccess({ event: 'restoration_estimated', identity, address, subject, detail })
        return {}
      },
    }),
  ]
}

const cachedBy = ({ takenAt }: MapSnapshot, control: string) => ({
  'Cache-Control': control,
  ETag: `"${takenAt}"`,
  'Last-Modified': new Date(takenAt).toUTCString(),
})

const shown = ({ slotAt, takenAt, map: { leastUnits, unitsOut, areas } }: MapSnapshot) => ({
  slotAt: new Date(slotAt).toISOString(),
  takenAt: new Date(takenAt).toISOString(),
  nextAt: new Date(slotAt + mapEveryMs).toISOString(),
  ...{ leastUnits, unitsOut },
  areas: areas.map(({ since, restoredBy, ...area }) => ({
    ...{ ...area, since: instantOrNull(since), restoredBy: instantOrNull(restoredBy) },
  })),
})
