import type { Panel, Place, Plant } from './plant.ts'

/** A site with panels as the registry has it; null: nobody said. */
export interface RegisteredSite {
  readonly siteId: string
  readonly latitude: number | null
  readonly longitude: number | null
  readonly inverterLimitKw: number | null
  readonly tariffBrlKwh: number | null
  readonly cleaningCostBrl: number | null
}

/** A panel as the registry has it; null: nobody said. */
export interface RegisteredPanel {
  readonly panelId: string
  readonly ratedKw: number | null
  readonly tiltDeg: number | null
  readonly azimuthDeg: number | null
  readonly gammaPerC: number | null
  readonly noctC: number | null
  readonly ratedV: number | null
  /** UTC milliseconds. */
  readonly installedAt: number | null
}

/** A common module of crystalline silicon, where the registry does not say otherwise. */
export const usualPanel = { ratedW: 400, gammaPerC: -0.0035, noctC: 45, ratedV: 41 } as const
/** Of panels on a site whose place nobody knows: a common roof. */
const usualTiltDeg = 20

/**
 * The plant that a registered site is. Where the registry says nothing panels face the equator at the tilt of the latitude, which
 * yields most over the year; what the inverter lets through is shared by rating.
 */
export function plantOf(site: RegisteredSite, panels: readonly RegisteredPanel[]): Plant {
  const { siteId, latitude, longitude, inverterLimitKw } = site
  const place = latitude === null || longitude === null ? null : { latitude, longitude }
  const inverterLimitW = inverterLimitKw === null ? null : inverterLimitKw * 1000
  const ratedW = (panel: RegisteredPanel): number => (panel.ratedKw ? panel.ratedKw * 1000 : usualPanel.ratedW)
  const siteW = panels.reduce((sum, panel) => sum + ratedW(panel), 0)
  return {
    ...{ siteId, place, inverterLimitW },
    panels: panels.map((panel): Panel => ({
      ...{ panelId: panel.panelId, siteId, place, ratedW: ratedW(panel) },
      ...facing(panel, place),
      gammaPerC: panel.gammaPerC ?? usualPanel.gammaPerC,
      noctC: panel.noctC ?? usualPanel.noctC,
      ratedV: panel.ratedV ?? usualPanel.ratedV,
      clipsAtW: inverterLimitW === null ? null : (inverterLimitW * ratedW(panel)) / siteW,
      installedAt: panel.installedAt,
    })),
    tariffBrlPerKwh: site.tariffBrlKwh,
    cleaningCostBrl: site.cleaningCostBrl,
  }
}

function facing(panel: RegisteredPanel, place: Place | null): Pick<Panel, 'tiltDeg' | 'azimuthDeg'> {
  return {
    tiltDeg: panel.tiltDeg ?? (place === null ? usualTiltDeg : Math.abs(place.latitude)),
    azimuthDeg: panel.azimuthDeg ?? (place === null || place.latitude <= 0 ? 0 : 180),
  }
}
