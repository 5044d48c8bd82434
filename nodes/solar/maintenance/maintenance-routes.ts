import { Type } from '@sinclair/typebox'
import { IdentifierParameter, rounded, roundedOrNull } from '../../../platform/http/fields.ts'
import { csvColumnsOf, type CsvColumn } from '../../../platform/http/csv.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { panelAdvice, plantAdvice, type Advice } from '../domain/maintenance/advice.ts'
import { plantOfPanel, siteOfPlant } from '../slots/plant-repository.ts'
import {
  panelForecasts,
  panelPlaceOf,
  placeOf,
  plantForecasts,
  type PanelForecast,
  type PlantForecast,
} from './forecast-repository.ts'
import { PanelMaintenance, PlantMaintenance } from './maintenance-fields.ts'
import { isSite } from './visit-repository.ts'
import { visitRoutes } from './visit-routes.ts'

const tag = 'solar'
const siteId = Type.Optional(IdentifierParameter('Of this site only', 'school-01'))
const panelId = Type.Optional(IdentifierParameter('Of this panel only', 'panel-001'))
const plantKeys = new Keyset(
  Type.Object({ avoided: Type.Number(), endable: Type.Number(), plantId: Type.String({ maxLength: 300 }) }),
)
const panelKeys = new Keyset(
  Type.Object({ daysUntil: Type.Integer({ minimum: 0, maximum: 100_000 }), panelId: Type.String({ maxLength: 300 }) }),
)
const dayMs = 86_400_000

/** Maintenance of solar plants before they fail: what a visit saves, when panels are due, and noting what was done. */
export const maintenanceRoutes = (services: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/maintenance',
    operationId: 'listPlantMaintenance',
    summary: 'Solar plants in the order in which to visit them: where a visit saves most comes first',
    description:
      'A visit to a site is for all its panels. It saves what a repair would end of faults that stand, and what cleaning would end where that exceeds its cost, over the horizon and at the tariff of the site; plants without a tariff come last, by energy. Forecast once a civil day, and again when a visit is noted. Rain is in it as often as it came at this time of the year; new faults are not.',
    ...{ tag, right: 'read' },
    query: Type.Object({
      siteId,
      due: Type.Boolean({
        default: false,
        description: 'Those only where a panel falls to its threshold within the horizon, or cleaning pays',
      }),
      ...pageQuery(),
    }),
    answers: { 200: { description: 'Plants', schema: pageOf(PlantMaintenance) } },
    csv: inTwoLanguages(csvColumnsOf(PlantMaintenance)),
    async handle({ query }) {
      const { siteId: plantId = null, due, cursor, limit } = query
      if (plantId !== null) await checkSite(services.database, plantId)
      const asked = { plantId, due, after: plantKeys.after(cursor), most: limit + 1 }
      const page = plantKeys.page(await plantForecasts(services.database, asked), limit, placeOf)
      return { body: { ...page, items: page.items.map(shownPlant) } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/maintenance/panels',
    operationId: 'listPanelMaintenance',
    summary: 'When solar panels fall to the threshold of their performance ratio, those first that are due first',
    description:
      'Trend of the daily temperature-corrected performance ratio, with visits and recoveries as new beginnings, and what that costs until then. Days count that had an hour of full sun while the irradiance was known by itself, be it measured or of a clear sky; a panel needs 10 of them.',
    ...{ tag, right: 'read' },
    query: Type.Object({ siteId, panelId, ...pageQuery() }),
    answers: { 200: { description: 'Panels', schema: pageOf(PanelMaintenance) } },
    csv: inTwoLanguages(csvColumnsOf(PanelMaintenance)),
    async handle({ query }) {
      const { siteId: plantId = null, panelId: only = null, cursor, limit } = query
      if (plantId !== null) await checkSite(services.database, plantId)
      if (only !== null && (await plantOfPanel(services.database, only)) === undefined)
        throw notFound('panel', 'query.panelId', only)
      const asked = { plantId, panelId: only, after: panelKeys.after(cursor), most: limit + 1 }
      const page = panelKeys.page(await panelForecasts(services.database, asked), limit, panelPlaceOf)
      return { body: { ...page, items: page.items.map(shownPanel) } }
    },
  }),
  ...visitRoutes(services),
]

