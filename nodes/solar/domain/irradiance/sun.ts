import type { Place } from '../plant.ts'

/** Where the sun stands, seen from a place. */
export interface Sun {
  /** Of its centre above the horizon, without refraction, degrees; below 0 at night. */
  readonly elevationDeg: number
  /** Clockwise from north, degrees, 0 ≤ azimuth < 360. */
  readonly azimuthDeg: number
  /** Unit vector towards it. */
  readonly north: number
  readonly east: number
  readonly up: number
  /** Irradiance outside the atmosphere on a plane that faces it, W/m². */
  readonly extraterrestrialWm2: number
}

const dayMs = 86_400_000
/** 2000-01-01 12:00 UTC, UTC milliseconds: from where the formulas count. */
const j2000 = 946_728_000_000
/** Mean irradiance outside the atmosphere at one astronomical unit, W/m² (Kopp and Lean 2011). */
const solarConstantWm2 = 1361
const radians = (degrees: number): number => (degrees * Math.PI) / 180
const degrees = (radians: number): number => (radians * 180) / Math.PI

/**
 * The sun at an instant, to about 0.01° between 1950 and 2050.
 * Source: Michalsky, The Astronomical Almanac's algorithm for approximate solar position, Solar Energy 40 (1988).
 * @param at  UTC milliseconds
 */
export function sunAt(at: number, { latitude, longitude }: Place): Sun {
  const days = (at - j2000) / dayMs
  const anomaly = radians(357.528 + 0.9856003 * days)
  const ecliptic = radians(280.46 + 0.9856474 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly))
  const obliquity = radians(23.439 - 0.0000004 * days)
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic))
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic))
  const siderealDeg = (18.697374558 + 24.06570982441908 * days) * 15
  const hourAngle = radians(siderealDeg + longitude) - rightAscension
  const [sinLatitude, cosLatitude] = [Math.sin(radians(latitude)), Math.cos(radians(latitude))]
  const [sinDeclination, cosDeclination] = [Math.sin(declination), Math.cos(declination)]
  const up = sinLatitude * sinDeclination + cosLatitude * cosDeclination * Math.cos(hourAngle)
  const north = cosLatitude * sinDeclination - sinLatitude * cosDeclination * Math.cos(hourAngle)
  const east = -cosDeclination * Math.sin(hourAngle)
  // Distance from the sun, astronomical units, by the same source.
  const distance = 1.00014 - 0.01671 * Math.cos(anomaly) - 0.00014 * Math.cos(2 * anomaly)
  return {
    elevationDeg: degrees(Math.asin(Math.max(-1, Math.min(1, up)))),
    azimuthDeg: (degrees(Math.atan2(east, north)) + 360) % 360,
    ...{ north, east, up, extraterrestrialWm2: solarConstantWm2 / distance ** 2 },
  }
}
