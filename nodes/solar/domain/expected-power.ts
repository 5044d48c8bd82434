import { cellTemperatures } from './cell-temperature.ts'
import { clearSky } from './irradiance/clear-sky.ts'
import { measuredSky } from './irradiance/measured-sky.ts'
import { planeOfArray, totalWm2 } from './irradiance/plane-of-array.ts'
import { skyGate } from './irradiance/sky-gate.ts'
import { type Sun, sunAt } from './irradiance/sun.ts'
import type { Expected, Panel, PanelSample, Plant } from './plant.ts'
import { dcPowerW, irradianceOf, nominalCellC, standardConditions } from './pvwatts.ts'

/** Length of a sample, ms. */
export const sampleMs = 300_000

/** Sun enough to judge a panel by: above the haze and shadows of the horizon, and above what sensors cannot tell from nothing. */
const daylight = { elevationDeg: 5, irradianceWm2: 50 }
/** Less of a clear sky is dusk, where the smallest error of an angle is large: panels say nothing of clouds there, W/m². */
const duskWm2 = 20
/** A panel that shows more of its rating is at fault itself, and no witness of the sky. */
const mostOfRating = 1.3
/** Within this of what the inverter lets through it is at work. */
const clippedFrom = 0.99

/** Irradiance that is taken for the one of a panel, and where it is from. */
type Irradiance = Pick<Expected, 'irradianceWm2' | 'basis'>

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
  const clearSkyOf = clearSkyInPlanes(sun)
  const cellOf = cellTemperatures(samples)
  const irradiance = irradianceAt(plant, samples, clearSkyOf, cellOf)
  const expected = new Map<string, Expected>()
  for (const panel of plant.panels) {
    const found = irradiance(panel)
    if (found === null) continue
    const cellC = cellOf(panel.panelId) ?? nominalCellC(panel.noctC, found.irradianceWm2)
    const dcW = dcPowerW(panel, found.irradianceWm2, cellC)
    const limitW = panel.clipsAtW ?? Infinity
    expected.set(panel.panelId, {
      powerW: Math.min(dcW, limitW),
      ...found,
      ...{ clearSkyWm2: clearSkyOf(panel), cellC, isClipped: dcW >= limitW * clippedFrom },
      sunElevationDeg: sun && sun.elevationDeg,
      isDaylight:
        found.irradianceWm2 >= daylight.irradianceWm2 && (sun === null || sun.elevationDeg >= daylight.elevationDeg),
    })
  }
  return expected
}

/** Irradiance of a sky without clouds in the plane of a panel, W/m²; null without place. Panels that hang alike share it. */
function clearSkyInPlanes(sun: Sun | null): (panel: Panel) => number | null {
  if (sun === null) return () => null
  const sky = clearSky(sun)
  const byOrientation = new Map<string, number>()
  return (panel) => {
    const key = `${panel.tiltDeg} ${panel.azimuthDeg}`
    const known = byOrientation.get(key)
    if (known !== undefined) return known
    const inPlane = totalWm2(planeOfArray(sky, sun, panel))
    byOrientation.set(key, inPlane)
    return inPlane
  }
}

/** What there is of irradiance for each panel, from the best there is. */
function irradianceAt(
  plant: Plant,
  samples: ReadonlyMap<string, PanelSample>,
  clearSkyOf: (panel: Panel) => number | null,
  cellOf: (panelId: string) => number | null,
): (panel: Panel) => Irradiance | null {
  // Where nobody knows the place, panels are held against 1000 W/m² instead: as if all hung alike.
  const referenceOf = (panel: Panel): number => clearSkyOf(panel) ?? standardConditions.irradianceWm2
  const lit = plant.panels.flatMap((panel) => {
    const sample = samples.get(panel.panelId)
    return sample && referenceOf(panel) >= duskWm2 ? [{ panel, sample, reference: referenceOf(panel) }] : []
  })
  const gate = skyGate(
    lit.flatMap(({ panel, sample: { powerW }, reference }) =>
      powerW === null || powerW < 0 || powerW > panel.ratedW * mostOfRating
        ? []
        : [{ panelId: panel.panelId, index: irradianceOf(panel, powerW, cellOf(panel.panelId)) / reference }],
    ),
  )
  const sensors = lit.flatMap(({ panel: { panelId }, sample: { irradianceWm2 }, reference }) =>
    irradianceWm2 === null ? [] : [{ panelId, index: irradianceWm2 / reference }],
  )
  const measured = measuredSky(sensors, gate(null))
  return (panel) => {
    const clear = clearSkyOf(panel)
    const reference = referenceOf(panel)
    if (clear !== null && clear < duskWm2) return { irradianceWm2: clear, basis: 'clear-sky' }
    if (measured !== null) {
      const index = measured.own.get(panel.panelId) ?? measured.ofSite
      return { irradianceWm2: index * reference, basis: 'measured' }
    }
    const index = gate(panel.panelId)
    if (index !== null) return { irradianceWm2: index * reference, basis: 'siblings' }
    return clear === null ? null : { irradianceWm2: clear, basis: 'clear-sky' }
  }
}
