import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Plant } from '../domain/plant.ts'
import { plantOf, type RegisteredPanel, type RegisteredSite } from '../domain/registered-plant.ts'

/** A plant with what leads from its panels to what is stored of them. */
export interface StoredPlant {
  /** The site's identifier; of a panel without a site `panel/` and the panel's. No identifier has a slash. */
  readonly plantId: string
  readonly plant: Plant
  /** Null: it is not known, or its panels are of several. */
  readonly feederId: string | null
  readonly keyOf: ReadonlyMap<string, number>
}

const lonePrefix = 'panel/'

/** The site that a plant is; null: it is a panel without a site. */
export const siteOfPlant = (plantId: string): string | null => (plantId.startsWith(lonePrefix) ? null : plantId)

/** All plants that have panels, `most` of them in the order of their identifiers, behind one. */
export async function plantIds(queries: Queries, after: string, most: number): Promise<string[]> {
  const rows = await queries.query<{ plantId: string }>(
    `select distinct coalesce(site_id, '${lonePrefix}' || device_id) as "plantId" from device
     where kind = 'panel' and status = 'active' and coalesce(site_id, '${lonePrefix}' || device_id) > $1
     order by 1 limit $2`,
    [after, most],
  )
  return rows.map(({ plantId }) => plantId)
}

/** The plant that a panel is of; undefined where there is no such panel. */
export async function plantOfPanel(queries: Queries, panelId: string): Promise<string | undefined> {
  const [row] = await queries.query<{ plantId: string }>(
    `select coalesce(site_id, '${lonePrefix}' || device_id) as "plantId" from device where device_id = $1 and kind = 'panel'`,
    [panelId],
  )
  return row?.plantId
}

/** A plant as the registry has it now; undefined where it has no panels. */
export async function findPlant(queries: Queries, plantId: string): Promise<StoredPlant | undefined> {
  const siteId = siteOfPlant(plantId)
  const panels = await queries.query<RegisteredPanel & { deviceKey: number; feederId: string | null }>(
    `select d.device_key as "deviceKey", d.device_id as "panelId", d.rated_kw as "ratedKw", d.tilt_deg as "tiltDeg",
       d.azimuth_deg as "azimuthDeg", d.gamma_per_c as "gammaPerC", d.noct_c as "noctC", d.rated_v as "ratedV",
       ${milliseconds('d.installed_at')} as "installedAt", coalesce(d.feeder_id, s.feeder_id) as "feederId"
     from device d left join site s using (site_id)
     where d.kind = 'panel' and d.status = 'active'
       and case when $1::text is null then d.site_id is null and d.device_id = $2 else d.site_id = $1 end
     order by d.device_id`,
    [siteId, plantId.slice(lonePrefix.length)],
  )
  if (panels.length === 0) return undefined
  const feeders = new Set(panels.map(({ feederId }) => feederId))
  return {
    plantId,
    plant: plantOf(await siteOf(queries, plantId), panels),
    feederId: feeders.size === 1 ? panels[0]!.feederId : null,
    keyOf: new Map(panels.map(({ panelId, deviceKey }) => [panelId, deviceKey])),
  }
}

async function siteOf(queries: Queries, plantId: string): Promise<RegisteredSite> {
  const [site] = await queries.query<RegisteredSite>(
    `select site_id as "siteId", latitude, longitude, inverter_limit_kw as "inverterLimitKw", tariff_brl_kwh as "tariffBrlKwh",
       cleaning_cost_brl as "cleaningCostBrl"
     from site where site_id = $1`,
    [siteOfPlant(plantId)],
  )
  const unknown = { latitude: null, longitude: null, inverterLimitKw: null, tariffBrlKwh: null, cleaningCostBrl: null }
  return site ?? { siteId: plantId, ...unknown }
}

/** Whether the registry has such a site, with panels or without. */
export async function siteIsKnown(queries: Queries, siteId: string): Promise<boolean> {
  const [row] = await queries.query<{ known: boolean }>(
    'select exists (select from site where site_id = $1) as known',
    [siteId],
  )
  return row!.known
}
