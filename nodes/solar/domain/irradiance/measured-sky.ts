import { median } from '../robust.ts'

/** An irradiance sensor in the plane of a panel. */
export interface SensorReading {
  readonly panelId: string
  /** What it shows by the irradiance of a sky without clouds in the same plane. */
  readonly index: number
}

/** Panels that stand in the same sun generate no more than the sensor shows by more than this: else it is dirty, shaded or dead. */
const mostAbove = { factor: 1.4, index: 0.05 }
/** When all panels, lit as they are, generate less than this by the sensor, it is at fault, or somebody curtails them: no weather. */
const leastBelow = 0.5

/**
 * Clear-sky index by the irradiance sensors of a site, where they are to be believed.
 * @param siblingsIndex  what the panels make of the sky; null: they cannot tell, and the sensor stands alone
 * @returns the sensors of panels that have one, and their middle for all others; null: no sensor tells it
 */
export function measuredSky(
  readings: readonly SensorReading[],
  siblingsIndex: number | null,
): { readonly own: ReadonlyMap<string, number>; readonly ofSite: number } | null {
  const believed = readings.filter(({ index }) => index >= 0 && agrees(index, siblingsIndex))
  const ofSite = median(believed.map(({ index }) => index))
  return ofSite === null ? null : { own: new Map(believed.map(({ panelId, index }) => [panelId, index])), ofSite }
}

const agrees = (index: number, siblings: number | null): boolean =>
  siblings === null || (siblings <= index * mostAbove.factor + mostAbove.index && siblings >= index * leastBelow)
