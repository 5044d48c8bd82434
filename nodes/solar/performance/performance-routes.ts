import { Type } from '@sinclair/typebox'
import { civilDaysIn, shiftDay } from '../../../platform/clock/civil-day.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { IdentifierParameter, Name, Nullable, OneOf, rounded } from '../../../platform/http/fields.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { listAnomalies } from '../anomalies/anomaly-repository.ts'
import { AnomalySchema, shownAnomaly } from '../anomalies/anomaly-fields.ts'
import { findPlant, plantOfPanel, siteOfPlant, siteIsKnown } from '../slots/plant-repository.ts'
import { daysOfPanel, daysOfSite, panelsOfDay } from './day-repository.ts'
import { dayFields, shownDay, slotFields } from './performance-fields.ts'
import { plantSlots } from './plant-slot-repository.ts'

const PanelDay = Type.Object(dayFields, { $id: 'SolarPanelDay' })
const SiteDay = Type.Object(
  { ...dayFields, panels: Type.Integer({ description: 'Panels with readings' }) },
  { $id: 'SolarSiteDay' },
)
const Slot = Type.Object(slotFields, { $id: 'SolarSlot' })
const Panel = Type.Object(
  {
    panelId: Name('The panel', 'panel-001'),
    ratedW: Type.Number({ description: 'At standard test conditions, W' }),
    tiltDeg: Type.Number({ description: 'From the horizontal, °' }),
    azimuthDeg: Type.Number({ description: 'Where it faces, ° clockwise from north' }),
    today: Nullable(PanelDay),
  },
  { $id: 'SolarPanelToday' },
)

const days = (most: number) =>
  Type.Integer({ minimum: 1, maximum: most, default: 30, description: 'Civil days, today the last of them' })
const tag = 'panels'
const dayMs = 86_400_000
/** A site has more under `anomalies` of its own. */
const mostAnomalies = 100

/** What solar panels and sites generate against what they should. */
export const performanceRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const civilDays = civilDaysIn(environment.TIME_ZONE)
  const spanOf = (count: number) => {
    const last = civilDays.dayOf(platformClock.now())
    return { first: shiftDay(last, 1 - count), last }
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/panels/{panelId}/performance',
      operationId: 'getPanelPerformance',
      summary: 'What a panel generated a day, against what it should have',
      description:
        'Against the irradiance that a panel of its site measured, or else the clear sky by place and time, as the panels of the site make it out together. The running day is computed anew every quarter of an hour, and for good an hour after its end. Days without readings are left out.',
      ...{ tag, right: 'read' },
      params: Type.Object({ panelId: IdentifierParameter('The panel', 'panel-001') }),
      query: Type.Object({ days: days(366) }),
      answers: {
        200: {
          description: 'Days, the newest first',
          schema: Type.Object({
            panelId: Name('The panel', 'panel-001'),
            siteId: Nullable(Name('Where it is', 'school-01')),
            items: Type.Array(PanelDay),
          }),
        },
      },
      csv: csvColumnsOf(PanelDay),
      async handle({ params: { panelId }, query }) {
        const plantId = await plantOfPanel(database, panelId)
        if (plantId === undefined) throw notFound('panel', 'path.panelId', panelId)
        const siteId = siteOfPlant(plantId)
        const items = await daysOfPanel(database, panelId, spanOf(query.days))
        return { body: { panelId, siteId, items: items.map((day) => shownDay(day, siteId)) } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/sites/{siteId}/solar',
      operationId: 'getSiteSolar',
      summary: 'What the panels of a site generate together, and what is amiss with them',
      description:
        'Days of the site with energy, ratios and what was lost in kWh and R$; its panels with their day; its newest 24 hours by 5 minutes; anomalies that last. As CSV the days.',
      ...{ tag, right: 'read' },
      params: Type.Object({ siteId: IdentifierParameter('The site', 'school-01') }),
      query: Type.Object({ days: days(366) }),
      answers: {
        200: {
          description: 'The site',
          schema: Type.Object(
            {
              siteId: Name('The site', 'school-01'),
              feederId: Nullable(Name('Feeder of its panels', 'feeder-01')),
              ratedKw: Type.Number({ description: 'Of all its panels, kW' }),
              placeIsKnown: Type.Boolean({
                description: 'Without a place only measured irradiance, or other panels, say what to expect',
              }),
              items: Type.Array(SiteDay, { description: 'Days with readings, the newest first' }),
              panels: Type.Array(Panel, { description: 'By their identifiers' }),
              slots: Type.Array(Slot, { description: 'In order' }),
              anomalies: Type.Array(AnomalySchema, { description: `That last, the newest first; ${mostAnomalies} at most` }), // prettier-ignore
              state: OneOf(['well', 'amiss', 'unknown'], 'Whether anything is amiss; unknown: it has no panels'),
            },
            { $id: 'SiteSolar' },
          ),
        },
      },
      csv: csvColumnsOf(SiteDay),
      async handle({ params: { siteId }, query }) {
        if (!(await siteIsKnown(database, siteId))) throw notFound('site', 'path.siteId', siteId)
        const now = platformClock.now()
        const items = (await daysOfSite(database, siteId, spanOf(query.days))).map((day) => ({
          ...shownDay(day, siteId),
          panels: day.panels,
        }))
        const stored = await findPlant(database, siteId)
        const { plant, feederId } = stored ?? { plant: null, feederId: null }
        const today = civilDays.startOf(civilDays.dayOf(now)) ?? now
        const ofToday = new Map((await panelsOfDay(database, siteId, today)).map((day) => [day.panelId, day]))
        const slots = await plantSlots(database, siteId, now - dayMs, now)
        const filter = { siteId, lasting: true }
        const anomalies = await listAnomalies(database, filter, { before: undefined, limit: mostAnomalies })
        const panels = plant?.panels ?? []
        return {
          body: {
            ...{ siteId, feederId, placeIsKnown: plant?.place != null, items },
            ratedKw: rounded(panels.reduce((total, { ratedW }) => total + ratedW, 0) / 1000),
            panels: panels.map(({ panelId, ratedW, tiltDeg, azimuthDeg }) => {
              const day = ofToday.get(panelId)
              return { panelId, ratedW, tiltDeg, azimuthDeg, today: day ? shownDay(day, siteId) : null }
            }),
            slots: slots.map(({ at, powerW, expectedW, irradianceWm2, ...slot }) => ({
              ...{ timestamp: new Date(at).toISOString(), ...slot },
              ...{ powerW: rounded(powerW), expectedW: rounded(expectedW), irradianceWm2: rounded(irradianceWm2) },
            })),
            anomalies: anomalies.map(shownAnomaly),
            state: panels.length === 0 ? 'unknown' : anomalies.length > 0 ? 'amiss' : 'well',
          },
        }
      },
    }),
  ]
}
