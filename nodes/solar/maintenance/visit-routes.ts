import { Type, type Static } from '@sinclair/typebox'
import { platformClock, wallClock } from '../../../platform/clock/clock.ts'
import { IdentifierParameter } from '../../../platform/http/fields.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { instantKey, Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { badField, conflict, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { Text } from '../../../platform/wire/fields.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { plantOfPanel, siteOfPlant } from '../slots/plant-repository.ts'
import { VisitSchema, WantedVisit } from './maintenance-fields.ts'
import { findVisit, insertVisit, isSite, listVisits, withdrawVisit, type Visit } from './visit-repository.ts'

const tag = 'solar'
const path = '/api/maintenance/visits'
const keys = new Keyset(Type.Object({ doneAt: instantKey, visitId: serialKey }))
const dayMs = 86_400_000
/** Histories do not go back further. */
const longestAgoMs = 4 * 365 * dayMs

/** Visits to solar plants: what was done, as persons note it. */
export const visitRoutes = ({ database, access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path,
    operationId: 'listMaintenanceVisits',
    summary: 'What was done at solar plants, the newest first',
    ...{ tag, right: 'read' as const },
    query: Type.Object({
      siteId: Type.Optional(IdentifierParameter('At this site only', 'school-01')),
      panelId: Type.Optional(IdentifierParameter('To this panel only, or to all of its site', 'panel-001')),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Visits', schema: pageOf(VisitSchema) } },
    csv: csvColumnsOf(VisitSchema),
    async handle({ query: { siteId = null, panelId = null, cursor, limit } }) {
      if (siteId !== null && !(await isSite(database, siteId))) throw notFound('site', 'query.siteId', siteId)
      const ofPanel = panelId === null ? undefined : await plantOfPanel(database, panelId)
      if (panelId !== null && ofPanel === undefined) throw notFound('panel', 'query.panelId', panelId)
      const asked = { plantId: siteId ?? ofPanel ?? null, panelId, after: keys.after(cursor), most: limit + 1 }
      const page = keys.page(await listVisits(database, asked), limit, ({ doneAt, visitId }) => ({ doneAt, visitId }))
      return { body: { ...page, items: page.items.map(shown) } }
    },
  }),
  defineRoute({
    method: 'POST',
    path,
    operationId: 'noteMaintenanceVisit',
    summary: 'Note what was done at a solar plant',
    description:
      'The trend of what was cleaned or repaired begins anew from then on, and the forecast is made again within seconds. It cannot be changed: take it back, and note another one.',
    ...{ tag, right: 'operate' as const },
    body: WantedVisit,
    answers: { 201: { description: 'The visit', schema: VisitSchema } },
    async handle({ body, identity, address }) {
      const at = platformClock.now()
      const { plantId, panelId } = await placeOf(database, body)
      const visit = {
        ...{ plantId, panelId, what: body.what, doneAt: doneAt(body.doneAt, at) },
        ...{ doneBy: body.doneBy?.trim() || identity!.username, note: body.note?.trim() || null },
        ...{ notedBy: identity!.username, notedAt: wallClock.now() },
      }
      const visitId = await insertVisit(database, visit)
      await access.recordAccess({
        ...{ event: 'solar_visit_noted', identity: identity!, address },
        ...{
          subject: panelId === null ? `site ${plantId}` : `panel ${panelId}`,
          detail: `visit ${visitId}: ${visit.what}`,
        },
      })
      return { status: 201, headers: { Location: path }, body: shown({ ...visit, visitId }) }
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${path}/{visitId}`,
    operationId: 'withdrawMaintenanceVisit',
    summary: 'Take a visit back that was noted by mistake',
    ...{ tag, right: 'operate' as const },
    params: Type.Object({
      visitId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The visit', examples: [1] }),
    }),
    query: Type.Object({
      reason: Type.Optional(Type.String({ ...Text(500, 'Why'), minLength: 1, examples: ['Another site was meant'] })),
    }),
    answers: { 204: { description: 'It no longer counts' }, 409: { description: 'It was taken back already' } },
    async handle({ params: { visitId }, query: { reason }, identity, address }) {
      const visit = await findVisit(database, visitId)
      if (!visit) throw notFound('visit', 'path.visitId', visitId)
      const withdrawal = { reason: reason ?? null, by: identity!.username, at: wallClock.now() }
      if (!(await withdrawVisit(database, visitId, withdrawal)))
        throw conflict(`visit ${visitId} was taken back already`)
      await access.recordAccess({
        ...{ event: 'solar_visit_withdrawn', identity: identity!, address },
        ...{ subject: `visit ${visitId}`, detail: `${visit.what} at ${visit.plantId}` },
      })
      return {}
    },
  }),
]

/** Where a visit was. @throws Problem 400 */
async function placeOf(
  queries: Queries,
  { siteId, panelId }: Static<typeof WantedVisit>,
): Promise<{ plantId: string; panelId: string | null }> {
  if (panelId === undefined) {
    if (siteId === undefined) throw badField('body.siteId', siteId, 'is missing: give a site or a panel')
    if (!(await isSite(queries, siteId))) throw badField('body.siteId', siteId, 'is no site of the registry')
    return { plantId: siteId, panelId: null }
  }
  const plantId = await plantOfPanel(queries, panelId)
  if (plantId === undefined) throw badField('body.panelId', panelId, 'is no panel of the registry')
  if (siteId !== undefined && siteId !== siteOfPlant(plantId))
    throw badField('body.panelId', panelId, `is not at site ${siteId}`)
  return { plantId, panelId }
}

/** @throws Problem 400 of an instant that is none, lies ahead or is long past */
function doneAt(text: string | undefined, now: number): number {
  if (text === undefined) return now
  const instant = parseInstant(text)
  if (instant === undefined) throw badField('body.doneAt', text, 'must be an instant of ISO 8601 with offset')
  if (instant > now) throw badField('body.doneAt', text, `must not be after now, ${new Date(now).toISOString()}`)
  if (instant < now - longestAgoMs) throw badField('body.doneAt', text, 'is more than four years ago')
  return instant
}

function shown(visit: Omit<Visit, 'withdrawnAt'>): Static<typeof VisitSchema> {
  const { visitId, plantId, panelId, what, doneBy, note, notedBy } = visit
  return {
    ...{ visitId, siteId: siteOfPlant(plantId), panelId, what, doneAt: new Date(visit.doneAt).toISOString() },
    ...{ doneBy, note, notedBy, notedAt: new Date(visit.notedAt).toISOString() },
  }
}
