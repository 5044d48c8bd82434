import { cellTemperatures } from './cell-temperature.ts'
import { siteIrradiance } from './irradiance/site-irradiance.ts'
import { sunAt } from './irradiance/sun.ts'
import type { Expected, PanelSample, Plant } from './plant.ts'
import { dcPowerW, nominalCellC } from './pvwatts.ts'

/** Length of a sample, ms. */
export const sampleMs = 300_000

/** Sun enough to judge a panel by: above the haze and shadows of the horizon, and above what sensors cannot tell from nothing. */
const daylight = { elevationDeg: 5, irradianceWm2: 50 }
/** Within this of what the inverter lets through it is at work. */
const clippedFrom = 0.99

/**
 * What each panel of a site should generate over the 5 minutes of its samples: PVWatts with the irradiance that was measured, else with
 * that of a clear sky by place and time, times what the other panels of the site make of the sky.
 * @param at       beginning of the 5 minutes, UTC milliseconds
 * @param samples  of the panels that reported, by panel
 * @returns by panel, also of those that did not report; without those of which nobody can tell: neither the place of the site nor any
 *   irradiance is known, nor do other panels generate
 */
export function expectOf(
  plant: Plant,
  at: number,
  samples: ReadonlyMap<string, PanelSample>,
): ReadonlyMap<string, Expected> {
  const sun = plant.place && sunAt(at + sampleMs / 2, plant.place)
  const cellOf = cellTemperatures(samples)
  const irradiance = siteIrradiance(plant, sun, samples, cellOf)
  const expected = new Map<string, Expected>()
  for (const panel of plant.panels) {
    const found = irradiance.of(panel)
    if (found === null) continue
    const cellC = cellOf(panel.panelId) ?? nominalCellC(panel.noctC, found.irradianceWm2)
    const dcW = dcPowerW(panel, found.irradianceWm2, cellC)
    const limitW = panel.clipsAtW ?? Infinity
    expected.set(panel.panelId, {
      powerW: Math.min(dcW, limitW),
      ...found,
      ...{ clearSkyWm2: irradiance.clearSkyOf(panel), cellC, isClipped: dcW >= limitW * clippedFrom },
      sunElevationDeg: sun && sun.elevationDeg,
      isDaylight:
        found.irradianceWm2 >= daylight.irradianceWm2 && (sun === null || sun.elevationDeg >= daylight.elevationDeg),
    })
  }
  return expected
}
