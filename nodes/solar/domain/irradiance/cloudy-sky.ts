import type { ClearSky } from './clear-sky.ts'
import { type Orientation, planeOfArray, totalWm2 } from './plane-of-array.ts'
import type { Sun } from './sun.ts'

/** Clouds never let more through than this many clear skies. */
const mostIndex = 3
/** Halves of `mostIndex`: to a millionth. */
const halvings = 22

/**
 * The sky under clouds, by what is left of the global irradiance: the less there is, the more of it comes from the whole sky. At an index
 * of 1 it is the clear sky, so the share of diffuse light runs from that of the clear sky to all of it as the one of Erbs does.
 * Source: Erbs, Klein and Duffie, Estimation of the diffuse radiation fraction, Solar Energy 28 (1982).
 * @param index  global irradiance by that of the clear sky, ≥ 0
 */
export function skyUnder(clear: ClearSky, sun: Pick<Sun, 'up' | 'extraterrestrialWm2'>, index: number): ClearSky {
  const outsideWm2 = sun.extraterrestrialWm2 * sun.up
  if (outsideWm2 <= 0 || clear.globalWm2 <= 0) return { globalWm2: 0, beamWm2: 0, diffuseWm2: 0 }
  const globalWm2 = index * clear.globalWm2
  const [now, least] = [diffuseShare(globalWm2 / outsideWm2), diffuseShare(clear.globalWm2 / outsideWm2)]
  const overcast = Math.max(0, Math.min(1, (now - least) / (1 - least)))
  const clearShare = clear.diffuseWm2 / clear.globalWm2
  const diffuseWm2 = globalWm2 * (clearShare + (1 - clearShare) * overcast)
  return { globalWm2, diffuseWm2, beamWm2: (globalWm2 - diffuseWm2) / sun.up }
}

/** Share of diffuse light by the clearness index, which is global irradiance by that outside the atmosphere. */
function diffuseShare(clearness: number): number {
  if (clearness <= 0.22) return 1 - 0.09 * clearness
  if (clearness > 0.8) return 0.165
  return 0.9511 - 0.1604 * clearness + 4.388 * clearness ** 2 - 16.638 * clearness ** 3 + 12.336 * clearness ** 4
}

/** Irradiance in a plane under clouds, W/m². */
export const underClouds = (clear: ClearSky, sun: Sun, plane: Orientation, index: number): number =>
  totalWm2(planeOfArray(skyUnder(clear, sun, index), sun, plane))

/** The index that makes the irradiance of a plane what it is: the inverse of `underClouds`. @param planeWm2  ≥ 0 */
export function indexOfPlane(clear: ClearSky, sun: Sun, plane: Orientation, planeWm2: number): number {
  let [least, most] = [0, mostIndex]
  for (let step = 0; step < halvings; step++) {
    const middle = (least + most) / 2
    if (underClouds(clear, sun, plane, middle) < planeWm2) least = middle
    else most = middle
  }
  return (least + most) / 2
}
