import type { ClearSky } from './clear-sky.ts'
import type { Sun } from './sun.ts'

/** How a panel is mounted. */
export interface Orientation {
  /** From the horizontal, degrees. */
  readonly tiltDeg: number
  /** Where it faces, degrees clockwise from north. */
  readonly azimuthDeg: number
}

/** What reaches a plane, by where it comes from, W/m². */
export interface PlaneIrradiance {
  readonly beamWm2: number
  readonly skyWm2: number
  readonly groundWm2: number
}

/** Share of the light that the ground throws back: grass, gravel, roofs. */
const albedo = 0.2
/** Sine of 1°: what lies around the sun is not seen through the ratio of two vanishing angles. */
const leastSine = 0.01745

/**
 * Carries the irradiance over a place into the plane of a panel.
 * Source: Hay and Davies, Calculation of the solar radiation incident on an inclined surface (1980).
 */
export function planeOfArray(
  sky: ClearSky,
  sun: Pick<Sun, 'north' | 'east' | 'up' | 'extraterrestrialWm2'>,
  { tiltDeg, azimuthDeg }: Orientation,
): PlaneIrradiance {
  const [tilt, azimuth] = [(tiltDeg * Math.PI) / 180, (azimuthDeg * Math.PI) / 180]
  const facing = sun.north * Math.cos(azimuth) + sun.east * Math.sin(azimuth)
  const incidence = Math.max(0, sun.up * Math.cos(tilt) + facing * Math.sin(tilt))
  const anisotropy = sky.beamWm2 / sun.extraterrestrialWm2
  const seen = (1 + Math.cos(tilt)) / 2
  const aroundSun = incidence / Math.max(leastSine, sun.up)
  return {
    beamWm2: sky.beamWm2 * incidence,
    skyWm2: sky.diffuseWm2 * (anisotropy * aroundSun + (1 - anisotropy) * seen),
    groundWm2: sky.globalWm2 * albedo * (1 - seen),
  }
}

/** All that reaches a plane, W/m². */
export const totalWm2 = ({ beamWm2, skyWm2, groundWm2 }: PlaneIrradiance): number => beamWm2 + skyWm2 + groundWm2
