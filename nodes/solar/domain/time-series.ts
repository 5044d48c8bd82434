import { instantSlots, lineOf, pointTime, seriesKey, type FieldValue } from '../../../platform/wire/line-protocol.ts'
import { performanceOf, type YieldSums } from './performance.ts'

/** What a panel made of a civil day; the point stands at its first instant, UTC milliseconds. */
export interface PanelDayPoint {
  readonly panelId: string
  readonly deviceKey: number
  /** Null: it has none. */
  readonly siteId: string | null
  readonly feederId: string | null
  readonly beginsAt: number
  readonly ratedW: number
  readonly sums: YieldSums
}

/** What the panels of a site made of one. */
export interface SiteDayPoint extends Pick<PanelDayPoint, 'feederId' | 'beginsAt' | 'ratedW' | 'sums'> {
  readonly siteId: string
  readonly panels: number
}

/** What the panels of a site made of 5 minutes together, W; at their beginning, UTC milliseconds. */
export interface SiteSlotPoint {
  readonly siteId: string
  readonly feederId: string | null
  readonly at: number
  readonly powerW: number
  readonly expectedW: number
  readonly irradianceWm2: number
  readonly basis: string
  readonly reporting: number
}

/** @param firstSharedKey  panels whose number is below it have series of their own; the others share one a site */
export function panelDayLines(point: PanelDayPoint, firstSharedKey: number): string[] {
  const { panelId: panel, siteId: site, feederId: feeder, deviceKey, beginsAt } = point
  const where = tagsOf({ site, feeder })
  const fields = figuresOf(point)
  return deviceKey < firstSharedKey
    ? lineAt('solar_panel', { ...where, panel }, fields, pointTime(beginsAt))
    : lineAt('solar_panel', where, { panel_id: panel, ...fields }, pointTime(beginsAt, deviceKey % instantSlots))
}

export const siteDayLines = (point: SiteDayPoint): string[] =>
  lineAt(
    'solar_site_day',
    tagsOf({ site: point.siteId, feeder: point.feederId }),
    { ...figuresOf(point), panels: point.panels },
    pointTime(point.beginsAt),
  )

export const siteSlotLines = ({ siteId, feederId, at, ...slot }: SiteSlotPoint): string[] =>
  lineAt(
    'solar_site',
    tagsOf({ site: siteId, feeder: feederId }),
    {
      ...{ power_w: slot.powerW, expected_w: slot.expectedW, irradiance_wm2: slot.irradianceWm2 },
      ...{ basis: slot.basis, reporting: slot.reporting },
    },
    pointTime(at),
  )

function figuresOf({
  sums,
  ratedW,
}: {
  readonly sums: YieldSums
  readonly ratedW: number
}): Record<string, FieldValue> {
  const figures = performanceOf(sums, ratedW)
  return {
    ...{ energy_kwh: figures.energyKwh, expected_kwh: figures.expectedKwh, lost_kwh: figures.lostKwh },
    ...{ efficiency_pct: figures.efficiencyPct, specific_yield: figures.specificYield },
    ...{ performance_index: figures.performanceIndex, performance_ratio: figures.performanceRatio },
    ...{ corrected_ratio: figures.correctedRatio, hours: figures.hours, daylight_hours: figures.daylightHours },
  }
}

const tagsOf = (tags: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter((tag): tag is [string, string] => tag[1] !== null))

const lineAt = (
  measurement: string,
  tags: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, FieldValue>>,
  time: string,
): string[] =>
  [lineOf(seriesKey(measurement, tags), Object.keys(fields), Object.values(fields), time)].filter(
    (line) => line !== undefined,
  )