/** @throws Problem 404 where the registry has no such site */
async function checkSite(queries: Queries, id: string): Promise<void> {
  if (!(await isSite(queries, id))) throw notFound('site', 'query.siteId', id)
}

/** Advice takes a column for each language. */
function inTwoLanguages(columns: readonly CsvColumn[]): readonly CsvColumn[] {
  const said = (name: string, language: keyof Advice): CsvColumn => ({
    ...{ name, kind: 'text' },
    value: ({ advice }: { advice: Advice }) => advice[language],
  })
  return [...columns.filter(({ name }) => name !== 'advice'), said('advice_en', 'en'), said('advice_pt', 'pt')]
}

const worth = (kwh: number, tariff: number | null): number | null => (tariff === null ? null : rounded(kwh * tariff, 2))

function shownPlant(plant: PlantForecast) {
  const { plantId, day, madeAt, horizonDays, panels, duePanels, daysUntil, tariffBrlPerKwh, cleaningPays } = plant
  const site = siteOfPlant(plantId)
  return {
    ...{ siteId: site, panelId: site === null ? plantId.slice(plantId.indexOf('/') + 1) : null, day },
    ...{ madeAt: new Date(madeAt).toISOString(), horizonDays, panels, duePanels, daysUntil },
    ...{ lostKwh: rounded(plant.lostKwh, 3), lostBrl: worth(plant.lostKwh, tariffBrlPerKwh) },
    ...{ soilingKwh: rounded(plant.soilingKwh, 3), faultKwh: rounded(plant.faultKwh, 3) },
    ...{ cleaningCostBrl: plant.cleaningCostBrl, cleaningPays, avoidedBrl: roundedOrNull(plant.avoidedBrl, 2) },
    advice: plantAdvice(plant),
  }
}

function shownPanel(panel: PanelForecast) {
  const { day, days, horizonDays, daysUntil, daysFrom, daysTo, tariffBrlPerKwh, cleaningPays } = panel
  const crossing = { days: daysUntil, from: daysFrom, until: daysTo }
  return {
    ...{ panelId: panel.panelId, siteId: siteOfPlant(panel.plantId), day, days },
    ...{ ratio: rounded(panel.ratio, 4), cleanRatio: rounded(panel.cleanRatio, 4) },
    ...{ threshold: rounded(panel.threshold, 4), slopePerDay: rounded(panel.slopePerDay) },
    ...{ daysUntil, daysFrom, daysTo, chance: rounded(panel.chance, 3), horizonDays },
    ...{ lostUntilKwh: rounded(panel.lostUntilKwh, 3), lostUntilBrl: worth(panel.lostUntilKwh, tariffBrlPerKwh) },
    ...{ lostKwh: rounded(panel.lostKwh, 3), lostBrl: worth(panel.lostKwh, tariffBrlPerKwh) },
    ...{ soilingKwh: rounded(panel.soilingKwh, 3), faultKwh: rounded(panel.faultKwh, 3), cleaningPays },
    band: panel.band.map(({ day: ahead, from, median, until }) => ({
      ...{ day: ahead, from: rounded(from, 4), median: rounded(median, 4), until: rounded(until, 4) },
    })),
    resets: panel.resets.map(({ day: on, cause, step }) => ({
      ...{ day: new Date(on * dayMs).toISOString().slice(0, 10), cause, step: rounded(step, 4) },
    })),
    advice: panelAdvice(crossing, (100 * panel.threshold) / panel.cleanRatio, horizonDays),
  }
}
