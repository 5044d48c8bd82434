import { clamp, wander, type Draw } from '../draw.ts'
import { sunPosition, type Place, type SunPosition } from '../sky.ts'
import type { DaySky, DayWeather } from './day-weather.ts'

/** Clouds in motion over a plant. */
export interface CloudState {
  /** A broken sky's cloud is before the sun. */
  readonly hidden: boolean
  /** Share of the clear sky's beam that comes through. */
  readonly beamShare: number
  /** Wanders around zero with standard deviation one: how thick an overcast sky is. */
  readonly thickness: number
}

/** Light over the plant at one instant, W/m². */
export interface PlantSky {
  readonly sun: SunPosition
  /** On a plane that faces the sun. */
  readonly beamWm2: number
  /** From the sky, on a horizontal plane. */
  readonly diffuseWm2: number
  readonly ambientC: number
  readonly wind: number
}

/** Mean time that one cloud of a broken sky hides the sun, s. */
const CLOUD_S = 360
/** A cloud's edge passes within this time, s. */
const EDGE_S = 25
const SOLAR_CONSTANT = 1361
const DAY_MS = 86_400_000

export const firstClouds: CloudState = { hidden: false, beamShare: 1, thickness: 0 }

/** Which sky of the day it is at an hour of the civil day. */
export const skyAt = (day: DayWeather, hour: number): DaySky => (hour < day.turnsAtHour ? day.sky : day.laterSky)

/** Clouds `dtS` seconds later. The statistics are the same for every step. */
export function stepClouds(clouds: CloudState, sky: DaySky, day: DayWeather, draw: Draw, dtS: number): CloudState {
  const thickness = wander(clouds.thickness, draw, dtS, 5_400)
  const meanS = clouds.hidden ? CLOUD_S : (CLOUD_S * (1 - day.cloudShare)) / day.cloudShare
  const turns = draw.uniform() < 1 - Math.exp(-dtS / meanS)
  const hidden = turns ? !clouds.hidden : clouds.hidden
  const target = beamTarget(sky, hidden, thickness)
  const beamShare = target + (clouds.beamShare - target) * Math.exp(-dtS / EDGE_S)
  return { hidden, beamShare, thickness }
}

function beamTarget(sky: DaySky, hidden: boolean, thickness: number): number {
  if (sky === 'clear') return 1 - 0.015 * Math.abs(thickness)
  if (sky === 'overcast') return thickness < -1.2 ? 0.15 : 0
  return hidden ? clamp(0.12 - 0.12 * thickness, 0, 0.45) : 1
}

/**
 * Light and air over the plant.
 * Sources: atmosphere and diffuse light, Campbell and Norman (1998) with the air-mass exponent of Meinel (1976); air mass,
 * Kasten and Young (1989).
 * @param at    UTC milliseconds
 * @param hour  of the civil day
 */
export function plantSky(at: number, hour: number, place: Place, day: DayWeather, clouds: CloudState): PlantSky {
  const sun = sunPosition(at, place)
  const sky = skyAt(day, hour)
  const height = Math.sin(sun.elevation)
  const ambientC = day.meanC + day.swingC * Math.cos((2 * Math.PI * (hour - 15)) / 24)
  if (height <= 0) return { sun, beamWm2: 0, diffuseWm2: 0, ambientC, wind: day.wind }
  const elevationDeg = (sun.elevation * 180) / Math.PI
  const airMass = 1 / (height + 0.50572 * (elevationDeg + 6.07995) ** -1.6364)
  const through = day.transmittance ** (airMass ** 0.678)
  const outside = SOLAR_CONSTANT * (1 + 0.033 * Math.cos((2 * Math.PI * at) / DAY_MS / 365.2425))
  const clearBeam = outside * through
  const clearDiffuse = 0.3 * outside * (1 - through) * height
  const beamWm2 = clearBeam * clouds.beamShare
  // what clouds keep of the beam comes from the whole sky instead, less where they are thick
  const scattered = sky === 'overcast' ? clamp(0.24 - 0.1 * clouds.thickness, 0.04, 0.5) : sky === 'broken' ? 0.22 : 0
  const bright = sky === 'broken' ? 1.35 : sky === 'overcast' ? clamp(1 - 0.3 * clouds.thickness, 0.3, 1.5) : 1
  const diffuseWm2 = clearDiffuse * bright + clearBeam * height * (1 - clouds.beamShare) * scattered
  return { sun, beamWm2, diffuseWm2, ambientC, wind: day.wind }
}
