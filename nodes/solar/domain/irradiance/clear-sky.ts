import type { Sun } from './sun.ts'

/** Irradiance under a sky without clouds, W/m². */
export interface ClearSky {
  /** On a horizontal plane, from the sun and the sky: global. */
  readonly globalWm2: number
  /** On a plane that faces the sun, from the sun alone: beam. */
  readonly beamWm2: number
  /** On a horizontal plane, from the sky alone: diffuse. */
  readonly diffuseWm2: number
}

/** How hazy air without clouds is where nobody measures it: 2 very clear and cold, 3 clear and warm, 4 moist, above 5 polluted. */
const usualTurbidity = 3

const dark: ClearSky = { globalWm2: 0, beamWm2: 0, diffuseWm2: 0 }

/**
 * Irradiance under a sky without clouds, at sea level.
 * Source: Ineichen and Perez, A new airmass independent formulation for the Linke turbidity coefficient, Solar Energy 73 (2002).
 * @param turbidity  Linke's, at an air mass of 2
 */
export function clearSky(
  { elevationDeg, up, extraterrestrialWm2 }: Pick<Sun, 'elevationDeg' | 'up' | 'extraterrestrialWm2'>,
  turbidity: number = usualTurbidity,
): ClearSky {
  if (elevationDeg <= 0) return dark
  return irradianceThrough(airMass(elevationDeg), up, extraterrestrialWm2, turbidity)
}

/** The same of an air mass that is known. @param up  sine of the sun's elevation, above 0 */
export function irradianceThrough(mass: number, up: number, extraterrestrialWm2: number, turbidity: number): ClearSky {
  const globalWm2 = 0.868 * extraterrestrialWm2 * up * Math.exp(-0.0387 * mass * turbidity)
  const beam = 0.827 * extraterrestrialWm2 * Math.exp(-0.09 * mass * (turbidity - 1))
  // At low sun the formula above gives more beam than there is light: what is global bounds it.
  const bound = (globalWm2 * (1 - (0.1 - 0.2 * Math.exp(-turbidity)) / 0.982)) / up
  const beamWm2 = Math.max(0, Math.min(beam, bound))
  return { globalWm2, beamWm2, diffuseWm2: globalWm2 - beamWm2 * up }
}

/**
 * How much more air the light crosses than from the zenith.
 * Source: Kasten and Young, Revised optical air mass tables and approximation formula, Applied Optics 28 (1989).
 * @param elevationDeg  of the sun, 0…90
 */
export function airMass(elevationDeg: number): number {
  return 1 / (Math.sin((elevationDeg * Math.PI) / 180) + 0.50572 * (elevationDeg + 6.07995) ** -1.6364)
}
