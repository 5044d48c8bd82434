import type { PlantSky } from './plant-sky.ts'

/** A module as it really is, not as the registry has it. */
export interface ModuleTruth {
  /** Power and voltage at the maximum power point under standard test conditions, W and V. */
  readonly ratedW: number
  readonly ratedV: number
  /** Its own current and voltage against its rating: no two modules are the same. */
  readonly currentShare: number
  readonly voltageShare: number
  /** Against the horizontal, and from north over east, radians. */
  readonly tilt: number
  readonly azimuth: number
}

/** Light in the plane of the module, W/m². */
export interface PlaneLight {
  readonly beam: number
  readonly diffuse: number
}

/** What holds a module back, beside light and heat. */
export interface Hindrance {
  /** Share of the light that dirt or snow lets through. */
  readonly clean: number
  /** Substrings of three in an object's shade, where the sun stands behind one. */
  readonly shaded: number
  /** Substrings of three that a shorted bypass diode bridges. */
  readonly bridged: number
  /** What age has left of current and voltage. */
  readonly currentLeft: number
  readonly voltageLeft: number
  /** Most that its electronics let through, W. */
  readonly capW: number
  /** A connection's resistance, Ω. */
  readonly resistance: number
  /** `open`: nobody takes its current; `dead`: nothing comes out of it. */
  readonly contact: 'closed' | 'open' | 'dead'
}

export const unhindered: Hindrance = {
  ...{ clean: 1, shaded: 0, bridged: 0, currentLeft: 1, voltageLeft: 1 },
  ...{ capW: Infinity, resistance: 0, contact: 'closed' },
}

const CURRENT_PER_C = 0.0005
const VOLTAGE_PER_C = -0.004
/** Open-circuit voltage against the voltage at the maximum power point. */
const OPEN_OVER_MPP = 1.2
/** Electronics at the module start above this light, W/m². */
const STARTS_AT_WM2 = 4

/**
 * Light in a plane: beam with the loss of grazing incidence (ASHRAE, b0 = 0.05), isotropic sky, ground with albedo 0.2.
 * @param tilt, azimuth  of the plane, radians
 */
export function planeLight({ sun, beamWm2, diffuseWm2 }: PlantSky, tilt: number, azimuth: number): PlaneLight {
  const height = Math.sin(sun.elevation)
  if (height <= 0) return { beam: 0, diffuse: 0 }
  const cosine = height * Math.cos(tilt) + Math.cos(sun.elevation) * Math.sin(tilt) * Math.cos(sun.azimuth - azimuth)
  const beam = cosine < 0.06 ? 0 : beamWm2 * cosine * Math.max(0, 1 - 0.05 * (1 / cosine - 1))
  const ground = 0.2 * (beamWm2 * height + diffuseWm2)
  return { beam, diffuse: (diffuseWm2 * (1 + Math.cos(tilt)) + ground * (1 - Math.cos(tilt))) / 2 }
}

/** Temperature that the cells tend to, °C. Source: Faiman (2008). */
export const steadyCellC = (lightWm2: number, ambientC: number, wind: number): number =>
  ambientC + lightWm2 / (25 + 6.84 * wind)

/**
 * The point at which the module's own tracker works, V and A: its maximum power point, or higher up the curve where it is
 * capped. A substring in the shade is left out by its bypass diode where that gives more.
 */
export function operatingPoint(
  truth: ModuleTruth,
  light: PlaneLight,
  cellC: number,
  hindrance: Hindrance,
): { volts: number; amperes: number } {
  const { clean, shaded, bridged, currentLeft, voltageLeft, capW, resistance, contact } = hindrance
  const full = (light.beam + light.diffuse) * clean
  const weak = light.diffuse * clean
  if (contact === 'dead' || full < STARTS_AT_WM2) return { volts: 0, amperes: 0 }
  const ampere = (truth.ratedW / truth.ratedV) * truth.currentShare * currentLeft * (1 + CURRENT_PER_C * (cellC - 25))
  const whole = truth.ratedV * truth.voltageShare * voltageLeft * (1 + VOLTAGE_PER_C * (cellC - 25))
  const live = 3 - bridged
  const volts = (share: number, sun: number) => whole * share * (1 + 0.03 * Math.log(sun) + 0.012 * (1 - sun))
  const lit = Math.min(live, 3 - shaded)
  if (contact === 'open') return { volts: volts(live / 3, full / 1000) * OPEN_OVER_MPP, amperes: 0 }
  const bright = { volts: volts(lit / 3, full / 1000), amperes: (ampere * full) / 1000 }
  const all = { volts: volts(live / 3, Math.max(weak, 1) / 1000), amperes: (ampere * weak) / 1000 }
  const best = lit === live || bright.volts * bright.amperes >= all.volts * all.amperes ? bright : all
  return behindConnection(capped(best, capW), resistance)
}

/** Less current than at the maximum power point: the voltage climbs towards the open circuit as the power falls. */
function capped(point: { volts: number; amperes: number }, capW: number): { volts: number; amperes: number } {
  const share = capW / (point.volts * point.amperes)
  if (share >= 1) return point
  const volts = point.volts * (1 + (OPEN_OVER_MPP - 1) * (1 - share) ** 0.6)
  return { volts, amperes: capW / volts }
}

const behindConnection = ({ volts, amperes }: { volts: number; amperes: number }, resistance: number) => ({
  volts: Math.max(0, volts - amperes * resistance),
  amperes,
})
