import type { PanelSample, Plant } from './plant.ts'
import { plantOf } from './registered-plant.ts'

/** In São Paulo. */
export const place = { latitude: -23.55, longitude: -46.63 }
/** A clear December noon there, 2026-12-01 15:00 UTC, UTC milliseconds. */
export const noon = 1_796_137_200_000

const unsaid = { tiltDeg: null, azimuthDeg: null, gammaPerC: null, noctC: null, ratedV: null, installedAt: null }

/** A plant of panels of 400 W at the same place, each with what is given of it. */
export function plant(
  panels: number,
  more: { inverterLimitKw?: number; place?: null; panel?: (n: number) => Record<string, number> } = {},
): Plant {
  return plantOf(
    {
      ...{ siteId: 'roof', tariffBrlKwh: 0.8, cleaningCostBrl: 300, inverterLimitKw: more.inverterLimitKw ?? null },
      ...(more.place === null ? { latitude: null, longitude: null } : place),
    },
    Array.from({ length: panels }, (_, n) => ({ panelId: `p-${n}`, ratedKw: 0.4, ...unsaid, ...more.panel?.(n) })),
  )
}

/** What a panel reports that is well, with what is given of it. */
export const sample = (more: Partial<PanelSample> = {}): PanelSample => ({
  ...{ at: noon, temperatureC: 45, voltageV: 40, currentA: 7, powerW: 280, samples: 300, irradianceWm2: null },
  ...more,
})

/** Samples of the panels `p-0`, `p-1` … in this order; null: it did not report. */
export const samplesOf = (...given: (Partial<PanelSample> | null)[]): Map<string, PanelSample> =>
  new Map(given.flatMap((more, n) => (more === null ? [] : [[`p-${n}`, sample(more)] as const])))
